"""Console output in any encoding: replacements for characters that the terminal, file or pipe cannot take."""

from __future__ import annotations

import codecs
import sys
import unicodedata

_ERRORS = "poetas-plain"  # the name under which the handler is registered
# Python's own handlers of stdout and stderr; surrogateescape is stdout's in the C locale. Another one was asked for.
_DEFAULTS = frozenset({"strict", "backslashreplace", "surrogateescape"})
_PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}": '"',
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{INVERTED QUESTION MARK}": "",
    "\N{INVERTED EXCLAMATION MARK}": "",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{MIDDLE DOT}": "-",
    "\N{RIGHTWARDS ARROW}": "->",
}


def plain_spelling(text: str) -> str:
    """Spell a text in ASCII: letters without accents, punctuation by its nearest sign, ``?`` for the rest.

    >>> plain_spelling("«Época»: −0,5…"), plain_spelling("\u8a69")
    ('"Epoca": -0,5...', '?')
    """
    decomposed = unicodedata.normalize("NFKD", "".join(_PLAIN.get(letter, letter) for letter in text))
    letters = (letter for letter in decomposed if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() else "?" for letter in letters)


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return plain_spelling(error.object[error.start : error.end]), error.end


def accept_any_text() -> None:
    """Let stdout and stderr replace what their encoding lacks; by default Python ends with UnicodeEncodeError there."""
    codecs.register_error(_ERRORS, _replace)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)  # None: no console at all, or a test's own stream
        if reconfigure is not None and getattr(stream, "errors", "") in _DEFAULTS:
            reconfigure(errors=_ERRORS)
