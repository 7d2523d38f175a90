"""Personal data in a text, by their shape: e-mail, document and tax numbers, account and card numbers, phones.

For a report on what a model recites: a number that only looks like a document counts too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from poetas.i18n import ngettext, number


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """One of them. kind: a key of `KINDS`. start, end: where, in characters. key: its letters and digits alone."""

    kind: str
    start: int
    end: int
    text: str

    @property
    def key(self) -> str:
        """What is the same however it is written."""
        return "".join(char for char in self.text.casefold() if char.isalnum() or char == "@")


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _luhn(text: str) -> bool:
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _cuit(text: str) -> bool:
    digits = [int(digit) for digit in _digits(text)]
    weights = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    check = -sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
    return check == digits[10]


def _any(_text: str) -> bool:
    return True


# The first that fits wins: a longer number is not also a document.
KINDS: dict[str, tuple[re.Pattern[str], Callable[[str], bool]]] = {
    "email": (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _any),
    "account": (re.compile(r"(?<![\d.,])\d{22}(?![\d])"), _any),
    "card": (re.compile(r"(?<![\d.,])\d{4}[ -]?\d{4,6}[ -]?\d{4,5}(?:[ -]?\d{1,4})?(?!\d)"), _luhn),
    "tax": (re.compile(r"(?<![\d.,])(?:20|2[3-7]|3[034])[- ]?\d{2}\.?\d{3}\.?\d{3}[- ]?\d(?!\d)"), _cuit),
    "document": (re.compile(r"(?<![\d.,])(?:\d{1,2}\.\d{3}\.\d{3}|\d{7,8})(?![\d]|[.,]\d)"), _any),
    "phone": (re.compile(r"(?<![\d.,])(?:\+\d{1,3}[ -]?)?(?:9[ -])?\(?\d{2,5}\)?[ -]\d{3,4}[ -]?\d{4}(?!\d)"), _any),
}


def find_personal_data(text: str) -> list[PersonalDatum]:
    """Return the personal data of a text, in order; none overlaps another.

    >>> [(datum.kind, datum.text) for datum in find_personal_data("Ana, DNI 23.456.789, ana@correo.example")]
    [('document', '23.456.789'), ('email', 'ana@correo.example')]
    """
    taken: list[PersonalDatum] = []
    for kind, (pattern, valid) in KINDS.items():
        for match in pattern.finditer(text):
            free = all(match.end() <= datum.start or match.start() >= datum.end for datum in taken)
            if free and valid(match[0]):
                taken.append(PersonalDatum(kind, match.start(), match.end(), match[0]))
    return sorted(taken, key=lambda datum: datum.start)


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
        case _:
            phrase = ngettext("{n} número de tarjeta", "{n} números de tarjeta", count)
    return phrase.format(n=number(count))
