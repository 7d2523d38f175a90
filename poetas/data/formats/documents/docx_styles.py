"""Paragraph styles of a Word document: its styles' XML in, what each says of a paragraph out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from docx.oxml.ns import qn

from poetas.data.formats.documents.document_text import PLAIN, Style
from poetas.data.formats.documents.docx_looks import with_marks, with_place
from poetas.data.formats.documents.line_looks import Look

_STYLE, _NAME, _ID, _BASED = qn("w:style"), qn("w:name"), qn("w:styleId"), qn("w:basedOn")
_PROPERTIES, _MARKS, _VALUE = qn("w:pPr"), qn("w:rPr"), qn("w:val")
_LEVEL, _BREAK = qn("w:outlineLvl"), qn("w:pageBreakBefore")
_BODY_LEVEL = "9"  # of an outline: not a title
_INDENT = qn("w:ind")
_LEFT, _FIRST, _HANGING = (qn("w:left"), qn("w:start")), qn("w:firstLine"), qn("w:hanging")
_DEEPEST = 20  # styles based on one another
_OFF = {"0", "false", "off"}
# Word writes the built-in names in English in every language.
_HEADING = re.compile(r"(heading \d|title)")
_CONTENTS = re.compile(r"toc (\d|heading)")


class DocxStyles:
    """The styles of a document by their identifiers.

    element: the ``w:styles`` of the document; None where it has none.
    """

    def __init__(self, element: Any | None) -> None:
        styles = [] if element is None else [style for style in element if style.tag == _STYLE]
        self._elements = {style.get(_ID): style for style in styles}
        self._known: dict[str, Style] = {}

    def of(self, properties: Any | None, identifier: str | None) -> Style:
        """What a paragraph's properties say, then its style."""
        style = self._resolved(identifier) if identifier else PLAIN
        return style if properties is None else _changed(style, properties)

    def look(self, identifier: str) -> Look:
        """The look that a style of letters gives them."""
        return self._resolved(identifier).look

    def _resolved(self, identifier: str) -> Style:
        known = self._known.get(identifier)
        if known is None:
            known = self._known[identifier] = self._inherited(identifier)
        return known

    def _inherited(self, identifier: str) -> Style:
        chain: list[Any] = []
        following: str | None = identifier
        while following in self._elements and len(chain) < _DEEPEST:
            chain.append(self._elements[following])
            following = _value(chain[-1].find(_BASED))
        style = PLAIN
        for element in reversed(chain):
            name = (_value(element.find(_NAME)) or "").lower()
            if _CONTENTS.fullmatch(name):
                style = replace(style, contents=True)
            elif _HEADING.fullmatch(name):
                style = replace(style, heading=True)
            properties = element.find(_PROPERTIES)
            style = style if properties is None else _changed(style, properties)
            style = replace(style, look=with_marks(style.look, element.find(_MARKS)))
        return replace(style, look=style.look | {f"style {identifier}"})


def _changed(style: Style, properties: Any) -> Style:
    level, page = properties.find(_LEVEL), properties.find(_BREAK)
    if (indent := properties.find(_INDENT)) is not None:
        left = next((twips for name in _LEFT if (twips := _twips(indent.get(name))) is not None), style.left)
        first = -hanging if (hanging := _twips(indent.get(_HANGING))) else _twips(indent.get(_FIRST))
        style = replace(style, left=left, first=style.first if first is None else first)
    if level is not None:
        style = replace(style, heading=_value(level) != _BODY_LEVEL)
    if (look := with_place(style.look, properties)) != style.look:
        style = replace(style, look=look)
    if page is not None:
        style = replace(style, page=_value(page) not in _OFF)
    return style


def _twips(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?\d{1,5}", value) else None


def _value(element: Any | None) -> str | None:
    return None if element is None else element.get(_VALUE)
