"""Row buffer of a reader, bounded by the limits: rows beyond them are counted, not kept."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from poetas.data.pipeline.limits import Limits

_MOST_BEYOND = 100_000  # columns that are counted


class Rows:
    """A table that stops growing at the limits.

    kept: the rows, one more than the limit (the first may be a header), each no wider than the limit. numbers: the row
    number of each in the file. left: how many rows came afterwards; None: an unknown number. wide: how many columns
    there are beyond the last that is kept, to the last with a cell that is not empty. characters: how many are kept.
    A cell keeps one character above the limit, so that `clean_table` sees the cut.

    >>> rows = Rows(Limits(rows=1, columns=2))
    >>> for row in ("abc", "de", "fg"): rows.add(row)
    >>> rows.kept, rows.left, rows.wide
    ([['a', 'b'], ['d', 'e']], 1, 1)
    """

    def __init__(self, limits: Limits) -> None:
        self.kept: list[list[str]] = []
        self.numbers: list[int] = []
        self.left: int | None = 0
        self.wide = 0
        self.characters = 0
        self._cells = 0
        self._limits = limits

    @property
    def full(self) -> bool:
        """Whether no more rows are kept."""
        limits = self._limits
        # A table with too many characters is refused by `clean_table`; here it only stops growing.
        return len(self.kept) > limits.rows or self._cells >= limits.cells or self.characters > limits.characters

    def add(self, cells: Iterable[str], *, times: int = 1, row_number: int = 0) -> None:
        """Keep a row, or count it. ``cells`` may be an endless iterator: no more are read than are needed.

        row_number: in the file; 0: the next.
        """
        if not self.full:
            following = iter(cells)
            most = self._limits.cell_characters + 1
            row = [cell if len(cell) <= most else cell[:most] for cell in islice(following, self._limits.columns)]
            for place, cell in enumerate(islice(following, _MOST_BEYOND), start=1):
                if cell and place > self.wide:
                    self.wide = place
            characters = sum(map(len, row))
            while times and not self.full:
                self.kept.append(list(row))
                self.numbers.append(row_number or (self.numbers[-1] + 1 if self.numbers else 1))
                row_number = 0
                self._cells += max(1, len(row))
                self.characters += characters
                times -= 1
        if self.left is not None:
            self.left += times
