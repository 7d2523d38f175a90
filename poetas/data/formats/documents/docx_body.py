"""Walk through the body of a Word document: WordprocessingML in, paragraphs, tables and what is left out gathered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.oxml.ns import qn

from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.formats.documents.docx_cells import CELL_PROPERTIES, plain_text, whole_number, within
from poetas.data.formats.documents.docx_looks import first_line_look
from poetas.data.formats.documents.docx_runs import (
    ALTERNATES,
    CONTAINERS,
    CONTENT,
    CONTROL,
    REMOVED,
    DocxRuns,
)
from poetas.data.formats.documents.docx_styles import DocxStyles
from poetas.data.formats.running_text import Line
from poetas.data.pipeline.limits import Limits

_PARAGRAPH, _TABLE, _ROW, _CELL = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc")
_PROPERTIES, _STYLE, _MARK, _VALUE = qn("w:pPr"), qn("w:pStyle"), qn("w:rPr"), qn("w:val")
_SECTION, _TYPE = qn("w:sectPr"), qn("w:type")
_LISTED, _LIST_NUMBER = qn("w:numPr"), qn("w:numId")
_SAME_PAGE = {"continuous", "nextColumn"}
_ROW_PROPERTIES, _CELL_REMOVED = qn("w:trPr"), qn("w:cellDel")
_BEFORE, _SPAN, _MERGE = qn("w:gridBefore"), qn("w:gridSpan"), qn("w:vMerge")
_EMBEDDED = {qn("w:altChunk"), qn("w:subDoc")}
_CONTROL_PROPERTIES, _PLACEHOLDER = qn("w:sdtPr"), qn("w:showingPlcHdr")
_GALLERY = qn("w:docPartGallery")
_CONTENTS_GALLERY = "Table of Contents"


class DocxBody:
    """Gathers what the blocks of a document hold, as if its tracked changes were accepted."""

    def __init__(self, styles: DocxStyles, document: DocumentText, limits: Limits) -> None:
        self._styles, self._document, self._limits = styles, document, limits
        self._omissions = document.omissions
        self._joined = ""  # text of paragraphs whose end was deleted: it goes on in the next one

    def blocks(self, parent: Any) -> None:
        """Gather all blocks in an element."""
        for block in parent:
            if block.tag == _PARAGRAPH:
                self._paragraph(block)
            elif block.tag == _TABLE:
                self._finish_joined()
                self._table(block)
            elif block.tag == CONTROL:
                self._control(block)
            elif block.tag in CONTAINERS:
                self.blocks(block)
            elif block.tag in ALTERNATES:
                for inner in DocxRuns.alternatives(block):
                    self.blocks(inner)
            elif block.tag in REMOVED:
                self._omissions.add("deletion")
            elif block.tag in _EMBEDDED:
                self._omissions.add("embedded-part")
        self._finish_joined()

    def _control(self, control: Any) -> None:
        properties, content = control.find(_CONTROL_PROPERTIES), control.find(CONTENT)
        if properties is not None and properties.find(_PLACEHOLDER) is not None:
            self._omissions.add("placeholder")
        elif content is None:
            return
        elif properties is not None and any(
            gallery.get(_VALUE) == _CONTENTS_GALLERY for gallery in properties.iter(_GALLERY)
        ):
            self._omissions.add("contents-entry", count=sum(1 for _entry in content.iter(_PARAGRAPH)))
        else:
            self.blocks(content)

    def _paragraph(self, paragraph: Any) -> None:
        properties = paragraph.find(_PROPERTIES)
        named = None if properties is None else properties.find(_STYLE)
        style = self._styles.of(properties, None if named is None else named.get(_VALUE))
        runs = DocxRuns(self._omissions)
        runs.gather(paragraph)
        text, self._joined = self._joined + "".join(runs.parts), ""
        if style.contents:
            self._omissions.add("contents-entry", count=bool(text.strip()))
            return
        listed = _is_listed(properties)
        self._omissions.add("list-mark", count=listed and bool(text.strip()))
        if style.page:
            self._document.page()
        if properties is not None and _end_removed(properties):
            self._joined = text
            self._omissions.add("deletion", count=not runs.deletions)
        elif text.strip() or not runs.boxes:
            columns = (0, 0) if listed else style.columns
            look = first_line_look(paragraph, text, style.look, self._styles.look)
            self._document.paragraph(text, heading=style.heading, look=look, columns=columns)
        elif "\f" in text:
            self._document.page()
        for number, box in enumerate(runs.boxes):
            if number or text.strip():
                self._document.gap()
            self._box(box)
        if properties is not None and (section := properties.find(_SECTION)) is not None and _new_page(section):
            self._document.page()

    def _box(self, box: Any) -> None:
        joined, self._joined = self._joined, ""
        if isinstance(box, str):
            self._document.paragraph(box)
        else:
            self.blocks(box)
        self._joined = joined
        self._document.gap()

    def _finish_joined(self) -> None:
        if self._joined.strip():
            self._document.paragraph(self._joined)
        self._joined = ""

    def _table(self, table: Any) -> None:
        gathered = self._document.table()
        above: list[str] = []
        for row in within(table, _ROW):
            properties = row.find(_ROW_PROPERTIES)
            if properties is not None and any(child.tag in REMOVED for child in properties):
                self._omissions.add("deletion")
                continue
            lines: list[Line] = []
            if not gathered.rows.full:
                above = self._cells(row, properties, above, lines)
            gathered.add(above, lines)

    def _cells(self, row: Any, properties: Any | None, above: Sequence[str], lines: list[Line]) -> list[str]:
        """One row's cells. A cell merged to the side appears once, one merged downward in each row that it covers.

        `_Row.cells` of python-docx is not used: it makes as many cells as a document declares for the width of one; nor
        are its properties of cells, which take as long as all else.
        """
        most = self._limits.columns + 1  # one beyond the limit is enough to see that the table is too wide
        before = None if properties is None else properties.find(_BEFORE)
        texts: list[str] = [""] * min(whole_number(before), most)
        for cell in within(row, _CELL):
            about = cell.find(CELL_PROPERTIES)
            columns, goes_on = 1, False
            if about is not None:
                if about.find(_CELL_REMOVED) is not None:
                    self._omissions.add("deletion")
                    continue
                columns, merge = whole_number(about.find(_SPAN), 1), about.find(_MERGE)
                goes_on = merge is not None and merge.get(_VALUE, "continue") == "continue"
            column = len(texts)
            goes_on = goes_on and column < len(above)
            texts.append(above[column] if goes_on else self._cell(cell, lines))
            self._omissions.add("merged-cell", count=goes_on and bool(texts[-1]))
            texts += [""] * (min(columns, most - column) - 1)
        return texts

    def _cell(self, cell: Any, lines: list[Line]) -> str:
        if (plain := plain_text(cell)) is not None:
            lines.append(Line(plain, paragraph=True))
            return plain
        outer, joined = self._document, self._joined
        self._document, self._joined = DocumentText(self._limits, self._omissions), ""
        self.blocks(cell)
        inner, self._document, self._joined = self._document, outer, joined
        lines += inner.flat()
        return inner.cell()


def _is_listed(properties: Any | None) -> bool:
    """Whether Word puts a number or a bullet before the paragraph."""
    listed = None if properties is None else properties.find(_LISTED)
    number = None if listed is None else listed.find(_LIST_NUMBER)
    return number is not None and number.get(_VALUE) != "0"


def _end_removed(properties: Any) -> bool:
    mark = properties.find(_MARK)
    return mark is not None and any(child.tag in REMOVED for child in mark)


def _new_page(section: Any) -> bool:
    kind = section.find(_TYPE)
    return kind is None or kind.get(_VALUE) not in _SAME_PAGE
