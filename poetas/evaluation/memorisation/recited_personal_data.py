"""Personal data of the training texts, by the finders of the health checks, and which of them a written text repeats.

What a model writes is searched for those data alone, however they are punctuated: a number of its own is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from poetas.i18n import ngettext, number

_HEALTH = "poetas.data.health"  # imported with the first text: a page needs the words alone
# The first that finds a place has it: a longer number is not also a document.
_FINDERS = (
    ("link", "url_tokens", "find_secret_urls"),
    ("email", "email_addresses", "find_emails"),
    ("account", "payment_numbers", "find_accounts"),
    ("card", "payment_numbers", "find_cards"),
    ("document", "identity_documents", "find_documents"),
    ("phone", "phone_numbers", "find_phones"),
)
KINDS = ("email", "account", "card", "tax", "document", "phone", "link")
_TAX_DIGITS = 11  # of a CUIT or CUIL


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One of them. kind: one of `KINDS`. start, end: where, in characters. key: its letters and digits alone."""

    kind: str
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """What is the same however it is written."""
        return _key(self.text)


def _key(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum() or char == "@")


def find_personal_data(text: str) -> list[PersonalDatum]:
    """Return the personal data of a text, in order; none overlaps another.

    >>> [(datum.kind, datum.text) for datum in find_personal_data("Ana, DNI 23.456.789, ana@correo.com.ar")]
    [('document', '23.456.789'), ('email', 'ana@correo.com.ar')]
    """
    taken: list[PersonalDatum] = []
    for kind, module, function in _FINDERS:
        for start, end in getattr(import_module(f"{_HEALTH}.{module}"), function)(text):
            if all(end <= datum.start or start >= datum.end for datum in taken):
                written = text[start:end]
                tax = kind == "document" and len(_key(written)) == _TAX_DIGITS and _key(written).isdecimal()
                taken.append(PersonalDatum("tax" if tax else kind, start, end, written))
    return sorted(taken, key=lambda datum: datum.start)


def repeated_data(known: Mapping[str, PersonalDatum], text: str) -> list[PersonalDatum]:
    """Return the known data that a text repeats, with other capitals, blanks or points or with none.

    >>> known = {datum.key: datum for datum in find_personal_data("Mi DNI es 23.456.789.")}
    >>> [datum.text for datum in repeated_data(known, "DNI 23 456 789")], repeated_data(known, "DNI 123.456.789")
    (['23.456.789'], [])
    """
    bare = _key(text)
    lower = text.casefold()
    return [datum for key, datum in known.items() if key and key in bare and _pattern(key).search(lower)]


@cache
def _pattern(key: str) -> re.Pattern[str]:
    spaced = r"[\W_]{0,3}".join(map(re.escape, key))
    return re.compile(rf"(?<![^\W_]){spaced}(?![^\W_])")


def counted(kinds: Iterator[str] | list[str]) -> list[str]:
    """Return what there is of each kind, as phrases.

    >>> counted(["email", "document", "email"])
    ['2 correos', '1 número de documento']
    """
    kinds = list(kinds)
    return [_phrase(kind, kinds.count(kind)) for kind in KINDS if kind in kinds]


def _phrase(kind: str, count: int) -> str:
    match kind:
        case "email":
            phrase = ngettext("{n} correo", "{n} correos", count)
        case "document":
            phrase = ngettext("{n} número de documento", "{n} números de documento", count)
        case "tax":
            phrase = ngettext("{n} CUIT", "{n} CUIT", count)
        case "phone":
            phrase = ngettext("{n} teléfono", "{n} teléfonos", count)
        case "account":
            phrase = ngettext("{n} número de cuenta", "{n} números de cuenta", count)
        case "link":
            phrase = ngettext("{n} enlace con clave", "{n} enlaces con clave", count)
        case _:
            phrase = ngettext("{n} número de tarjeta", "{n} números de tarjeta", count)
    return phrase.format(n=number(count))
