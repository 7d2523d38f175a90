r"""Tokens of RTF: bytes in; groups, control words and text, decoded by the font's code page, out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

OPEN, CLOSE, WORD, BYTES = "{", "}", "word", "bytes"
SYMBOL, SYMBOLS = "symbol:", "symbols"
_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?[0-9]{1,10})? ?"  # a control word and its number
    rb"|\\'([0-9A-Fa-f]{2})"  # a byte
    rb"|\\([^A-Za-z])"  # a control symbol
    rb"|([{}])"
    rb"|[\r\n\0]+"
    rb"|([^\\{}\r\n\0]+)"
    rb"|\\",
    re.DOTALL,
)
_SYMBOLS = {b"~": "\N{NO-BREAK SPACE}", b"_": "-", b"-": "", b"{": "{", b"}": "}", b"\\": "\\"}
# \fcharset -> code page. 0 is the document's own; 2 are symbols, whose meaning only the font knows.
_CHARSETS = {
    77: "mac_roman", 2: SYMBOLS, 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "big5",
    161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_PAGES = {10000: "mac_roman", 65001: "utf-8", 936: "gb18030"}


class RtfToken(NamedTuple):
    """A token.

    kind: ``OPEN``, ``CLOSE``, ``WORD`` or ``BYTES``. name: of a control word; of a control symbol, ``SYMBOL`` and what
    it writes. number: the control word's, None if it has none. data: bytes to decode.
    """

    kind: str
    name: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[RtfToken]:
    r"""Split RTF into tokens; what ``\bin`` announces is passed over.

    >>> [token[:3] for token in tokens(rb"{\b1 a}")]
    [('{', '', None), ('word', 'b', 1), ('bytes', '', None), ('}', '', None)]
    """
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        word, number, code, symbol, brace, text = match.groups()
        if word is not None:
            name, value = word.decode("ascii"), None if number is None else int(number)
            if name == "bin":
                place += max(0, value or 0)
            else:
                yield RtfToken(WORD, name, value)
        elif code is not None:
            yield RtfToken(BYTES, data=bytes([int(code, 16)]))
        elif symbol is not None:
            yield _symbol(symbol)
        elif brace is not None:
            yield RtfToken(OPEN if brace == b"{" else CLOSE)
        elif text is not None:
            yield RtfToken(BYTES, data=text)


def _symbol(symbol: bytes) -> RtfToken:
    if symbol in b"\r\n":
        return RtfToken(WORD, "par")
    if symbol == b"*":
        return RtfToken(WORD, "*")
    if symbol == b"\t":
        return RtfToken(WORD, "tab")
    return RtfToken(WORD, SYMBOL + _SYMBOLS.get(symbol, ""))


def codec_of_charset(charset: int) -> str:
    """The code page of a font's character set, "" for the document's own.

    >>> codec_of_charset(238), codec_of_charset(1)
    ('cp1250', '')
    """
    return _CHARSETS.get(charset, "")


def codec_of_page(page: int) -> str:
    """The codec of a Windows code page.

    >>> codec_of_page(1252), codec_of_page(99999)
    ('cp1252', 'cp1252')
    """
    name = _PAGES.get(page, f"cp{page}")
    try:
        codecs.lookup(name)
    except LookupError:
        return "cp1252"
    return name
