"""A font of a PDF: the bytes of a string in, the text and the width of each glyph out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pypdf.generic import DictionaryObject, StreamObject
from pypdf.generic._font import Font

from poetas.data.formats.pdf.letters import LOST, Ligatures, is_lost, named_text

_CODECS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_IDENTITY = {"/Identity-H", "/Identity-V"}
_BUILT_IN = re.compile(rb"dup\s+(\d{1,3})\s*/([A-Za-z0-9._]{1,40})\s+put")
_SPACE = 32  # the code that word spacing widens
_HEADER = 20_000  # bytes: the readable part of a Type 1 font's program, where its encoding stands
_QUOTES = frozenset("“”‘’„‚«»‹›\"'")
_BULLETS = range(0xF020, 0xF100)  # of symbol fonts: their letters are ornaments, not letters
_BOLD = re.compile("bold|black|heavy|semibold|demi|cmbx|sfbx|ecbx", re.IGNORECASE)


class PdfFont:
    """The glyphs of one font resource.

    bold: whether the font's name says so. Raises what pypdf does for a malformed font.
    """

    def __init__(self, resource: DictionaryObject, number: int, ligatures: Ligatures) -> None:
        font = Font.from_font_resource(resource)
        self.bold = bool(_BOLD.search(font.name))
        self._number, self._ligatures = number, ligatures
        self._encoding, self._map, self._widths = font.encoding, font.character_map, font.character_widths
        self._default = float(font.character_widths.get("default", 500))
        self._identity = str(resource.get("/Encoding")) in _IDENTITY
        self._wide = isinstance(font.encoding, str)
        self._names = {} if self._wide else _glyph_names(resource)
        self._scale = 0.001
        if resource.get("/Subtype") == "/Type3" and "/FontMatrix" in resource:
            self._scale = abs(float(resource["/FontMatrix"][0]))  # type: ignore[index]
        self._known: dict[int, tuple[str, float]] = {}

    def glyphs(self, data: bytes) -> Iterator[tuple[str, float, bool]]:
        """Yield the text of each glyph, its width as a share of the font's size, and whether word spacing widens it."""
        known = self._known
        for code in self._codes(data):
            glyph = known.get(code)
            if glyph is None:
                glyph = known[code] = self._text(code), self._width(code)
            yield *glyph, code == _SPACE and not self._wide

    def _codes(self, data: bytes) -> Iterator[int]:
        if not self._wide:
            yield from data
        elif self._encoding == "utf-16-be":
            yield from (data[index] << 8 | data[index + 1] for index in range(0, len(data) - 1, 2))
        else:
            yield from map(ord, data.decode(str(self._encoding), "replace"))

    def _width(self, code: int) -> float:
        try:
            return float(self._widths.get(chr(code), self._default)) * self._scale
        except TypeError:  # an indirect object that is no number
            return self._default * self._scale

    def _text(self, code: int) -> str:
        raw = chr(code)
        text = self._map.get(raw)
        if text is None:
            if isinstance(self._encoding, dict):
                text = self._encoding.get(code, raw)
                text = "" if len(text) > 1 and text.startswith("/") else text  # a name that pypdf does not know
            else:
                text = "" if self._identity else raw
        text = str(text)
        named = named_text(self._names[code]) if code in self._names else ""
        if is_lost(text):
            bullet = len(text) == 1 and ord(text) in _BULLETS
            text = named or ("•" if bullet else LOST)
        elif named in _QUOTES and text not in _QUOTES and named_text(text) != named and _is_ligature(text):
            text = named
        return self._ligatures.mark(self._number, code, text)


def _is_ligature(text: str) -> bool:
    return text in {"fi", "fl", "ff", "ffi", "ffl"} or "ﬀ" <= text <= "ﬆ"


def _glyph_names(resource: DictionaryObject) -> dict[int, str]:
    """The names of a simple font's glyphs by code: of its program, its base encoding and its differences."""
    names: dict[int, str] = dict(_built_in(resource))
    encoding: Any = resource.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    base = encoding.get("/BaseEncoding") if isinstance(encoding, DictionaryObject) else encoding
    if codec := _CODECS.get(str(base)):
        names |= {
            code: f"uni{ord(sign):04X}" for code in range(32, 256) for sign in bytes([code]).decode(codec, "ignore")
        }
    differences = encoding.get("/Differences") if isinstance(encoding, DictionaryObject) else None
    code = 0
    for item in differences.get_object() if differences is not None else ():
        if isinstance(item, int):
            code = item
        else:
            names[code] = str(item)
            code += 1
    return names


def _built_in(resource: DictionaryObject) -> Iterator[tuple[int, str]]:
    descriptor: Any = resource.get("/FontDescriptor")
    program = descriptor.get_object().get("/FontFile") if descriptor is not None else None
    program = program.get_object() if program is not None else None
    if isinstance(program, StreamObject):
        for code, name in _BUILT_IN.findall(program.get_data()[:_HEADER]):
            yield int(code), name.decode("ascii")


class UnreadableFont(PdfFont):
    """Stands for a font that is malformed: each byte is a letter that cannot be known."""

    def __init__(self) -> None:
        self.bold = False

    def glyphs(self, data: bytes) -> Iterator[tuple[str, float, bool]]:
        """Yield a sign for a lost letter for each byte."""
        yield from ((LOST, 0.5, False) for _code in data)
