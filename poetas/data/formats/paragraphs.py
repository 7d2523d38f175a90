"""Division of running text into rows: stanzas or paragraphs between blank lines, else lines, else the whole text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from statistics import median

from poetas.data.formats.base import RawTable
from poetas.data.formats.running_text import text_column
from poetas.data.pipeline.limits import Limits
from poetas.i18n import ngettext, number

VERSE = 70  # longer lines are prose
_SAMPLE = 500
_BLANK = re.compile(r"\n[ \t\N{NO-BREAK SPACE}]*\n\s*")
_LINE = re.compile(r"[^\n]+")


def divide(text: str, division: str | None = None) -> tuple[Iterator[str], str]:
    r"""Divide a text; return the pieces and the way (``"blocks"``, ``"lines"`` or ``"whole"``).

    The pieces are made lazily: a text may have more of them than the limits allow.

    >>> pieces, way = divide("uno\ndos\n\ntres\n"); list(pieces), way
    (['uno\ndos', 'tres'], 'blocks')
    >>> pieces, way = divide("Una.\nOtra."); list(pieces), way
    (['Una.', 'Otra.'], 'lines')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\v", "\n")
    text = text.replace("\N{LINE SEPARATOR}", "\n").replace("\N{PARAGRAPH SEPARATOR}", "\n\n").strip()
    way = division or ("blocks" if _several(_blocks(text)) else "lines" if _several(_lines(text)) else "whole")
    if way == "blocks":
        return _blocks(text), way
    return _lines(text) if way == "lines" else iter([text] if text else []), way


def _several(pieces: Iterator[str]) -> bool:
    return len(list(islice(pieces, 2))) > 1


def _blocks(text: str) -> Iterator[str]:
    start = 0
    for gap in _BLANK.finditer(text):
        if block := text[start : gap.start()].strip():
            yield block
        start = gap.end()
    if block := text[start:].strip():
        yield block


def _lines(text: str) -> Iterator[str]:
    return (line for match in _LINE.finditer(text) if (line := match[0].strip()))


def in_words(pieces: list[str], way: str) -> Callable[[int], str]:
    """A function that writes a number of pieces in words, chosen by their form.

    >>> in_words(["Una.", "Otra."], "lines")(2)
    '2 líneas'
    """
    sample = pieces[:_SAMPLE]
    lines = [line for piece in sample for line in piece.split("\n")]
    verse = len(lines) >= 2 * len(sample) and median(len(line) for line in lines) <= VERSE if lines else False

    def words_for(count: int) -> str:
        if way == "lines":
            words = ngettext("{n} línea", "{n} líneas", count)
        elif way == "whole":
            words = ngettext("{n} texto entero", "{n} textos enteros", count)
        elif verse:
            words = ngettext("{n} estrofa", "{n} estrofas", count)
        else:
            words = ngettext("{n} párrafo", "{n} párrafos", count)
        return words.format(n=number(count))

    return words_for


def text_table(text: str, division: str | None, limits: Limits, *, encoding: str = "") -> RawTable:
    """A one-column table of the pieces of a text, the first of them where there are too many."""
    pieces, way = divide(text, division)
    kept = list(islice(pieces, limits.rows))
    left = sum(1 for _piece in pieces)
    return RawTable(
        [[piece] for piece in kept], [text_column()], encoding=encoding, what=in_words(kept, way), left=left
    )
