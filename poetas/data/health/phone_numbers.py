"""Check for phone numbers, with `phonenumbers`; masked as "[teléfono]".

A number that is valid is taken where it is written as phones are (with +, parentheses or groups) or where the words
before it say so; a local one, which no list can check, only after such words.
"""

from __future__ import annotations

import re

import pandas as pd

from poetas.data.health.personal_data import Stretch, mask_cells, may_hold_numbers, personal_check
from poetas.i18n import _, ngettext

_CANDIDATE = re.compile(
    r"(?:(?<![\w$€.,/+-])|(?<=[a-z]\.)(?=\())(?:\+|00)?\(?\d{1,5}\)?"
    r"(?:(?:[ .\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}–-]{1,3}|(?<=\)))\(?\d{1,8}\)?){0,6}(?!\w)"
    r"|(?<![\w$€.,/+-])\+?\d{6,15}(?!\w)"
)
_SAID = re.compile(
    r"\b(?:tel(?:[ée]fonos?|s)?|cel(?:ular(?:es)?)?|m[óo]vil(?:es)?|whats?app?|wsp|wapp?|fono|fax|interno|ll[aá]m\w{1,8}"
    r"|l[íi]nea (?:directa|gratuita|de \w{1,12})|telefone\w{1,6}|contact\w{1,6}|n[úu]mero de contacto"
    r"|mand\w{1,4} (?:un )?(?:mensaje|sms)"
    r"|phone|call)\b"
    r"[^\d\n]{0,25}$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:ISBN|ISSN|IMEI|EAN|pedido|orden|gu[ií]a|expediente|factura|seguimiento|tracking|c[oó]digo|serie|lote|ticket"
    r"|matr[ií]cula|legajo|DNI|documento|cuenta|p[óo]liza|remito|art[íi]culo|ley|decreto|resoluci[óo]n|versi[óo]n|p[áa]ginas?|\$"
    r"|n[°º]|nro\.?|c\.?p\.?)[^\d\n]{0,15}$",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?: \d{3})+")
_DATE = re.compile(r"\d{1,2}[ .-]\d{1,2}[ .-](?:\d{2}|\d{4})|\d{4}-\d{1,2}-\d{1,2}|[12]\d{3}(?:[ –-]+[12]\d{3})+")
_DAY = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")  # "llamó 20240312": 12th of March
_TO = re.compile(r"\b(?:al|tel\w{0,7}|cel\w{0,7}|whats?app?|fono|fax)[\s.:]{0,3}$", re.IGNORECASE)
_COUNTED = re.compile(
    r"\s*(?:de )?(?:veces|personas|vecin[oa]s|gente|amig[oa]s|vers[oa]s|años|días|pesos|millones|pájaros|nombres)\b",
    re.IGNORECASE,
)
_COUNTING = re.compile(r"\d(?: \d){5,14}")  # "1 2 3 4 5 6 7"
_REGIONS = ("AR", "UY", "CL", "PY", "BO", "MX", "CO", "PE", "ES")
_FEWEST, _MOST, _WHOLE = 6, 15, 10  # digits: of a local number, of any, and of one with its area
_BEFORE = 45


def find_phones(text: str) -> list[Stretch]:
    """The places of the numbers.

    >>> text = "Llamá al 4382-1234 o al +54 9 11 4567-8901; en 1976-1983 costaba 1.234.567."
    >>> [text[start:end] for start, end in find_phones(text)]
    ['4382-1234', '+54 9 11 4567-8901']
    """
    if not may_hold_numbers(text):
        return []
    places: list[Stretch] = []
    said_until = -1  # "al 4382-1234 o al 4382-9999": what was said of one holds for the next
    for match in _CANDIDATE.finditer(text):
        raw = match[0].rstrip(" .-–(")
        digits = sum(character.isdigit() for character in raw)
        if not _FEWEST <= digits <= _MOST or _AMOUNT.fullmatch(raw) or _DATE.fullmatch(raw):
            continue
        if _COUNTING.fullmatch(raw) or _COUNTED.match(text, match.start() + len(raw)):
            continue
        start, before = match.start(), text[max(0, match.start() - _BEFORE) : match.start()]
        if _DAY.fullmatch(raw) and not _TO.search(before):
            continue
        said = bool(_SAID.search(before)) or 0 <= said_until >= start - len(" o al ")
        if (said or not _OTHER.search(before)) and _is_phone(raw, digits, said=said):
            places.append((start, start + len(raw)))
            said_until = start + len(raw) if said else -1
    return places


def _is_phone(raw: str, digits: int, *, said: bool) -> bool:
    from phonenumbers import NumberParseException, is_valid_number, parse  # noqa: PLC0415 - few texts need it

    grouped = not raw.isdigit()
    if not said and not (grouped and digits >= _WHOLE) and not raw.startswith("+"):
        return False
    for region in _REGIONS if said else _REGIONS[:1]:
        try:
            if is_valid_number(parse(raw, region)):
                return True
        except NumberParseException:
            return False
    return said and digits <= _WHOLE + 1


def mask_phones(table: pd.DataFrame) -> pd.DataFrame:
    """The step."""
    return mask_cells(table, find_phones, "teléfono")


CHECK = personal_check(
    "phone",
    lambda: _("No hay números de teléfono"),
    lambda n: ngettext("En {n} texto hay números de teléfono.", "En {n} textos hay números de teléfono.", n),
    "mask-phones",
)
