"""What a page has done with one file so far: a state that is replaced, never changed, so that undo is going back."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from poetas.data.dataset_schema import TEXT
from poetas.data.pipeline.mapping import ColumnGuess, ColumnMapping, guess
from poetas.data.pipeline.pipeline import select
from poetas.data.pipeline.pipeline_errors import NothingRead
from poetas.data.pipeline.reading import Reading, read_file
from poetas.data.pipeline.steps import DEFAULT, Applied, apply
from poetas.data.pipeline.validation import Finding, check

REMEMBERED = 10
_WORK, _PAST = "work", "past"


@dataclass(frozen=True, slots=True)
class Mapped:
    """The chosen columns, the clean texts in them (index: row of the file), and what cleaning did."""

    mapping: ColumnMapping
    table: pd.DataFrame
    findings: tuple[Finding, ...]
    applied: tuple[Applied, ...]

    @property
    def texts(self) -> list[str]:
        """The texts, in order."""
        return list(self.table[TEXT])


@dataclass(frozen=True, slots=True)
class Work:
    """A file, what was guessed about it, and, once chosen, its columns."""

    reading: Reading
    guess: ColumnGuess
    mapped: Mapped | None = None


def begin(path: Path, hints: dict[str, Any]) -> Work:
    """Read a file. Raises DataError."""
    reading = read_file(path, **hints)
    return Work(reading, guess(reading.table))


def choose(work: Work, mapping: ColumnMapping) -> Work:
    """Choose columns and clean their texts. Raises WrongColumn."""
    findings = check(work.reading.table, mapping)
    table, applied = apply(select(work.reading.table, mapping), DEFAULT)
    return replace(work, mapped=Mapped(mapping, table, findings, applied))


def put(session: MutableMapping[str, Any], work: Work) -> None:
    """Make ``work`` the present state; the one before can be gone back to."""
    if _WORK in session:
        session[_PAST] = [*session.get(_PAST, []), session[_WORK]][-REMEMBERED:]
    session[_WORK] = work


def go_back(session: MutableMapping[str, Any]) -> bool:
    """Go back to the state before; False where there is none."""
    past = list(session.get(_PAST, []))
    if not past:
        return False
    session[_WORK] = past.pop()
    session[_PAST] = past
    return True


def present(session: MutableMapping[str, Any]) -> Work:
    """The present state. Raises NothingRead."""
    if _WORK not in session:
        raise NothingRead
    work: Work = session[_WORK]
    return work


def mapped(session: MutableMapping[str, Any]) -> tuple[Work, Mapped]:
    """The present state with its columns. Raises NothingRead."""
    work = present(session)
    if work.mapped is None:
        raise NothingRead(mapped=True)
    return work, work.mapped
