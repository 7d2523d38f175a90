"""Walk through an OpenDocument text: its XML in, paragraphs, tables and what is left out gathered."""

from __future__ import annotations

import re
from typing import Any

from poetas.data.formats.documents.document_text import DocumentTable, DocumentText
from poetas.data.formats.documents.line_looks import FirstLine, Look
from poetas.data.formats.documents.odt_styles import LETTERS, OdtStyles
from poetas.data.formats.running_text import Line
from poetas.data.pipeline.limits import Limits

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _TABLE, _OFFICE = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}office:1.0}}"
_DRAW = f"{{{_NAMES}drawing:1.0}}"
_SVG = f"{{{_NAMES}svg-compatible:1.0}}"
_PARAGRAPH, _HEADING, _SPAN = f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}span"
_STYLE_NAME = f"{_TEXT}style-name"
_ROW, _CELL, _COVERED = f"{_TABLE}table-row", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"
_ROWS = {f"{_TABLE}{name}" for name in ("table-rows", "table-header-rows", "table-row-group")}
_LIST_ITEM = f"{_TEXT}list-item"
_CHANGES = f"{_TEXT}tracked-changes"
_SIGNS = {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}
_SPACES = f"{_TEXT}s"  # an element for any number of blanks
_MOST_SPACES, _MOST_SPACES_IN_ALL = 1_000, 2_000_000
_BLANKS = re.compile(r"[ \t\n\r]+")
_INDEXES = {
    f"{_TEXT}{name}"
    for name in (
        "table-of-content", "alphabetical-index", "illustration-index", "table-index", "object-index", "user-index",
    )
}  # fmt: skip
_NOT_WRITTEN = {  # what belongs to a drawing or a list, and is not text
    f"{_SVG}title", f"{_SVG}desc", f"{_TEXT}ruby-text", f"{_TEXT}number", f"{_OFFICE}forms",
    f"{_TEXT}sequence-decls", f"{_TEXT}variable-decls", f"{_TEXT}user-field-decls",
}  # fmt: skip
_BOX, _COMMENT = f"{_DRAW}text-box", f"{_OFFICE}annotation"
_DRAWN = {
    f"{_DRAW}{name}"
    for name in ("frame", "custom-shape", "rect", "ellipse", "circle", "line", "polygon", "path", "caption", "g", "a")
}
_EMBEDDED = {f"{_DRAW}object", f"{_DRAW}object-ole"}


