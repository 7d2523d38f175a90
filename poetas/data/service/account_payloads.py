"""Answers of the preparation service about the account of rows: counts, reasons, some rows, and a file of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from poetas.data.pipeline.account_words import change_words, reason_words
from poetas.data.pipeline.row_account import AccountRow, Outcome, RowAccount
from poetas.data.storage.spreadsheet_export import Cell, write_spreadsheet
from poetas.i18n import _
from poetas.util.excerpt import shortened

_PLAIN = str.maketrans("áàâäãéèêëíìîïóòôöõúùûüñç", "aaaaaeeeeiiiiooooouuuunc")  # decomposing takes ten times as long
MOST, LONG = 50, 160  # rows of one answer, and characters of a cell in it


def account(
    made: RowAccount, rows: Sequence[AccountRow], first: int, count: int, only: str, query: str
) -> dict[str, Any]:
    """What became of the rows, and ``count`` of those that fit. only: an outcome, or the code of a reason or change."""
    counts = made.counts()
    by_outcome = ((Outcome.CHANGED, "changes", change_words), (Outcome.LEFT_OUT, "reasons", reason_words))
    fits = _fits(only, query)
    fitting = [row for row in rows if fits(row)] if only or query else rows
    total = len(fitting)
    first = max(0, min(first, total - 1))
    shown = fitting[first : first + max(0, min(count, MOST))]
    return {
        "counts": {name: counts[name] for name in ("rows", "used", "changed", "left_out")},
        "reasons": [
            {"code": code, "outcome": str(outcome), "words": words(code), "count": number}
            for outcome, name, words in by_outcome
            for code, number in sorted(counts[name].items(), key=lambda item: -item[1])
        ],
        "first": first,
        "total": total,
        "rows": [
            {
                "where": row.where,
                "outcome": str(row.outcome),
                "words": in_words(row),
                "text": shortened(row.text, LONG),
                "summary": shortened(row.summary, LONG),
            }
            for row in shown
        ],
    }


def in_words(row: AccountRow) -> str:
    """How a row was changed, or why it was left out; "" where it is used as it is."""
    words = reason_words if row.outcome is Outcome.LEFT_OUT else change_words
    return ", ".join(map(words, row.codes))


def write_account(rows: Sequence[AccountRow], target: Path) -> Path:
    """Write every row with what became of it, as CSV or XLSX by the suffix. Raises KeyError, OSError."""
    outcomes = {Outcome.USED: _("usada"), Outcome.CHANGED: _("cambiada"), Outcome.LEFT_OUT: _("afuera")}
    columns = [_("dónde"), _("qué pasó"), _("cómo o por qué"), _("código"), _("filas"), _("texto"), _("resumen")]
    table: list[list[Cell]] = [
        [row.where, outcomes[row.outcome], in_words(row), " ".join(row.codes), row.rows, row.text, row.summary]
        for row in rows
    ]
    return write_spreadsheet(target, columns, table)


def _fits(only: str, query: str) -> Callable[[AccountRow], bool]:
    needle = _plain(query)

    def fits(row: AccountRow) -> bool:
        if only and only != row.outcome and only not in row.codes:
            return False
        return not needle or any(needle in _plain(cell) for cell in (row.where, row.text, row.summary, in_words(row)))

    return fits


def _plain(text: str) -> str:
    return text.casefold().translate(_PLAIN)
