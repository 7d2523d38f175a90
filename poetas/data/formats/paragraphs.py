"""Cutting running text into rows: stanzas or paragraphs between blank lines, else a line each, else the whole."""

from __future__ import annotations

import re
from statistics import median

from poetas.data.formats.base import Raw
from poetas.i18n import _, ngettext, number

VERSE = 70  # longer lines are prose
_BLANK = re.compile(r"\n[ \t\N{NO-BREAK SPACE}]*\n\s*")


def text_column() -> str:
    """The name of the only column of a running text."""
    return _("texto")


def divide(text: str, division: str | None = None) -> tuple[list[str], str]:
    r"""Cut a text; return the pieces and how it was cut (``"blocks"``, ``"lines"`` or ``"whole"``).

    >>> divide("uno\ndos\n\ntres\n")
    (['uno\ndos', 'tres'], 'blocks')
    >>> divide("Una.\nOtra.")
    (['Una.', 'Otra.'], 'lines')
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\v", "\n")
    text = text.replace("\N{LINE SEPARATOR}", "\n").replace("\N{PARAGRAPH SEPARATOR}", "\n\n").strip()
    blocks = [block.strip() for block in _BLANK.split(text) if block.strip()]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    way = division or ("blocks" if len(blocks) > 1 else "lines" if len(lines) > 1 else "whole")
    return {"blocks": blocks, "lines": lines}.get(way, [text] if text else []), way


def in_words(pieces: list[str], way: str) -> str:
    """Say how many pieces there are, by what they look like."""
    count = len(pieces)
    if way == "lines":
        return ngettext("{n} línea", "{n} líneas", count).format(n=number(count))
    if way == "whole":
        return ngettext("{n} texto entero", "{n} textos enteros", count).format(n=number(count))
    lines = [line for piece in pieces[:500] for line in piece.split("\n")]
    if len(lines) >= 2 * min(count, 500) and median(len(line) for line in lines) <= VERSE:
        return ngettext("{n} estrofa", "{n} estrofas", count).format(n=number(count))
    return ngettext("{n} párrafo", "{n} párrafos", count).format(n=number(count))


def raw(pieces: list[str], way: str, *, encoding: str = "", what: str = "") -> Raw:
    """A one-column table of the pieces."""
    rows = [[piece] for piece in pieces]
    return Raw(rows, [text_column()], encoding=encoding, what=what or in_words(pieces, way))
