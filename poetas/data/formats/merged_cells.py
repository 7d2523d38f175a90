"""Cells merged downwards in a sheet: ranges in, their text in every row that they cover."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from itertools import islice

from openpyxl.utils.cell import range_boundaries

from poetas.data.formats.rows import Rows
from poetas.data.pipeline.limits import Limits


class MergedCells:
    """Fills the blank cells of merged ranges; those merged sideways stay blank, they are one text.

    filled: how many cells were. A sheet may declare more ranges than it has cells: filling ends at the limit.

    >>> rows = Rows(Limits()); rows.add(["Fulana", "uno"]); rows.add(["", "dos"])
    >>> merged = MergedCells(Limits()); merged.fill("A1:A2", rows); rows.kept[1], merged.filled
    (['Fulana', 'dos'], 1)
    """

    def __init__(self, limits: Limits) -> None:
        self.filled = 0
        self._left = limits.cells
        self._hidden = Rows(limits)

    def keep(self, row_number: int, cells: Mapping[int, str]) -> None:
        """Keep the cells of a row that is not shown, by their columns: a range may begin in it."""
        if cells:
            self._hidden.add([cells.get(column, "") for column in range(1, max(cells) + 1)], row_number=row_number)

    def fill(self, merged: str, rows: Rows) -> None:
        """Fill the rows of one range that are kept."""
        try:
            column, top, _right, bottom = range_boundaries(merged)
        except ValueError:
            return
        if None in (column, top, bottom) or bottom <= top:
            return
        index = column - 1
        text = _cell(rows, top, index) or _cell(self._hidden, top, index)
        first, end = bisect_left(rows.numbers, top), bisect_left(rows.numbers, bottom + 1)
        for row in islice(rows.kept, first, end) if text else ():
            self._left -= 1
            if self._left < 0:
                return
            if index >= len(row):
                row.extend([""] * (index + 1 - len(row)))
            if not row[index]:
                row[index] = text
                self.filled += 1


def _cell(rows: Rows, row_number: int, index: int) -> str:
    place = bisect_left(rows.numbers, row_number)
    here = place < len(rows.kept) and rows.numbers[place] == row_number and index < len(rows.kept[place])
    return rows.kept[place][index] if here else ""
