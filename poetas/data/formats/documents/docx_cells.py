"""Rows and cells of a Word table: their XML in, texts and numbers out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from poetas.data.formats.documents.docx_runs import CONTAINERS, CONTROL, RUN, TEXT, is_hidden

_PARAGRAPH, CELL_PROPERTIES, _RUN_PROPERTIES = qn("w:p"), qn("w:tcPr"), qn("w:rPr")
_VALUE = qn("w:val")
_DIGITS = 9  # of a number of columns; a longer one is hostile


def within(parent: Any, tag: str) -> Iterator[Any]:
    """Rows or cells, also those in content controls."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in CONTAINERS or child.tag == CONTROL:
            yield from within(child, tag)


def plain_text(cell: Any) -> str | None:
    """The text of a cell that is one paragraph without anything else; None for other cells.

    Most cells of large tables are so, and need none of the objects that gather other content.
    """
    blocks = [child for child in cell if child.tag != CELL_PROPERTIES]
    if len(blocks) != 1 or blocks[0].tag != _PARAGRAPH:
        return None
    parts: list[str] = []
    for run in blocks[0]:
        if run.tag != RUN or is_hidden(run):
            return None
        for piece in run:
            if piece.tag == TEXT:
                parts.append((piece.text or "").replace("\n", " "))
            elif piece.tag != _RUN_PROPERTIES:
                return None
    return "".join(parts)


def whole_number(element: Any | None, default: int = 0) -> int:
    """The value of an element."""
    value = "" if element is None else element.get(_VALUE, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _DIGITS else default
