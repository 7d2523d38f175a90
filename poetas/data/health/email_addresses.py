"""Check for e-mail addresses, also written with "(arroba)"; masked as "[correo]"."""

from __future__ import annotations

import re

import pandas as pd

from poetas.data.health.personal_data import Stretch, mask_cells, personal_check
from poetas.i18n import _, ngettext

# Every repetition is bounded: a text without any address is read once, whatever it holds.
_ADDRESS = re.compile(
    r"(?<![\w.+%&-])[\w][\w.+%&'-]{0,63}@(?:[^\W_][\w-]{0,62}\.){1,8}"
    r"(?P<end>xn--[a-z\d-]{2,59}|[^\W\d_]{2,24})(?![^\W_]|@)"
)
_SPACED = re.compile(
    r"(?<![\w.+-])\w[\w.+-]{0,63}\s?(?:@|[\[({]a[\])}])\s?"
    r"(?:gmail|hotmail|yahoo|outlook|live|icloud|proton(?:mail)?|fibertel|arnet)"
    r"(?:,com\b|\s?\.\s?[a-z]{2,4})(?:\s?\.\s?[a-z]{2,4})?(?!\w)",
    re.IGNORECASE,
)
_SPACED_SIGN = re.compile(r"@|[\[({]a[\])}]", re.IGNORECASE)
_SPELT_SIGN = re.compile(r"arroba|[\[({]\s?(?:at|@)\s?[\])}]", re.IGNORECASE)
_SPELT = re.compile(
    r"(?<![\w.+-])\w[\w.+-]{0,63}\s?[\[({]\s?(?:arroba|at|@)\s?[\])}]\s?[^\W_][\w-]{0,62}"
    r"(?:\s?(?:\.|[\[({]\s?(?:punto|dot)\s?[\])}]|\spunto\s)\s?[^\W\d_]{2,24}){1,3}(?!\w)"
    r"|(?<![\w.+-])\w[\w.+-]{0,63}\sarroba\s[^\W_][\w-]{0,62}(?:\s?(?:\.|\spunto)\s?[^\W\d_]{2,24}){1,3}(?!\w)",
    re.IGNORECASE,
)
_FILES = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "pdf", "css", "js", "ico", "bmp"})  # "foto@2x.png"


def find_emails(text: str) -> list[Stretch]:
    """The places of the addresses.

    >>> [text[start:end] for text in ["a ana.paz@mail.com.ar, ya"] for start, end in find_emails(text)]
    ['ana.paz@mail.com.ar']
    """
    places: list[Stretch] = []
    if "@" in text:
        places += [match.span() for match in _ADDRESS.finditer(text) if match["end"].lower() not in _FILES]
    bracketed = any(bracket in text for bracket in "([{")  # quicker than the patterns, which ignore case
    if "@" in text or (bracketed and _SPACED_SIGN.search(text)):
        places += [match.span() for match in _SPACED.finditer(text)]
    if "arroba" in text.lower() or (bracketed and _SPELT_SIGN.search(text)):
        places += [match.span() for match in _SPELT.finditer(text)]
    return sorted(set(places))


def mask_emails(table: pd.DataFrame) -> pd.DataFrame:
    """The step."""
    return mask_cells(table, find_emails, "correo")


CHECK = personal_check(
    "email",
    lambda: _("No hay direcciones de correo"),
    lambda n: ngettext("En {n} texto hay direcciones de correo.", "En {n} textos hay direcciones de correo.", n),
    "mask-emails",
)
