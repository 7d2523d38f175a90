"""Streaming reader of HTML: markup in; paragraphs, headings, tables and what is left out gathered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from poetas.data.formats.documents import html_tags
from poetas.data.formats.documents.document_text import LINE, NEW_PAGE, DocumentText, Style
from poetas.data.formats.documents.html_tables import HtmlTables
from poetas.data.formats.documents.line_looks import PLAIN_LOOK, TITLED, FirstLine, Look, with_declarations
from poetas.data.formats.documents.style_sheets import MOST, Declared, declared_of, styles_of
from poetas.data.formats.xml_limits import XmlLimit

_BLOCK = 1 << 16
_BLANKS = re.compile(r"[ \t\n\r\f]+")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"
_STYLING = ("class", "style", "align", "size")
_MOST_SHOWN = 10_000  # elements that are styled otherwise
_COUNTED = {html_tags.NOTE, html_tags.LICENCE, html_tags.DELETED}


@dataclass(slots=True)
class _Element:
    """An open element, and what it changed until it ends."""

    tag: str
    skip: str | None = None
    preformatted: bool = False
    stanza: bool = False
    page_after: bool = False
    left: int = 0
    below: int = 0
    height: int = 0
    lines: int = 0
    notes: int = 0
    around: Look = PLAIN_LOOK


class HtmlText:
    """Target of lxml's parser that gathers a document's text; no tree is built.

    styles: see `style_sheets`; the page's own sheets are added.
    words, linked: how many words were read, and how many of them in links.
    """

    def __init__(self, document: DocumentText, styles: Mapping[str, str] | None = None) -> None:
        self._styles = dict(styles or {})
        self._sheet: list[str] = []  # what was read of a sheet that stands in the page
        self.words = self.linked = 0
        self._omissions = document.omissions
        self._tables = HtmlTables(document)
        self._open: list[_Element] = []
        self._parts: list[str] = []  # of the paragraph that is being read
        self._skips: list[str] = []
        self._left = self._first = 0  # see `Style`
        self._look, self._first_line = PLAIN_LOOK, FirstLine()
        self._shown: dict[tuple[Look | str | None, ...], tuple[Look, Declared]] = {}
        self._above = 0  # how far the next paragraph is from the last
        # how many elements of a kind are open
        self._headings = self._preformatted = self._links = self._texts = self._note_lists = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        tag = tag.lower()
        element = _Element(tag, html_tags.skipped_as(tag, attributes, in_text=self._texts > 0), around=self._look)
        self._open.append(element)
        if self._skips or element.skip is not None:
            self._start_skipped(element)
        elif tag == "br":
            self._break(NEW_PAGE if html_tags.begins_page(tag, attributes) else "\n")
        else:
            if tag in html_tags.BLOCKS:
                self._flush()
                self._tables.start(tag, attributes)
            self._change(element, attributes)

    def _start_skipped(self, element: _Element) -> None:
        if not self._skips and element.tag in html_tags.BLOCKS:
            self._flush()
        if element.skip is None:
            self._omissions.add("note", count=bool(self._note_lists and element.tag == "li"))
            return
        self._skips.append(element.skip)
        self._note_lists += element.skip == html_tags.NOTE_LIST
        element.notes = self._omissions.counts.get("note", 0)
        if element.skip in _COUNTED:
            self._omissions.add(element.skip)

    def _change(self, element: _Element, attributes: Mapping[str, str]) -> None:
        tag = element.tag
        self._headings += tag in html_tags.HEADINGS
        self._links += tag == "a"
        self._texts += tag in html_tags.TEXTS
        element.preformatted = tag in html_tags.PREFORMATTED
        if attributes:
            element.preformatted = html_tags.keeps_blanks(tag, attributes)
            element.page_after = html_tags.ends_page(attributes)
            element.stanza = html_tags.is_stanza(attributes)
        self._preformatted += element.preformatted
        self._show(element, attributes)
        if tag == "hr" or (attributes and html_tags.begins_page(tag, attributes)):
            self._flush()
            self._tables.document.page()
        if element.stanza:
            self._flush()
            self._tables.document.gap()
        if tag == "q":
            self._parts.append("“")

    def _show(self, element: _Element, attributes: Mapping[str, str]) -> None:
        """Place and dress what is in the element as its styles say."""
        tag = element.tag
        key = (self._look, tag, *map(attributes.get, _STYLING)) if attributes else (self._look, tag)
        if (known := self._shown.get(key)) is None:
            declared = declared_of(tag, attributes, self._styles)
            look = with_declarations(self._look, html_tags.look_of(tag, attributes))
            look = with_declarations(look, declared.look)
            known = (look | {TITLED} if html_tags.is_titled(attributes) else look, declared)
            if len(self._shown) < _MOST_SHOWN:
                self._shown[key] = known
        self._look, declared = known
        element.left = declared.left
        self._left += element.left
        if tag in html_tags.BLOCKS or declared.first:  # what is within a line leaves it where it begins
            self._first = declared.first
        if tag in html_tags.BLOCKS:
            usual = LINE if tag in html_tags.SPACED else 0
            self._above = max(self._above, usual if declared.above is None else declared.above)
            element.below = usual if declared.below is None else declared.below
            element.height, element.lines = declared.height, len(self._tables.document.lines)

    def end(self, tag: str) -> None:
        """Close an element."""
        element = self._open.pop() if self._open else _Element(tag)
        tag = element.tag
        if self._sheet and tag == "style":
            self._styles |= styles_of(["".join(self._sheet)])
            self._shown = {}
            self._sheet = []
        if self._skips:
            if element.skip is not None:
                self._skips.pop()
                if element.skip == html_tags.NOTE_LIST:
                    self._note_lists -= 1
                    self._omissions.add("note", count=self._omissions.counts.get("note", 0) == element.notes)
            return
        if tag == "q":
            self._parts.append("”")
        self._left -= element.left
        self._links -= tag == "a"
        self._texts -= tag in html_tags.TEXTS
        if tag in html_tags.BLOCKS or element.stanza or element.page_after:
            self._flush()
            if element.height and len(self._tables.document.lines) == element.lines:
                self._tables.document.paragraph("")  # what shows nothing but its height
            self._above = max(self._above, element.below)
        self._look = element.around
        self._headings -= tag in html_tags.HEADINGS
        self._preformatted -= element.preformatted
        if element.stanza:
            self._tables.document.gap()
        self._tables.end(tag)
        if element.page_after:
            self._tables.document.page()

    def data(self, text: str) -> None:
        """Read text."""
        if self._skips:
            kind = self._skips[0]
            if self._open and self._open[-1].tag == "style" and len(self._sheet) * _BLOCK < MOST:
                self._sheet.append(text)
            elif kind in {html_tags.NAVIGATION, html_tags.HIDDEN}:
                self._omissions.add(kind, count=len(text.split()))
            return
        text = text.replace(_SOFT_HYPHEN, "").replace(NEW_PAGE, " ")
        if not self._preformatted:
            text = _BLANKS.sub(" ", text)
            if text[:1] == " " and (not self._parts or self._parts[-1][-1] in " \n\f"):
                text = text[1:]
        if text:
            if (self._left or self._first) and not self._preformatted:
                self._indent()
            self._parts.append(text)
            self._first_line.add(text, self._look)
            words = len(text.split())
            self.words += words
            self.linked += words if self._links > 0 else 0

    def _indent(self) -> None:
        """Begin a line where its style says."""
        at_start = not self._parts or self._parts[-1][-1] in "\n\f"
        if at_start and self._tables.document.indents and not self._headings:
            columns, _others = Style(left=self._left, first=self._first).columns
            self._parts += [" " * columns] if columns else []
        self._first = 0

    def _break(self, sign: str) -> None:
        if self._parts and not self._preformatted and self._parts[-1][-1] == " ":
            self._parts[-1:] = [last] if (last := self._parts[-1][:-1]) else []
        self._parts.append(sign)
        self._first_line.add("\n", self._look)

    def _flush(self) -> None:
        """End the paragraph."""
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts, look = [], self._first_line.take()
        text = text.replace("\r\n", "\n").removeprefix("\n") if self._preformatted else text.rstrip(" ")
        if not text:
            return
        above, self._above = self._above, 0
        # A line break before the end of a block shows nothing; alone, it makes a blank line, as a no-break space does.
        self._tables.document.paragraph(
            text.removesuffix("\n"), heading=self._headings > 0, look=look, spacing=(above, 0)
        )

    def close(self) -> None:
        """End what is open."""
        self._flush()
        self._tables.close()


def read_markup(
    markup: str, document: DocumentText, xml_limit: XmlLimit, styles: Mapping[str, str] | None = None
) -> HtmlText:
    """Gather the text of a page. styles: of its style sheets (`style_sheets`). Raises TooManyPieces.

    >>> from poetas.data.pipeline.limits import Limits
    >>> document = DocumentText(Limits())
    >>> read_markup("<h1>Zamba</h1><p>uno<br>dos</p>", document, XmlLimit("a.html", 99)).words
    3
    >>> [(line.text, line.heading) for line in document.lines]
    [('Zamba', True), ('uno', False), ('dos', False)]
    """
    target = HtmlText(document, styles)
    parser = etree.HTMLParser(target=target, encoding="utf-8", remove_comments=True, remove_pis=True)
    for start in range(0, len(markup), _BLOCK):
        data = markup[start : start + _BLOCK].encode("utf-8", "replace")
        xml_limit.add(data)
        parser.feed(data)
    if markup:
        parser.close()
    return target
