"""The visible form of a token: its text, or its bytes where it is part of a character; blanks and controls as signs.

Byte-level tokenizers write each byte as one printable character (the alphabet of GPT-2: Radford et al. 2019); others
fall back to tokens named ``<0xF0>``.
"""

from __future__ import annotations

import re
import unicodedata

_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_ESCAPED = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as Python's surrogateescape keeps them
_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Co", "Cn"}
_SIGNS = str.maketrans({" ": "␣", "\N{NO-BREAK SPACE}": "␣", "\n": "↵", "\r": "↵", "\t": "⇥"})


def _alphabet() -> dict[str, int]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + index): byte for index, byte in enumerate(others)}


ALPHABET = _alphabet()


def spell(token: str, *, byte_level: bool) -> str:
    """Write a token that may hold parts of characters: whole characters as they are, stray bytes as ``⟨0xF0⟩``.

    >>> spell("ĠÃ", byte_level=True), spell("<0xF0>", byte_level=False)
    (' ⟨0xC3⟩', '⟨0xF0⟩')
    """
    if not byte_level:
        return _FALLBACK.sub(lambda match: f"⟨0x{match[1].upper()}⟩", token)
    if any(character not in ALPHABET for character in token):  # a special token, written as it is
        return token
    text = bytes(ALPHABET[character] for character in token).decode("utf-8", "surrogateescape")
    return _ESCAPED.sub(lambda match: f"⟨0x{ord(match[0]) - 0xDC00:02X}⟩", text)


def visible(text: str) -> str:
    r"""Write invisible characters as signs: blanks as ␣, line ends as ↵, tabs as ⇥, others by their code point.

    >>> visible(" hola\n"), visible("\u200d")
    ('␣hola↵', '⟨U+200D⟩')
    """
    return "".join(_sign(character) for character in text.translate(_SIGNS))


def _sign(character: str) -> str:
    invisible = unicodedata.category(character) in _INVISIBLE or "\ufe00" <= character <= "\ufe0f"
    return f"⟨U+{ord(character):04X}⟩" if invisible else character