class OdtBody:
    """Gathers what a document holds, as if its tracked changes were accepted: what was deleted stands apart in ODT."""

    def __init__(self, styles: OdtStyles, document: DocumentText, limits: Limits) -> None:
        self._styles, self._document, self._limits = styles, document, limits
        self._omissions = document.omissions
        self._blanks = 0
        self._first_line = FirstLine()

    def blocks(self, parent: Any) -> None:
        """Gather all blocks in an element."""
        for block in parent:
            tag = block.tag
            if tag in {_PARAGRAPH, _HEADING}:
                self._paragraph(block)
            elif tag == f"{_TABLE}table":
                self._rows(block, self._document.table(), {})
            elif tag == _CHANGES:
                self._omissions.add("insertion", count=sum(1 for _change in block.iter(f"{_TEXT}insertion")))
                self._omissions.add("deletion", count=sum(1 for _change in block.iter(f"{_TEXT}deletion")))
            elif tag in _INDEXES:
                entries = sum(1 for _entry in block.iter(_PARAGRAPH))
                self._omissions.add("contents-entry", count=entries)
            elif tag in _DRAWN:
                self._boxes([block])
            elif tag == _COMMENT:
                self._omissions.add("comment")
            elif isinstance(tag, str) and tag not in _NOT_WRITTEN:
                self._omissions.add("list-mark", count=tag == _LIST_ITEM)
                self.blocks(block)

    def _paragraph(self, paragraph: Any) -> None:
        name = paragraph.get(_STYLE_NAME, "")
        style, page_after = self._styles.of(name)
        parts: list[str] = []
        boxes: list[Any] = []
        self._inline(paragraph, parts, boxes, self._styles.look(name))
        look = self._first_line.take()
        parts[0] = parts[0].lstrip(" ")  # blanks that count are elements
        text = "".join(parts)
        if style.page:
            self._document.page()
        if style.contents:
            self._omissions.add("contents-entry", count=bool(text.strip()))
        elif text.strip() or not boxes:
            heading = style.heading or paragraph.tag == _HEADING
            self._document.paragraph(text, heading=heading, look=look, columns=style.columns)
        if boxes:
            if text.strip():
                self._document.gap()
            self._boxes(boxes)
        if page_after:
            self._document.page()

    def _inline(self, element: Any, parts: list[str], boxes: list[Any], look: Look) -> None:
        self._write(_joined(element.text), parts, look)
        for child in element:
            tag = child.tag
            if tag in _SIGNS:
                self._write(_SIGNS[tag], parts, look)
            elif tag == _SPACES:
                parts.append(self._spaces(_times(child.get(f"{_TEXT}c"))))
            elif tag == f"{_TEXT}note":
                self._omissions.add("note")
            elif tag == _COMMENT:
                self._omissions.add("comment")
            elif tag in _DRAWN:
                boxes.append(child)
            elif tag == _SPAN:
                self._inline(child, parts, boxes, self._styles.look(child.get(_STYLE_NAME, ""), look, LETTERS))
            elif isinstance(tag, str) and tag not in _NOT_WRITTEN:
                self._inline(child, parts, boxes, look)
            self._write(_joined(child.tail), parts, look)

    def _write(self, text: str, parts: list[str], look: Look) -> None:
        parts.append(text)
        if text:
            self._first_line.add(text, look)

    def _spaces(self, count: int) -> str:
        count = min(count, _MOST_SPACES if self._blanks < _MOST_SPACES_IN_ALL else 1)
        self._blanks += count
        return " " * count

    def _boxes(self, frames: list[Any]) -> None:
        for frame in frames:
            if frame.tag == f"{_DRAW}frame":
                boxes = [child for child in frame if child.tag == _BOX]
                self._omissions.add("embedded-part", count=not boxes and any(child.tag in _EMBEDDED for child in frame))
                inner = [child for child in frame if child.tag == f"{_DRAW}frame"]
            elif frame.tag in {f"{_DRAW}g", f"{_DRAW}a"}:
                boxes, inner = [], [child for child in frame if child.tag in _DRAWN]
            else:
                boxes, inner = [frame], []
            for box in boxes:
                self.blocks(box)
                self._document.gap()
            self._boxes(inner)

    def _rows(self, parent: Any, table: DocumentTable, above: dict[int, tuple[str, int]]) -> None:
        for row in parent:
            if row.tag in _ROWS:
                self._rows(row, table, above)
            elif row.tag == _ROW:
                texts: list[str] = []
                lines: list[Line] = []
                if not table.rows.full:
                    for cell in row:
                        self._cell(cell, texts, lines, above)
                table.add(texts, lines, times=_times(row.get(f"{_TABLE}number-rows-repeated")))

    def _cell(self, cell: Any, texts: list[str], lines: list[Line], above: dict[int, tuple[str, int]]) -> None:
        """A cell merged to the side appears once, one merged downward in each row that it covers."""
        column, room = len(texts), self._limits.columns + 1 - len(texts)
        if cell.tag == _COVERED and column in above:
            text, rows = above.pop(column)
            self._omissions.add("merged-cell", count=bool(text))
            if rows > 1:
                above[column] = (text, rows - 1)
        elif cell.tag in {_CELL, _COVERED}:
            outer, self._document = self._document, DocumentText(self._limits, self._omissions)
            self.blocks(cell)
            inner, self._document = self._document, outer
            lines += inner.flat()
            text, rows = inner.cell(), _times(cell.get(f"{_TABLE}number-rows-spanned"))
            if rows > 1:
                above[column] = (text, rows - 1)
        else:
            return
        texts += [text] * min(_times(cell.get(f"{_TABLE}number-columns-repeated")), max(1, room))


def _joined(text: str | None) -> str:
    return _BLANKS.sub(" ", text) if text else ""


def _times(count: str | None) -> int:
    return int(count[:6]) if count and count.isascii() and count.isdigit() else 1
