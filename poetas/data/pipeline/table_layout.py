"""Layout of a table in its file: header row, columns and sheet that were read, and those that could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from poetas.data.formats.base import RawTable
from poetas.util.excerpt import shortened

_ROWS, _LONGEST = 12, 60


@dataclass(frozen=True, slots=True)
class TableLayout:
    """Where a table is in its file.

    header_row: number of the row that gave the names, 0 where none did. header_index: its index among the rows that are
    not blank, -1. positions: index of each column in the file, where empty columns were left out. sheet, sheets: the
    sheet that was read, and those that can be. first_rows: number and beginning of the first rows.
    remade: whether the cells are not the file's own values, so that a plain loader gives others.
    """

    header_row: int = 0
    header_index: int = -1
    positions: tuple[int, ...] = ()
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    first_rows: tuple[tuple[int, str], ...] = ()
    remade: bool = False


def table_layout(raw: RawTable, header_index: int | None, positions: Sequence[int]) -> TableLayout:
    """The layout of a raw table. header_index: of its rows; None where no row gave the names."""
    if raw.columns is not None:
        return TableLayout(positions=tuple(positions), remade=raw.remade)
    numbers = raw.numbers or range(1, len(raw.rows) + 1)
    rows = ((" · ".join(filter(None, map(str.strip, row))), n) for row, n in zip(raw.rows, numbers, strict=False))
    return TableLayout(
        header_row=0 if header_index is None else numbers[header_index],
        header_index=-1 if header_index is None else header_index,
        positions=tuple(positions),
        sheet=raw.sheet,
        sheets=raw.sheets,
        first_rows=tuple((n, shortened(words, _LONGEST)) for words, n in islice(rows, _ROWS) if words),
    )
