"""Styles of an OpenDocument text: the styles' XML in, what each says of a paragraph, or of letters, out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from poetas.data.formats.documents.document_text import PLAIN, Style
from poetas.data.formats.documents.line_looks import DECLARATIONS, PLAIN_LOOK, Look, with_declarations

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_STYLE_NAMES = f"{{{_NAMES}style:1.0}}"
_STYLE, _PROPERTIES = f"{_STYLE_NAMES}style", f"{_STYLE_NAMES}paragraph-properties"
_NAME, _PARENT, _SHOWN = f"{_STYLE_NAMES}name", f"{_STYLE_NAMES}parent-style-name", f"{_STYLE_NAMES}display-name"
_MASTER, _LEVEL = f"{_STYLE_NAMES}master-page-name", f"{_STYLE_NAMES}default-outline-level"
_CHARACTERS = f"{_STYLE_NAMES}text-properties"
_FO = f"{{{_NAMES}xsl-fo-compatible:1.0}}"
_BEFORE, _AFTER = f"{_FO}break-before", f"{_FO}break-after"
_LEFT, _FIRST = f"{_FO}margin-left", f"{_FO}text-indent"
_LENGTH = re.compile(r"(-?\d{1,4}(?:\.\d{1,8})?)(cm|mm|in|pt)")
_TWIPS = {"cm": 567, "mm": 56.7, "in": 1440, "pt": 20}
_HEADING = re.compile(r"(heading( \d+)?|title)", re.IGNORECASE)
_CONTENTS = re.compile(r"contents (heading|\d+)", re.IGNORECASE)
_DEEPEST = 20
_AUTOMATIC = f"{{{_NAMES}office:1.0}}automatic-styles"  # their names are not the writer's
_PARAGRAPHS, LETTERS = "paragraph", "text"  # families of styles


class OdtStyles:
    """The styles of a document by their names.

    roots: the documents' parts that hold styles.
    """

    def __init__(self, roots: Iterable[Any]) -> None:
        self._elements: dict[tuple[str, str], Any] = {}
        for root in roots:
            for style in root.iter(_STYLE):
                self._elements[style.get(f"{_STYLE_NAMES}family", ""), style.get(_NAME, "")] = style
        self._known: dict[str, tuple[Style, bool]] = {}
        self._looks: dict[tuple[str, str, Look], Look] = {}

    def of(self, name: str) -> tuple[Style, bool]:
        """What the style says, and whether a new page begins after the paragraph."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self._inherited(name)
        return known

    def look(self, name: str, around: Look = PLAIN_LOOK, family: str = _PARAGRAPHS) -> Look:
        """The look that a style gives to what has another one around it. family: or `LETTERS`."""
        key = (family, name, around)
        known = self._looks.get(key)
        if known is None:
            known = self._looks[key] = self._changed(*key)
        return known

    def _changed(self, family: str, name: str, look: Look) -> Look:
        chain, beyond = self._chain(family, name)
        for element in reversed(chain):
            for properties in (element.find(_PROPERTIES), element.find(_CHARACTERS)):
                if properties is not None:
                    declared = {key.rpartition("}")[2]: value for key, value in properties.items()}
                    look = with_declarations(look, {key: declared[key] for key in DECLARATIONS & declared.keys()})
        own = (element.get(_NAME, "") for element in chain if element.getparent().tag != _AUTOMATIC)
        named = next(own, beyond)
        return look | {f"style {named}"} if named else look

    def _chain(self, family: str, name: str) -> tuple[list[Any], str]:
        """A style and those that it is based on, and the name of one that is not in the file ("": there is none)."""
        chain: list[Any] = []
        while (family, name) in self._elements and len(chain) < _DEEPEST:
            chain.append(self._elements[family, name])
            name = chain[-1].get(_PARENT, "")
        return chain, name

    def _inherited(self, name: str) -> tuple[Style, bool]:
        chain, name = self._chain(_PARAGRAPHS, name)
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
