"""Markdown escaping of texts that come from outside: names, titles, addresses."""

from __future__ import annotations

import re
import unicodedata

from poetas.util.excerpt import shortened

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>&~$-])")
_LONGEST = 200


def escaped(text: str, longest: int = _LONGEST) -> str:
    r"""Return a text as one line of Markdown that shows it as it is, without control or direction characters.

    >>> escaped("[mirá](http://x)\n# <b>hola</b>")
    '\\[mirá\\]\\(http://x\\) \\# \\<b\\>hola\\</b\\>'
    """
    return _SPECIAL.sub(r"\\\1", one_line(text, longest))


def one_line(text: str, longest: int = _LONGEST) -> str:
    r"""Return a text as one printable line, cut where it is too long.

    >>> one_line("  Mis\n\u202epoemas ")
    'Mis poemas'
    """
    kept = "".join(" " if char.isspace() else char for char in text if char.isspace() or _printable(char))
    line = " ".join(kept.split())
    return shortened(line, longest)


def _printable(char: str) -> bool:
    return unicodedata.category(char)[0] != "C"
