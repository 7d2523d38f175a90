"""Running text as its readers give it: lines with what the format knows of them, before they are divided into rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

from poetas.i18n import _

_ENDS = (("\r\n", "\n"), ("\r", "\n"), ("\v", "\n"), ("\N{LINE SEPARATOR}", "\n"), ("\N{PARAGRAPH SEPARATOR}", "\n\n"))


def text_column() -> str:
    """The name of the only column of a running text."""
    return _("texto")


@dataclass(frozen=True, slots=True)
class Line:
    r"""One line: of verse, or a whole paragraph where the format has paragraphs.

    text: without its line end; "" is a blank line. Indentation is kept; a paragraph with line breaks of its own (Shift
    and Enter in a word processor) is one `Line` for each. heading: whether the format marks it as a title. page:
    whether a new page begins with it. paragraph: whether a paragraph of the format begins with it (in DOCX, ODT, EPUB,
    HTML; in TXT nothing is known and it is False). Of a paragraph with line breaks of its own, only the first `Line`
    has it: such a paragraph is divided from its neighbours like a stanza.

    >>> Line("Zamba del río", heading=True).text
    'Zamba del río'
    """

    text: str
    heading: bool = False
    page: bool = False
    paragraph: bool = False


class PlainLines(Sequence[Line]):
    r"""The lines of a text, made while they are read: a list of four million of them would take half a gigabyte.

    A form feed begins a page, as a blank line of its own.

    >>> [(line.text, line.page) for line in PlainLines("uno\r\ndos\ftres")]
    [('uno', False), ('dos', False), ('', True), ('tres', False)]
    """

    def __init__(self, text: str) -> None:
        for end, newline in _ENDS:
            text = text.replace(end, newline)
        self.text = text.replace("\f", "\n\f\n")

    def texts(self) -> Iterator[str]:
        """The lines as strings; a page's first is a form feed."""
        start = 0
        while (end := self.text.find("\n", start)) >= 0:
            yield self.text[start:end]
            start = end + 1
        yield self.text[start:]

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines."""
        return (Line("", page=True) if text == "\f" else Line(text) for text in self.texts())

    def __len__(self) -> int:
        """Count the lines."""
        return self.text.count("\n") + 1

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        """Return one line or several, counted from the beginning of the text."""
        return list(self)[index]
