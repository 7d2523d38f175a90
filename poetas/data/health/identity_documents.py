"""Check for identity and tax numbers (DNI, CUIT, CUIL, passports, those of neighbouring countries); "[documento]".

A DNI has no check digit: eight digits are one where the words before them say so, or where they follow a person's name
as they do in records ("Paz, Ana, 23.456.789"). Numbers with check digits are taken wherever they are right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module

import pandas as pd

from poetas.data.health.personal_data import Stretch, mask_cells, may_hold_numbers, personal_check
from poetas.i18n import _, ngettext

_DIGITS = r"(?:[MF][ -]?)?\d{1,2}(?:[. \N{NO-BREAK SPACE}]?\d{3}){2}(?:-\d\b)?(?![\d%]|[.,]\d)"
# After "DNI" only, where a spreadsheet or a hand separated the thousands otherwise; the sign is the same twice.
_GROUPED = r"\d{1,2}(?P<sign>[,'’-])\d{3}(?P=sign)\d{3}(?![\d%]|[.,]\d)"
_NUMBER_SIGN = r"n[°ºro]{1,2}\.?|n[úu]m(?:ero)?\.?"
# What may be between "documento" and its number; after "DNI", which means one thing only, nearly anything.
_BETWEEN = (
    r"(?:[\s:#.,(–-]|nac(?:ional)?|[úu]nico|de identidad|de enrolamiento|argentino|c[íi]vica"
    rf"|{_NUMBER_SIGN}|es|era|:){{0,10}}"
)
_AFTER_WORD = (
    re.compile(
        rf"\bD\.?[ ]?N\.?[ ]?I(?![^\W\d_])"
        rf"(?:[^\d$.]|\.(?!\s+(?-i:[A-ZÁÉÍÓÚ])(?![°ºro]))){{0,30}}?(?<!\d)(?P<number>{_GROUPED}|{_DIGITS})",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:documentos?|doc|c[ée]dula|libreta)\b{_BETWEEN}(?<![\d$])(?P<number>{_DIGITS})", re.IGNORECASE),
    re.compile(
        rf"\b(?:L\.?[ ]?[EC]|D\.?U|C\.?I|M\.I)\b\.?[\s:#.–-]{{0,4}}(?:[Nn][°ºro]{{1,2}}\.?\s?)?(?P<number>{_DIGITS})"
    ),
    re.compile(r"\bpasaporte\b[^\d\n]{0,20}?(?P<number>\b[A-Z]{2,3}[ -]?\d{6,7})\b", re.IGNORECASE),
    re.compile(
        r"\bCUI[TL]\b[^\d\n$]{0,25}?(?P<number>\d{2}[ .–‑-]?\d{2}\.?\d{3}\.?\d{3}[ .–‑-]?\d)(?!\d)", re.IGNORECASE
    ),
)
_NAME = r"[A-ZÁÉÍÓÚÑ][\w'’]{1,30}"
_AFTER_NAME = re.compile(
    rf"\b{_NAME}(?:\s+(?:(?:de|del|la|los)\s+){{0,2}}{_NAME}){{1,4}}(?:\s*[,;(–-]\s*|\s+)(?P<number>\d{{2}}\.\d{{3}}\.\d{{3}})"
    r"(?!\d|[.,]\d|\s?%)(?!\s+(?!(?:y|con|domicili\w+|nacid\w+|vive|argentin\w+|de\s+profesi\w+|quien|que)\b)[^\W\d_])"
    rf"|\b{_NAME},\s{_NAME},?\s*(?P<other>\d{{2}}\.\d{{3}}\.\d{{3}})(?!\d|[.,]\d|\s?%)(?!\s+[^\W\d_])"
)
_NEXT = re.compile(
    rf"\s*(?:[,;/]|y|e)(?:\s+(?:el\s+)?del?\s+(?:su|mi|tu|la|el)?\s*\w{{1,20}}:?)?\s*(?P<number>{_DIGITS})",
    re.IGNORECASE,
)  # "DNI 23.456.789 y 24.567.890"
_ROUND = ".000"  # "Río Cuarto 15.000.000": of people, most likely
_AMOUNT_BEFORE = re.compile(r"(?:\$|USD|U\$S|€|pesos|ARS)\s?$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(
    r"\s*(?:de\s+)?(?:pesos|d[óo]lares|euros|habitantes|personas|votos|kil[óo]metros|km|hect[áa]reas|toneladas|millones"
    r"|ejemplares|litros|metros|años|copias|firmas)\b",
    re.IGNORECASE,
)
# Shape of a number with check digits, and the function that knows them.
_CHECKED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![\d.-])\d{2}([ .‑-]?)\d{2}\.?\d{3}\.?\d{3}\1\d(?![\d]|[.,-]\d)"), "stdnum.ar.cuit"),
    (re.compile(r"(?<![\d.-])\d{1,2}\.\d{3}\.\d{3}-[\dkK](?!\w)"), "stdnum.cl.rut"),
    (re.compile(r"(?<![\d.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)"), "stdnum.br.cpf"),
    (re.compile(r"(?<![\w.-])\d{8}-?[A-HJ-NP-TV-Z](?!\w)"), "stdnum.es.dni"),
    (re.compile(r"(?<![\w.-])[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z](?!\w)"), "stdnum.es.nie"),
    (re.compile(r"(?<!\w)[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z\d]\d(?!\w)"), "stdnum.mx.curp"),
)


@cache
def _validator(module: str) -> Callable[[str], bool]:
    valid: Callable[[str], bool] = import_module(module).is_valid
    return lambda number: valid(re.sub(r"[\s.‑-]", "", number))


def find_documents(text: str) -> list[Stretch]:
    """The places of the numbers.

    >>> text = "Ana Paz, DNI 23.456.789, CUIT 20-12345678-6, cobró $ 12.345.678 en 1998."
    >>> [text[start:end] for start, end in find_documents(text)]
    ['23.456.789', '20-12345678-6']
    """
    if not may_hold_numbers(text):
        return []
    places = {
        match.span() for form, module in _CHECKED for match in form.finditer(text) if _validator(module)(match[0])
    }
    for form in _AFTER_WORD:
        for first in form.finditer(text):
            match: re.Match[str] | None = first
            while match is not None and not _is_amount(text, *match.span("number")):
                places.add(match.span("number"))
                match = _NEXT.match(text, match.end())
    for named in _AFTER_NAME.finditer(text):
        span = named.span("number" if named["number"] else "other")
        if not _is_amount(text, *span) and not text[slice(*span)].endswith(_ROUND):
            places.add(span)
    return sorted(places)


def _is_amount(text: str, start: int, end: int) -> bool:
    return bool(_AMOUNT_BEFORE.search(text[max(0, start - 8) : start]) or _AMOUNT_AFTER.match(text, end))


def mask_documents(table: pd.DataFrame) -> pd.DataFrame:
    """The step."""
    return mask_cells(table, find_documents, "documento")


CHECK = personal_check(
    "document",
    lambda: _("No hay números de documento"),
    lambda n: ngettext(
        "En {n} texto hay números de documento o de CUIT.", "En {n} textos hay números de documento o de CUIT.", n
    ),
    "mask-documents",
)
