r"""Tables of an RTF document: ends of cells and rows in, tables of a document out."""

from __future__ import annotations

from poetas.data.formats.documents.document_text import DocumentTable, DocumentText
from poetas.data.formats.running_text import Line


class RtfTables:
    """Gathers cells and rows; a table ends with the first paragraph outside of it."""

    def __init__(self, document: DocumentText) -> None:
        self._document = document
        self._table: DocumentTable | None = None
        self._cell: DocumentText | None = None
        self._cells: list[str] = []
        self._lines: list[Line] = []
        self._above: list[str] = []
        self._merged: list[bool] = []  # of the columns of the row: whether a cell goes on from the row above
        self._goes_on = False

    def cell(self) -> DocumentText:
        """The text of the cell that is being read."""
        if self._cell is None:
            self._cell = DocumentText(self._document.limits, self._document.omissions)
        return self._cell

    def define(self, word: str) -> None:
        """Read a definition of the row's columns."""
        if word == "trowd":
            self._merged, self._goes_on = [], False
        elif word == "clvmrg":
            self._goes_on = True
        elif word == "cellx":
            if len(self._merged) <= self._document.limits.columns:
                self._merged.append(self._goes_on)
            self._goes_on = False

    def end_cell(self) -> None:
        """End a cell."""
        cell, self._cell = self.cell(), None
        self._cells.append(cell.cell())
        self._lines += cell.flat()

    def end_row(self) -> None:
        """End a row; a cell merged downward stands in each row that it covers."""
        if self._cell is not None:
            self.end_cell()
        if self._cells:
            for column, goes_on in enumerate(self._merged):
                if goes_on and column < min(len(self._cells), len(self._above)):
                    self._cells[column] = self._above[column]
                    self._document.omissions.add("merged-cell", count=bool(self._above[column]))
            if self._table is None:
                self._table = self._document.table()
            self._table.add(self._cells, self._lines)
            self._above = self._cells
        self._cells, self._lines = [], []

    def end_table(self) -> None:
        """End a table where a paragraph stands outside of it."""
        if self._table is not None or self._cells or self._cell is not None:
            self.end_row()
            self._table, self._above = None, []
