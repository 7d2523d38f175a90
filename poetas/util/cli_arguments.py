"""The command line in the learner's language: argparse's own words, and the kinds of value that options take.

argparse asks gettext for each of its sentences, in the catalogue that happens to be the process's. The name through
which it asks is given our catalogue instead, which covers headings, usage and every error in one place.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from poetas.i18n import _

_LONGEST = 9  # digits: far more than any option's range, and few enough for `int`


def _sentences() -> dict[str, str]:
    """What argparse says to whoever types (not to whoever programs), of Python 3.11 to 3.14."""
    return {
        "usage: ": _("uso: "),
        "positional arguments": _("argumentos"),
        "options": _("opciones"),
        "show this help message and exit": _("mostrar esta ayuda y salir"),
        "%(prog)s: error: %(message)s\n": _("%(prog)s: error: %(message)s\n"),
        "argument %(argument_name)s: %(message)s": _("%(argument_name)s: %(message)s"),
        "expected one argument": _("le falta el valor"),
        "ignored explicit argument %r": _("no lleva ningún valor, y tiene %r"),
        "unrecognized arguments: %s": _("no conozco: %s"),
        "unexpected option string: %s": _("no esperaba la opción %s"),
        "the following arguments are required: %s": _("falta: %s"),
        "ambiguous option: %(option)s could match %(matches)s": _("%(option)s puede ser: %(matches)s"),
        "invalid choice: %(value)r (choose from %(choices)s)": _("%(value)r no está entre: %(choices)s"),
        "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)": _(
            "%(value)r no está entre: %(choices)s. ¿Quisiste decir %(suggestion)r?"
        ),
    }


def _told(text: str) -> str:
    return _sentences().get(text, text)


argparse._ = _told  # type: ignore[attr-defined]  # the one door to all of its sentences


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    """Return a reader of whole numbers of a range, for ``type=``.

    >>> whole(1, 65535)("8866")
    8866
    """

    def read(text: str) -> int:
        if text.isascii() and text.isdigit() and len(text) <= _LONGEST and lowest <= int(text) <= highest:
            return int(text)
        sentence = _("«{text}» no es un número entero entre {lowest} y {highest}")
        raise argparse.ArgumentTypeError(sentence.format(text=text[:40], lowest=lowest, highest=highest))

    return read


def filled(text: str) -> str:
    """Read a text that may not be blank: an empty one is what a variable that was never set leaves behind."""
    if not text.strip():
        raise argparse.ArgumentTypeError(_("está vacío"))
    return text.strip()


def path(text: str) -> Path:
    """Read a path, also one whose ``~`` the shell left as it was (as in ``--data=~/cartas.csv``).

    >>> path("~/cartas.csv") == Path.home() / "cartas.csv"
    True
    """
    told = Path(filled(text))
    try:
        return told.expanduser()
    except RuntimeError:  # nobody here has that name: it may be a file's
        return told
