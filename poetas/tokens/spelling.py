"""What a token is drawn as: exact text where it is text, honest bytes where it is a part of a character.

Byte-level tokenizers write each byte as one printable character (the alphabet of GPT-2: Radford et al. 2019); others
fall back to tokens named ``<0xF0>``.
"""

from __future__ import annotations

import re
import unicodedata

_FALLBACK = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_ESCAPED = re.compile("[\udc80-\udcff]")  # how Python's surrogateescape keeps a byte that is no character
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Co", "Cn"}
_SEEN = str.maketrans({" ": "␣", "\N{NO-BREAK SPACE}": "␣", "\n": "↵", "\r": "↵", "\t": "⇥"})


def _alphabet() -> dict[str, int]:
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + at): byte for at, byte in enumerate(others)}


ALPHABET = _alphabet()


def spell(token: str, *, byte_level: bool) -> str:
    """Write a token that may hold parts of characters: whole characters as they are, stray bytes as ``⟨0xF0⟩``.

    >>> spell("ĠÃ", byte_level=True), spell("<0xF0>", byte_level=False)
    (' ⟨0xC3⟩', '⟨0xF0⟩')
    """
    if not byte_level:
        return _FALLBACK.sub(lambda found: f"⟨0x{found[1].upper()}⟩", token)
    if any(character not in ALPHABET for character in token):  # a special token, written as it is
        return token
    text = bytes(ALPHABET[character] for character in token).decode("utf-8", "surrogateescape")
    return _ESCAPED.sub(lambda found: f"⟨0x{ord(found[0]) - 0xDC00:02X}⟩", text)


def visible(text: str) -> str:
    r"""Draw what cannot be seen: blanks as ␣, line ends as ↵, tabs as ⇥, joiners and other signs by their number.

    >>> visible(" hola\n"), visible("\u200d")
    ('␣hola↵', '⟨U+200D⟩')
    """
    return "".join(_drawn(character) for character in text.translate(_SEEN))


def _drawn(character: str) -> str:
    unseen = unicodedata.category(character) in _UNSEEN or "\ufe00" <= character <= "\ufe0f"
    return f"⟨U+{ord(character):04X}⟩" if unseen else character
