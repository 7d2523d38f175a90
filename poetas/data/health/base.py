"""Types that all health checks share: what a check looks for, what it found, and the pipeline steps that repair it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import pandas as pd

from poetas.data.pipeline.steps import PipelineStep
from poetas.i18n import number

EXAMPLES = 3
AROUND = 60  # characters shown on either side of what was found
Words: TypeAlias = Callable[[], str]
Counted: TypeAlias = Callable[[int], str]  # a phrase with {n}, in the plural form for a count


class Light(StrEnum):
    """Traffic light of a check."""

    HEALTHY = "healthy"
    LOOK = "look"
    REPAIR = "repair"


@dataclass(frozen=True, slots=True)
class HealthExample:
    """One of the rows found. row: counted from 1 in the file. before, after: excerpts; after is "" where it is lost."""

    row: int
    before: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check found. count: rows or texts. examples: the first of them."""

    count: int = 0
    examples: tuple[HealthExample, ...] = ()


@dataclass(frozen=True, slots=True)
class HealthCheck:
    """A check of a table with the columns ``text`` and, for summaries, ``summary``.

    code: stable identifier. light: of a table where something is found. healthy: what is said where nothing is found.
    problem, repaired: the sentences with {n}, before and after the repair. advice: why it matters. button, undo: what
    switches the repair. steps: the repair, () where there is none. find: counts; None counts the rows that the steps
    change or drop. on: whether it is repaired unless the learner undoes it. fixed: whether she cannot. summary: whether
    it needs summaries. by_row: whether its one step looks at each row alone: then only new rows are looked at again.
    """

    code: str
    light: Light
    healthy: Words
    problem: Counted
    advice: Words = str
    repaired: Counted | None = None
    button: Words = str
    undo: Words = str
    steps: tuple[PipelineStep, ...] = ()
    find: Callable[[pd.DataFrame], Evidence] | None = None
    on: bool = False
    fixed: bool = False
    summary: bool = False
    by_row: bool = False

    def applies(self, table: pd.DataFrame) -> bool:
        """Whether the check is about tables like this one."""
        return not self.summary or "summary" in table.columns

    def sentence(self, count: int, *, repaired: bool) -> str:
        """What the learner reads."""
        phrase = self.repaired if repaired and self.repaired is not None else self.problem
        return phrase(count).format(n=number(count))


def changes(before: pd.DataFrame, after: pd.DataFrame) -> Evidence:
    """The rows that a step dropped or changed, as evidence."""
    if before is after:
        return Evidence()
    dropped = before.index.difference(after.index, sort=True)
    changed = after.index[before.loc[after.index].ne(after).any(axis=1)]
    examples = [HealthExample(int(row) + 1, words_around(_cells(before, row))) for row in dropped[:EXAMPLES]]
    for row in changed[: EXAMPLES - len(examples)]:
        name = next(name for name in after.columns if str(before.at[row, name]) != str(after.at[row, name]))
        examples.append(example_of_change(int(row), str(before.at[row, name]), str(after.at[row, name])))
    return Evidence(len(dropped) + len(changed), tuple(examples))


def _cells(table: pd.DataFrame, row: int) -> str:
    return " / ".join(str(table.at[row, name]) for name in table.columns)


def example_of_change(row: int, before: str, after: str) -> HealthExample:
    """Show where two versions of a cell begin to differ.

    >>> example_of_change(0, "hola, caÃ±a", "hola, caña")
    HealthExample(row=1, before='hola, caÃ±a', after='hola, caña')
    """
    shorter = min(len(before), len(after))
    first = next((index for index in range(shorter) if before[index] != after[index]), shorter)
    return HealthExample(row + 1, words_around(before, first), words_around(after, first))


def words_around(text: str, place: int = 0) -> str:
    """Some words around a place of a text, on one line.

    >>> words_around("El río creció."), len(words_around("a" * 500, 250))
    ('El río creció.', 122)
    """
    start, end = max(0, place - AROUND), place + AROUND
    words = " ".join(text[start:end].split())
    return ("…" if start else "") + words + ("…" if end < len(text) else "")


def keep_rows(table: pd.DataFrame, keep: list[bool]) -> pd.DataFrame:
    """The rows marked True; the table itself where all are."""
    return table if all(keep) else table[keep]


Repairs: TypeAlias = Mapping[str, bool]
