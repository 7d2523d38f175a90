r"""Tables at the head of an RTF document: its words in, the fonts' code pages and the styles of paragraphs out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from poetas.data.formats.documents.document_text import PLAIN, Style
from poetas.data.formats.documents.rtf_flow import BODY_LEVEL
from poetas.data.formats.documents.rtf_groups import Characters
from poetas.data.formats.documents.rtf_tokens import codec_of_charset, codec_of_page

FONTS, STYLES = "fonttbl", "stylesheet"
_HEADING = re.compile(r"(heading|t[ií]tulo)( \d)?|title", re.IGNORECASE)
_CONTENTS = re.compile(r"toc (\d|heading)", re.IGNORECASE)


class RtfHeader:
    """What the head of a document says.

    codec: of the document. font: the number of its own font. fonts: code pages by number. styles: by number.
    """

    def __init__(self) -> None:
        self.codec = "cp1252"
        self.font = 0
        self.fonts: dict[int, str] = {}
        self.styles: dict[int, Style] = {}
        self.name = Characters()  # of the style that is described
        self._described = 0

    def word(self, destination: str, name: str, number: int) -> None:
        """Read a word in one of the tables."""
        if destination == FONTS:
            if name == "f":
                self._described = number
            elif name == "fcharset":
                self.fonts[self._described] = codec_of_charset(number)
            elif name == "cpg":
                self.fonts[self._described] = codec_of_page(number)
        elif destination == STYLES:
            self._style_word(name, number)

    def _style_word(self, name: str, number: int) -> None:
        if name == "s":
            self._described = number
        elif name == "outlinelevel" and number < BODY_LEVEL:
            self._describe(heading=True)
        elif name == "sbasedon" and number in self.styles:
            based, own = self.styles[number], self.styles.get(self._described, PLAIN)
            self._describe(left=own.left or based.left, first=own.first or based.first)
        elif name in {"li", "lin"}:
            self._describe(left=number)
        elif name == "fi":
            self._describe(first=number)

    def end_style(self) -> None:
        """End the description of a style; its name is what is written in it."""
        name = self.name.take().strip().rstrip(";").strip()
        heading = bool(_HEADING.fullmatch(name)) or self.styles.get(self._described, PLAIN).heading
        self._describe(heading=heading, contents=bool(_CONTENTS.fullmatch(name)))
        self._described = 0

    def _describe(self, **properties: Any) -> None:
        self.styles[self._described] = replace(self.styles.get(self._described, PLAIN), **properties)

    def codec_of(self, font: int | None) -> str:
        """The code page of a font; None: of the document's own."""
        return self.fonts.get(self.font if font is None else font, "") or self.codec

    def charset(self, name: str, number: int) -> None:
        """Read the document's code page."""
        pages = {"mac": 10000, "pc": 437, "pca": 850, "ansicpg": number}
        self.codec = codec_of_page(pages[name]) if number or name != "ansicpg" else self.codec
