"""Registry of the cleaning steps before the split: named, with parameters, so that a record says what was done.

A step takes and returns a table with the columns ``text`` and, for summaries, ``summary``; the index is the row in the
source file. To add one: write the function and a line in `STEPS`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pandas as pd

from poetas.data.pipeline.near_duplicates import TOGETHER, near_pairs, repeated
from poetas.i18n import _, ngettext, number
from poetas.util.text_normalize import letters_only

SHOWN = 5
NEAR = 0.95
STEP = 2  # columns: a single blank before a line is a slip
_BLANKS = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r"\n{3,}")
Action: TypeAlias = Callable[..., pd.DataFrame]


@dataclass(frozen=True, slots=True)
class PipelineStep:
    """A step's name and its parameters."""

    name: str
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AppliedStep:
    """The result of a step.

    before, after: rows. changed: kept rows with another text. dropped: the first dropped rows of the source.
    """

    step: PipelineStep
    before: int
    after: int
    changed: int
    dropped: tuple[int, ...]

    @property
    def changed_rows(self) -> bool:
        """Whether any row was dropped or got another text."""
        return bool(self.changed) or self.before > self.after

    @property
    def sentence(self) -> str:
        """What the learner reads."""
        lost = self.before - self.after
        phrase = {
            "normalise": ngettext("Emprolijé {n} fila.", "Emprolijé {n} filas.", self.changed),
            "drop-empty": ngettext("Saqué {n} fila incompleta.", "Saqué {n} filas incompletas.", lost),
            "drop-duplicates": ngettext("Saqué {n} fila repetida.", "Saqué {n} filas repetidas.", lost),
            "drop-near": ngettext("Saqué {n} fila casi repetida.", "Saqué {n} filas casi repetidas.", lost),
        }.get(self.step.name, _("Apliqué «{name}».").format(name=self.step.name))
        return phrase.format(n=number(self.changed if self.step.name == "normalise" else lost))

    def as_dict(self) -> dict[str, Any]:
        """The line of ``dataset.json``."""
        return {
            "step": self.step.name,
            "parameters": dict(self.step.parameters),
            "before": self.before,
            "after": self.after,
            "changed": self.changed,
            "dropped": list(self.dropped),
        }


DEFAULT = (
    PipelineStep("normalise"),
    PipelineStep("drop-empty"),
    PipelineStep("drop-duplicates"),
    PipelineStep("drop-near", {"alike": NEAR}),
)


def normalise(text: str) -> str:
    r"""Compose accents (NFC), make blanks single and remove those at the ends of lines; line breaks are kept.

    So is the indentation of lines that step to the right of the others: they are verse, or a table of its own making.

    >>> normalise("  El  cafe\u0301 \n\n\n\n se  enfría ")
    'El café\n\nse enfría'
    >>> normalise("cae  la tarde\n    sobre el río")
    'cae la tarde\n    sobre el río'
    """
    lines = unicodedata.normalize("NFC", text).split("\n")
    steps = _indentations(lines) if len(lines) > 1 else [0]
    written = (" " * step + _BLANKS.sub(" ", line).strip() for step, line in zip(steps, lines, strict=True))
    return _MANY_LINES.sub("\n\n", "\n".join(line.rstrip() for line in written)).strip("\n")


def _indentations(lines: Sequence[str]) -> list[int]:
    """Columns to keep before each line: those beyond the margin of the text, 0 where no line has two of them."""
    columns = [len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip()) if line.strip() else -1 for line in lines]
    margin = min((column for column in columns if column >= 0), default=0)
    steps = [max(0, column - margin) for column in columns]
    return steps if max(steps) >= STEP else [0] * len(steps)


def _normalise(table: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({name: table[name].map(normalise) for name in table.columns}, index=table.index, dtype="str")


def _drop_empty(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table != "").all(axis=1)]


def _drop_duplicates(table: pd.DataFrame) -> pd.DataFrame:
    """Of rows with the same text keep the first: one text with two summaries could be in two splits."""
    return table[~table["text"].duplicated()]


def _drop_near(table: pd.DataFrame, *, alike: float) -> pd.DataFrame:
    texts = list(table["text"])
    # Short verses that differ in one word are different texts: only those with the same letters are duplicates.
    pairs = near_pairs(texts, alike=min(alike, TOGETHER), contained=TOGETHER)
    short = [len(text) < _SHORT for text in texts]
    bare = [letters_only(text) if is_short else "" for text, is_short in zip(texts, short, strict=True)]
    keep = [
        not (short[first] or short[second]) or bare[first] == bare[second] != ""
        for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)
    ]
    lost = set(repeated(len(texts), pairs.where(keep), alike))
    return table[[index not in lost for index in range(len(texts))]]


_SHORT = 60
STEPS: Mapping[str, Action] = {
    "normalise": _normalise,
    "drop-empty": _drop_empty,
    "drop-duplicates": _drop_duplicates,
    "drop-near": _drop_near,
}


def apply(table: pd.DataFrame, steps: Sequence[PipelineStep]) -> tuple[pd.DataFrame, tuple[AppliedStep, ...]]:
    """Apply steps in order to a copy of the table. Raises KeyError for an unknown step.

    >>> clean, applied = apply(pd.DataFrame({"text": ["Sol  y luna", "", "Sol y luna"]}), DEFAULT)
    >>> clean["text"].tolist(), [result.after for result in applied]
    (['Sol y luna'], [3, 2, 1, 1])
    """
    applied: list[AppliedStep] = []
    for step in steps:
        after = STEPS[step.name](table, **step.parameters)
        before = table.loc[after.index]
        changed = int((before != after).any(axis=1).sum())
        dropped = table.index.difference(after.index, sort=True)[:SHOWN]
        applied.append(AppliedStep(step, len(table), len(after), changed, tuple(int(row) for row in dropped)))
        table = after
    return table, tuple(applied)
