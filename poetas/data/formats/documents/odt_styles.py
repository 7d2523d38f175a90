"""Paragraph styles of an OpenDocument text: the styles' XML in, what each says of a paragraph out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from poetas.data.formats.documents.document_text import PLAIN, Style

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_STYLE_NAMES = f"{{{_NAMES}style:1.0}}"
_STYLE, _PROPERTIES = f"{_STYLE_NAMES}style", f"{_STYLE_NAMES}paragraph-properties"
_NAME, _PARENT, _SHOWN = f"{_STYLE_NAMES}name", f"{_STYLE_NAMES}parent-style-name", f"{_STYLE_NAMES}display-name"
_MASTER, _LEVEL = f"{_STYLE_NAMES}master-page-name", f"{_STYLE_NAMES}default-outline-level"
_CHARACTERS = f"{_STYLE_NAMES}text-properties"
_FO = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_BEFORE, _AFTER = f"{_FO}break-before", f"{_FO}break-after"
_WEIGHT = f"{_FO}font-weight"
_LEFT, _FIRST = f"{_FO}margin-left", f"{_FO}text-indent"
_LENGTH = re.compile(r"(-?\d{1,4}(?:\.\d{1,8})?)(cm|mm|in|pt)")
_TWIPS = {"cm": 567, "mm": 56.7, "in": 1440, "pt": 20}
_HEADING = re.compile(r"(heading( \d+)?|title)", re.IGNORECASE)
_CONTENTS = re.compile(r"contents (heading|\d+)", re.IGNORECASE)
_DEEPEST = 20
_LIGHT = {"normal", "100", "200", "300", "400", "500"}


class OdtStyles:
    """The paragraph styles of a document by their names.

    roots: the documents' parts that hold styles.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self._elements: dict[str, Any] = {}
        self._weights: dict[tuple[str, str], tuple[str, str | None]] = {}
        for root in roots:
            for style in root.iter(_STYLE):
                family, name = style.get(f"{_STYLE_NAMES}family", ""), style.get(_NAME, "")
                if family == "paragraph":
                    self._elements[name] = style
                characters = style.find(_CHARACTERS)
                weight = None if characters is None else characters.get(_WEIGHT)
                self._weights[family, name] = style.get(_PARENT, ""), weight
        self._known: dict[str, tuple[Style, bool]] = {}

    def of(self, name: str) -> tuple[Style, bool]:
        """What the style says, and whether a new page begins after the paragraph."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._inherited(name)
        return known

    def is_bold(self, name: str, family: str = "paragraph") -> bool | None:
        """Whether a style of paragraphs or of characters ("text") is bold; None where it says nothing of it."""
        for _depth in range(_DEEPEST):
            parent, weight = self._weights.get((family, name), ("", None))
            if weight is not None:
                return weight not in _LIGHT
            if not parent:
                return None
            name = parent
        return None

    def _inherited(self, name: str) -> tuple[Style, bool]:
        chain: list[Any] = []
        while name in self._elements and len(chain) < _DEEPEST:
            chain.append(self._elements[name])
            name = chain[-1].get(_PARENT, "")
        style, after = PLAIN, False
        if not chain or name:  # a style of the program itself, which is not in the file
            style = _named(style, name)
        for element in reversed(chain):
            style = _named(style, element.get(_SHOWN) or element.get(_NAME, ""))
            if element.get(_LEVEL, ""):
                style = replace(style, heading=True)
            if element.get(_MASTER, ""):
                style = replace(style, page=True)
            properties = element.find(_PROPERTIES)
            if properties is not None:
                before = properties.get(_BEFORE)
                style = style if before is None else replace(style, page=before == "page")
                left, first = _twips(properties.get(_LEFT)), _twips(properties.get(_FIRST))
                left, first = style.left if left is None else left, style.first if first is None else first
                style = replace(style, left=left, first=first)
                after = properties.get(_AFTER, "page" if after else "") == "page"
        return style, after


def _twips(length: str | None) -> int | None:
    match = _LENGTH.fullmatch(length or "")
    return None if match is None else round(float(match[1]) * _TWIPS[match[2]])


def _named(style: Style, name: str) -> Style:
    name = name.replace("_20_", " ")
    if _CONTENTS.fullmatch(name):
        return replace(style, contents=True)
    return replace(style, heading=True) if _HEADING.fullmatch(name) else style
