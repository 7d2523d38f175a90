r"""Paragraphs of RTF: characters and properties in; paragraphs, cells and text boxes of a document out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from poetas.data.formats.documents.document_text import NEW_PAGE, PLAIN, DocumentText, Style
from poetas.data.formats.documents.line_looks import CENTRED, PLAIN_LOOK, Look
from poetas.data.formats.documents.rtf_groups import Characters
from poetas.data.formats.documents.rtf_tables import RtfTables

_SECTION = {"sect", "sbknone", "sbkcol"}
WORDS = {
    "pard",
    "s",
    "li",
    "lin",
    "fi",
    "outlinelevel",
    "pagebb",
    "qc",
    "intbl",
    "cell",
    "row",
    "trowd",
    "clvmrg",
    "cellx",
} | _SECTION
BODY_LEVEL = 9  # of an outline: not a title


class RtfFlow:
    """The paragraphs of a document or of a text box; properties of one hold for the next until they are reset.

    boxes: text boxes that hang on the paragraph that is being read. section: whether a section on a new page begins
    with the next one. look: what all characters of the paragraph look like; None: it has none.
    """

    def __init__(self, document: DocumentText) -> None:
        self.document = document
        self.characters = Characters()
        self.boxes: list[DocumentText] = []
        self.section = False
        self.style: Style = PLAIN
        self.in_table = False
        self.look: Look | None = None
        self._tables = RtfTables(document)

    def show(self, look: Look) -> None:
        """Add the look of characters."""
        if self.look is not look:
            self.look = look if self.look is None else self.look & look

    def word(self, name: str, number: int | None, styles: Mapping[int, Style]) -> None:
        """Read one of `WORDS`: a property of the paragraph, of the section or of the row, or the end of one."""
        on = number != 0
        if name == "pard":
            self.style, self.in_table = PLAIN, False
        elif name == "s":
            self.style = replace(styles.get(number or 0, PLAIN), look=frozenset({f"style {number}"}))
        elif name == "outlinelevel":
            self.style = replace(self.style, heading=(number or 0) < BODY_LEVEL)
        elif name == "pagebb":
            self.style = replace(self.style, page=on)
        elif name == "qc":
            self.style = replace(self.style, look=self.style.look | {CENTRED})
        elif name in {"li", "lin"}:
            self.style = replace(self.style, left=number or 0)
        elif name == "fi":
            self.style = replace(self.style, first=number or 0)
        elif name == "intbl":
            self.in_table = on
        elif name in _SECTION:
            self._section(name)
        else:
            self._row(name)

    def _section(self, name: str) -> None:
        if name == "sect":
            self.end_paragraph(last=True)
        self.section = name == "sect"

    def _row(self, name: str) -> None:
        if name == "cell":
            self.in_table = True
            self.end_paragraph(last=True)
            self._tables.end_cell()
        elif name == "row":
            self._tables.end_row()
            self.in_table = False  # what follows belongs to a table where another row is defined, or a cell ends
        else:
            self.in_table = self.in_table or name == "trowd"
            self._tables.define(name)

    def end_paragraph(self, *, last: bool = False) -> None:
        """End the paragraph. last: of the document or a section, where there is none unless it has text."""
        text, look, self.look = self.characters.take(), self.look or PLAIN_LOOK, None
        if last and not text.strip() and not self.boxes:
            if NEW_PAGE in text:
                self.document.page()
            return
        if not self.in_table:
            self._tables.end_table()
        target = self._tables.cell() if self.in_table else self.document
        if self.style.page or self.section:
            target.page()
        self.section = False
        if self.style.contents:
            target.omissions.add("contents-entry", count=bool(text.strip()))
        elif text.strip() or not self.boxes:
            look = PLAIN_LOOK if "\n" in text else look | self.style.look
            target.paragraph(text, heading=self.style.heading, look=look, columns=self.style.columns)
        elif NEW_PAGE in text:
            target.page()
        for number, box in enumerate(self.boxes):
            if number or text.strip():
                target.gap()
            target.extend(box)
            target.gap()
        self.boxes = []

    def end(self) -> None:
        """End the text."""
        self.end_paragraph(last=True)
        self._tables.end_table()
