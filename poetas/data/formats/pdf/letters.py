"""Letters of a PDF that its fonts do not name rightly: ligatures, quotes called ligatures, accents beside letters."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable

LOST = "\N{REPLACEMENT CHARACTER}"  # stands where a letter cannot be known
_FIRST_MARK = 0x100000  # private letters of a file are replaced before, so that these are free
_MOST_MARKS = 5_000
_MARK = re.compile("[\U00100000-\U0010fffd]")
_WORD = re.compile(rf"[\w{LOST}]+")
_LETTER = re.compile(r"[^\W\d_]")
_LETTERS_APART = re.compile(r"(?<![\w.])(?:[^\W\d_] +){3,}[^\W\d_](?![\w.])")
_VOWELS_IN_ORDER = re.compile(r"a +e +i +o +u", re.IGNORECASE)

# Accents with a width of their own, and what joins them to the letter that they stand over (or under).
ACCENTS = {
    "`": "\u0300", "´": "\u0301", "ˊ": "\u0301", "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303",
    "¯": "\u0304", "˘": "\u0306", "˙": "\u0307", "¨": "\u0308", "˚": "\u030a", "°": "\u030a", "˝": "\u030b",
    "ˇ": "\u030c", "¸": "\u0327", "˛": "\u0328",
}  # fmt: skip
ACCENT_SIGNS = frozenset(ACCENTS) | {chr(code) for code in range(0x300, 0x370)}
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_DOTLESS = {"ı": "i", "ȷ": "j"}
_GLYPH_NAMES = {
    "quotedblleft": "“", "quotedblright": "”", "quoteleft": "‘", "quoteright": "’", "quotedblbase": "„",
    "quotesinglbase": "‚", "quotedbl": '"', "quotesingle": "'", "guillemotleft": "«", "guillemotright": "»",
    "guilsinglleft": "‹", "guilsinglright": "›", "endash": "–", "emdash": "—", "ellipsis": "…", "bullet": "•",
    "longst": "st", "fi": "fi", "fl": "fl", "ff": "ff", "ffi": "ffi", "ffl": "ffl", "st": "st", "ct": "ct",
    "tt": "tt", "ti": "ti", "tti": "tti", "fj": "fj", "ft": "ft", "fft": "fft", "Th": "Th", "sp": "sp", "ck": "ck",
    "IJ": "IJ", "ij": "ij", "germandbls": "ß", "dotlessi": "ı", "dotlessj": "ȷ", "ntilde": "ñ", "Ntilde": "Ñ",
    "exclamdown": "¡", "questiondown": "¿", "hyphen": "-", "minus": "−", "space": " ", "period": ".", "comma": ",",
    "colon": ":", "semicolon": ";", "exclam": "!", "question": "?", "parenleft": "(", "parenright": ")",
}  # fmt: skip
_ACCENT_NAMES = {"acute": "\u0301", "grave": "\u0300", "circumflex": "\u0302", "tilde": "\u0303",
                 "dieresis": "\u0308", "cedilla": "\u0327", "caron": "\u030c"}  # fmt: skip


def named_text(name: str) -> str:
    """The text of a glyph's name; "" where the name says nothing.

    >>> named_text("f_i"), named_text("uni00F1"), named_text("eacute"), named_text("fi.alt"), named_text("g14")
    ('fi', 'ñ', 'é', 'fi', '')
    """
    base = name.lstrip("/").partition(".")[0]
    if "_" in base.strip("_"):
        parts = [named_text(part) for part in base.split("_")]
        return "".join(parts) if all(parts) else ""
    if base in _GLYPH_NAMES or len(base) == 1:
        return _GLYPH_NAMES.get(base, base)
    if match := re.fullmatch(r"uni([0-9A-F]{4}(?:[0-9A-F]{4})*)|u([0-9A-F]{4,6})", base):
        codes = re.findall("....", match[1]) if match[1] else [match[2]]
        text = "".join(chr(int(code, 16)) for code in codes if int(code, 16) <= sys.maxunicode)
        return "" if is_lost(text) else text
    if base[1:] in _ACCENT_NAMES and base[:1].isalpha():
        return unicodedata.normalize("NFC", base[0] + _ACCENT_NAMES[base[1:]])
    return ""


def is_lost(text: str) -> bool:
    r"""Whether a font's text for a glyph is no character: NUL and other controls, private letters, nothing.

    >>> is_lost("\x00"), is_lost("\ue00a"), is_lost(""), is_lost("ﬁ"), is_lost("\t")
    (True, True, True, False, False)
    """
    return not text or any(
        (unicodedata.category(sign) in {"Cc", "Co", "Cs", "Cn"} and sign not in "\t\r\n") or sign == LOST
        for sign in text
    )


def joined_accent(first: str, second: str) -> str:
    """The letter that an accent and a letter make where one is drawn over the other, in either order; "" where none.

    >>> joined_accent("´", "ı"), joined_accent("n", "˜"), joined_accent("´", "x1")
    ('í', 'ñ', '')
    """
    accent, letter = (first, second) if first in ACCENTS or unicodedata.combining(first[:1]) else (second, first)
    mark = ACCENTS.get(accent) or (accent if len(accent) == 1 and unicodedata.combining(accent) else "")
    if not mark or len(letter) != 1 or not letter.isalpha():
        return ""
    whole = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + mark)
    return whole if len(whole) == 1 or accent not in ACCENTS else ""


class Ligatures:
    """Marks for the glyphs that a file calls "fi" or "fl", until all its text shows which of them are quotes.

    Some programs call the quotes “ and ” so. No Spanish word ends in "fl": a glyph that nearly always ends words is a
    closing quote, and one of the same font that only begins them is its opening one.
    """

    def __init__(self) -> None:
        self._marks: dict[tuple[int, int, str], str] = {}

    def mark(self, font: int, code: int, text: str) -> str:
        """A private character that stands for a font's glyph; the text itself for all but "fi" and "fl"."""
        plain = text.translate(_LIGATURES)
        if plain not in {"fi", "fl"} or len(self._marks) >= _MOST_MARKS:
            return plain
        return self._marks.setdefault((font, code, plain), chr(_FIRST_MARK + len(self._marks)))

    def resolve(self, texts: list[str]) -> list[str]:
        """The same texts with letters or quotes in the place of marks."""
        if not self._marks:
            return texts
        seen: Counter[str] = Counter()
        ends: Counter[str] = Counter()
        begins: Counter[str] = Counter()
        for text in texts:
            for match in _MARK.finditer(text):
                before, after = text[: match.start()][-1:], text[match.end() :][:1]
                inside_before, inside_after = (
                    bool(_LETTER.match(sign) or _MARK.match(sign)) for sign in (before, after)
                )
                seen[match[0]] += 1
                ends[match[0]] += inside_before and not inside_after
                begins[match[0]] += not inside_before
        closing = {key[0] for key, mark in self._marks.items() if _mostly(ends, seen, mark) and key[2] == "fl"}
        table: dict[int, str] = {}
        for (font, _code, text), mark in self._marks.items():
            quote = ""
            if font in closing:
                quote = (
                    "”" if _mostly(ends, seen, mark) else "“" if _mostly(begins, seen, mark) and text == "fi" else ""
                )
            table[ord(mark)] = quote or text
        return [text.translate(table) for text in texts]


def _mostly(part: Counter[str], whole: Counter[str], mark: str) -> bool:
    return whole[mark] > 0 and part[mark] >= 0.8 * whole[mark]


def words_with_lost_letters(texts: Iterable[str]) -> int:
    """How many words hold a sign whose letter is not known.

    >>> words_with_lost_letters(["La \N{REPLACEMENT CHARACTER}or del o\N{REPLACEMENT CHARACTER}cio"])
    2
    """
    words = (word for text in texts if LOST in text for word in _WORD.findall(text))
    return sum(LOST in word and (len(word) > 1 or not word.strip(LOST)) for word in words)


def letters_apart(text: str) -> bool:
    """Whether a line holds a word whose letters stand apart, such as a title set wide.

    >>> letters_apart("C A N T O"), letters_apart("a e i o u"), letters_apart("Vino y a mí")
    (True, False, False)
    """
    return bool(_LETTERS_APART.search(text)) and not _VOWELS_IN_ORDER.search(text)
