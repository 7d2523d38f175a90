"""Running text as its readers give it: lines with what the format knows of them, before they are divided into rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    r"""One line: of verse, or a whole paragraph where the format has paragraphs.

    text: without its line end; "" is a blank line. Indentation is kept; a paragraph with line breaks of its own (Shift
    and Enter in a word processor) is one `Line` for each. heading: whether the format marks it as a title. page:
    whether a new page begins with it. paragraph: whether the format, not the width of a page, ended the line before it
    (in DOCX, ODT, EPUB, HTML; in TXT nothing is known and it is False).

    >>> Line("Zamba del río", heading=True).text
    'Zamba del río'
    """

    text: str
    heading: bool = False
    page: bool = False
    paragraph: bool = False
