"""Check for card numbers (Luhn), CBU, CVU and IBAN, whose check digits are right; masked as "[tarjeta]", "[cuenta]"."""

from __future__ import annotations

import re
from itertools import chain

import pandas as pd

from poetas.data.health.personal_data import Stretch, mask, may_hold_numbers, personal_check
from poetas.data.pipeline.table_cells import map_cells
from poetas.i18n import _, ngettext

_BLANK = "[\t\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]"
_BY = f"(?: {{1,2}}| ?[.–\N{HYPHEN}\N{NON-BREAKING HYPHEN}-] ?|{_BLANK})?"
_CARD = re.compile(
    rf"(?<!\d)(?P<number>\d{{4}}(?P<by>{_BY})\d{{4}}(?P=by)\d{{4}}(?P=by)\d{{4}}(?:(?P=by)\d{{3}})?"
    rf"|3[47]\d{{2}}(?P<six>{_BY})\d{{6}}(?P=six)\d{{5}}"
    rf"|3(?:0[0-5]|[689]\d)\d(?P<four>{_BY})\d{{6}}(?P=four)\d{{4}}"
    r"|\d{4}[ .-]\d{12}|\d{8}[ .-]\d{8}|\d{12}[ .-]\d{4}|\d{13,19})"
    r"(?:-\d{3}(?![\d-]))?(?!\d|-\d)"  # the code on its back may follow
)
# Over two lines, or a group on each, with no other number in them before or after but when the card expires. Lines of
# an e-mail that is answered begin with ">".
_END = r"-?[^\S\n]{0,8}\n[^\S\n]{0,8}(?:>[^\S\n]?){0,3}"
_GAP = r"[ \N{NO-BREAK SPACE}-]"
_EXPIRES = r"\d{1,2} ?/ ?\d\d"
_BROKEN = re.compile(
    rf"(?<![\d.,])(?<!\d{_GAP})(?P<number>\d{{4}}(?:{_END}\d{{4}}){{3}}(?!\n\d)"
    rf"|\d{{4}}(?:{_GAP}?\d{{4}}){{0,2}}{_END}\d{{4}}(?:{_GAP}?\d{{4}}){{0,2}}"
    rf"|3[47]\d{{2}}(?:{_END}\d{{6}}{_GAP}?|{_GAP}?\d{{6}}{_END})\d{{5}})(?!\d|{_GAP}(?!{_EXPIRES})\d|[.,]\d)"
)
# First digits and lengths of the issuers' numbers (ISO/IEC 7812).
_ISSUERS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5\d{15}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6\d{15}|6[2-9]\d{16,17}"
)
_ACCOUNT = re.compile(r"(?<!\d)\d(?:[ -]?\d){21}(?![ -]?\d)")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")
_OTHER = re.compile(
    r"(?:ISBN|IMEI|EAN|pedido|orden|gu[ií]a|expediente|factura|seguimiento|tracking|c[oó]digo de barras|serie|lote)"
    r"[^\d\n]{0,20}$",
    re.IGNORECASE,
)
_BEFORE = 45


def find_cards(text: str) -> list[Stretch]:
    """The places of the card numbers.

    >>> find_cards("Tarjeta 4539 1488 0343 6467, ISBN 978-950-07-3191-3")
    [(8, 27)]
    """
    if not may_hold_numbers(text):
        return []
    from stdnum import luhn  # noqa: PLC0415 - few texts need it

    places: list[Stretch] = []
    broken = _BROKEN.finditer(text) if "\n" in text else ()
    for match in chain(_CARD.finditer(text), broken):
        digits = re.sub(r"\D", "", match["number"])
        other = _OTHER.search(text[max(0, match.start() - _BEFORE) : match.start()])
        if not other and _ISSUERS.fullmatch(digits) and luhn.is_valid(digits):
            places.append(match.span())
    return places


def find_accounts(text: str) -> list[Stretch]:
    """The places of CBU, CVU and IBAN.

    >>> find_accounts("CBU 2850590940090418135201.")
    [(4, 26)]
    """
    if not may_hold_numbers(text):
        return []
    from stdnum import iban  # noqa: PLC0415 - few texts need it
    from stdnum.ar import cbu  # noqa: PLC0415

    places = [match.span() for match in _ACCOUNT.finditer(text) if cbu.is_valid(re.sub(r"\D", "", match[0]))]
    return places + [match.span() for match in _IBAN.finditer(text) if iban.is_valid(match[0].replace(" ", ""))]


def mask_payment(table: pd.DataFrame) -> pd.DataFrame:
    """The step."""
    return map_cells(table, _masked)


def _masked(text: str) -> str:
    if not may_hold_numbers(text):
        return text
    bare = mask(text, find_accounts(text), "cuenta")
    return mask(bare, find_cards(bare), "tarjeta")


CHECK = personal_check(
    "payment",
    lambda: _("No hay números de tarjetas ni de cuentas"),
    lambda n: ngettext(
        "En {n} texto hay números de tarjetas o de cuentas.", "En {n} textos hay números de tarjetas o de cuentas.", n
    ),
    "mask-payment",
)
