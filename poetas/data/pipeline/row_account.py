"""Account of every row: a reading and the applied steps in; each row as used, changed or left out, and why, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from poetas.data.dataset_schema import SUMMARY, TEXT
from poetas.data.formats.base import LeftOut
from poetas.data.pipeline.reading import Reading
from poetas.data.pipeline.steps import AppliedStep, normalise
from poetas.i18n import _, number

# Step that drops rows: stable reason code. Another step's reason is its own name.
REASONS: Mapping[str, str] = {
    "drop-lost": "letters-lost",
    "drop-long-summaries": "long-summary",
    "drop-outliers": "odd-length",
    "drop-other-language": "other-language",
    "drop-invented": "invented-facts",
    "drop-other-summaries": "other-summary",
    "drop-duplicates": "duplicate",
    "drop-near": "near-duplicate",
}
NO_TEXT, NO_SUMMARY, EMPTIED = "no-text", "no-summary", "emptied"


class Outcome(StrEnum):
    """What becomes of a row."""

    USED = "used"
    CHANGED = "changed"
    LEFT_OUT = "left-out"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One row of a file.

    where: its place in the learner's words. outcome: what became of it. codes: the steps that changed it, or the one
    reason why it was left out. rows: how many rows it is; 0 for a part of the file that is none. text, summary: as
    they are used; of a row that was left out, as they are in the file.
    """

    where: str
    outcome: Outcome
    codes: tuple[str, ...] = ()
    rows: int = 1
    text: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True)
class RowAccount:
    """What became of the rows of a file.

    source: the chosen columns as they were read. clean: as they are used. changes: the steps that changed a row that is
    used. reasons: why a row was left out; both by its index in ``source``. parts: what the reader left out.
    """

    source: pd.DataFrame
    clean: pd.DataFrame
    row_number: Callable[[int], int]
    changes: Mapping[int, tuple[str, ...]]
    reasons: Mapping[int, str]
    parts: tuple[LeftOut, ...]

    def __len__(self) -> int:
        """How many rows the file has."""
        return len(self.source) + sum(part.rows for part in self.parts)

    def counts(self) -> dict[str, Any]:
        """Counts for ``dataset.json``: rows is the sum of used, changed and left_out."""
        reasons = Counter(self.reasons.values())
        for part in self.parts:
            reasons[part.code] += part.rows
        return {
            "rows": len(self),
            "used": len(self.source) - len(self.reasons) - len(self.changes),
            "changed": len(self.changes),
            "left_out": reasons.total(),
            "reasons": {code: count for code, count in sorted(reasons.items()) if count},
            "changes": dict(sorted(Counter(code for codes in self.changes.values() for code in codes).items())),
        }

    def rows(self) -> Iterator[AccountRow]:
        """Every row in the file's order; after them the parts that the reader left out."""
        used = dict(zip(self.clean.index.tolist(), self.clean.to_dict("records"), strict=True))
        for index, row in enumerate(self.source.to_dict("records")):
            reason, changes = self.reasons.get(index), self.changes.get(index, ())
            outcome = Outcome.LEFT_OUT if reason else Outcome.CHANGED if changes else Outcome.USED
            cells = row if reason else used.get(index, row)
            place = _("fila {n}").format(n=number(self.row_number(index)))
            codes = (reason,) if reason else changes
            yield AccountRow(place, outcome, codes, 1, str(cells[TEXT]), str(cells.get(SUMMARY, "")))
        for part in self.parts:
            yield AccountRow(part.where, Outcome.LEFT_OUT, (part.code,), part.rows)


def account_rows(
    reading: Reading, source: pd.DataFrame, clean: pd.DataFrame, applied: Sequence[AppliedStep]
) -> RowAccount:
    """Account for the rows of a file.

    source: the chosen columns of the reading. clean: what the steps made of them.

    >>> from poetas.data.pipeline.steps import DEFAULT, apply
    >>> source = pd.DataFrame({"text": ["Sol  y luna", "", "Sol y luna"]}, dtype="str")
    >>> account = account_rows(Reading(source, "txt", "", "", ""), source, *apply(source, DEFAULT))
    >>> [(str(row.outcome), row.codes) for row in account.rows()]
    [('changed', ('normalise',)), ('left-out', ('no-text',)), ('left-out', ('duplicate',))]
    """
    changes: dict[int, tuple[str, ...]] = {}
    reasons: dict[int, str] = {}
    for step in applied:
        for row in step.rows_changed:
            changes[row] = (*changes.get(row, ()), step.step.name)
        for row in step.rows_dropped:
            reasons[row] = _reason(step, source, row)
            changes.pop(row, None)
    return RowAccount(source, clean, reading.row_number, changes, reasons, reading.left_out)


def _reason(applied: AppliedStep, source: pd.DataFrame, row: int) -> str:
    name = applied.step.name
    if name == "drop-empty":
        empty = [column for column in source.columns if not normalise(str(source.at[row, column]))]
        return EMPTIED if not empty else NO_TEXT if TEXT in empty else NO_SUMMARY
    return REASONS.get(name, name)
