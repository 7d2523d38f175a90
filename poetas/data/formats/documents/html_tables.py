"""Tables of an HTML page: starts and ends of rows and cells in, a table of a document out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from poetas.data.formats.documents.document_text import DocumentTable, DocumentText
from poetas.data.formats.documents.html_tags import span
from poetas.data.formats.running_text import Line

CELLS = {"td", "th"}


@dataclass(slots=True)
class _Open:
    """A table that is being read. above: cells that reach down into the next rows, by column."""

    table: DocumentTable
    outer: DocumentText
    cells: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    above: dict[int, tuple[str, int]] = field(default_factory=dict)
    spans: tuple[int, int] = (1, 1)
    in_cell: bool = False


class HtmlTables:
    """The tables of a page; one may stand in a cell of another.

    document: what paragraphs are to be added to, the page's or the open cell's.
    """

    def __init__(self, document: DocumentText) -> None:
        self.document = document
        self._open: list[_Open] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._open.append(_Open(self.document.table(), self.document))
        elif self._open and tag in CELLS:
            self._end_cell()
            table = self._open[-1]
            table.spans = (span(attributes, "colspan"), span(attributes, "rowspan")) if attributes else (1, 1)
            table.in_cell = True
            self.document = DocumentText(self.document.limits, self.document.omissions)
        elif self._open and tag == "tr":
            self._end_row()

    def end(self, tag: str) -> None:
        """End a table, a row or a cell."""
        if not self._open:
            return
        if tag in CELLS:
            self._end_cell()
        elif tag in {"tr", "table"}:
            self._end_row()
            if tag == "table":
                self._open.pop()

    def close(self) -> None:
        """End all tables."""
        while self._open:
            self.end("table")

    def _end_cell(self) -> None:
        """Keep the cell: its text once in a row, and in each row that it covers."""
        table = self._open[-1]
        if not table.in_cell:
            return
        cell, self.document, table.in_cell = self.document, table.outer, False
        _reach_down(table)
        most = self.document.limits.columns + 1  # one beyond the limit is enough to see that the table is too wide
        columns, rows = table.spans
        first = len(table.cells)
        texts = [cell.cell().strip("\n"), *[""] * (min(columns, most - first) - 1)]
        if rows > 1:
            table.above |= {first + offset: (text, rows - 1) for offset, text in enumerate(texts)}
        table.cells += texts
        table.lines += cell.flat()

    def _end_row(self) -> None:
        self._end_cell()
        table = self._open[-1]
        if table.cells:
            _reach_down(table)
            table.table.add(table.cells, table.lines)
        table.cells, table.lines = [], []


def _reach_down(table: _Open) -> None:
    while (column := len(table.cells)) in table.above:
        text, rows = table.above.pop(column)
        table.outer.omissions.add("merged-cell", count=bool(text))
        if rows > 1:
            table.above[column] = (text, rows - 1)
        table.cells.append(text)
