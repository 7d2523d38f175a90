"""Cells merged downwards in a sheet: ranges in, their text in every row that they cover."""

from __future__ import annotations

from bisect import bisect_left
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

    def fill(self, merged: str, rows: Rows) -> None:
        """Fill the rows of one range that are kept."""
        try:
            column, top, _right, bottom = range_boundaries(merged)
        except ValueError:
            return
        if None in (column, top, bottom) or bottom <= top:
            return
        first = bisect_left(rows.numbers, top)
        index = column - 1
        if first >= len(rows.kept) or rows.numbers[first] != top or index >= len(rows.kept[first]):
            return
        text = rows.kept[first][index]
        end = bisect_left(rows.numbers, bottom + 1)
        for row in islice(rows.kept, first + 1, end) if text else ():
            self._left -= 1
            if self._left < 0:
                return
            if index >= len(row):
                row.extend([""] * (index + 1 - len(row)))
            if not row[index]:
                row[index] = text
                self.filled += 1
