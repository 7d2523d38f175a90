"""Dates and times as a spreadsheet shows them: a value and its number format (``dd/mm/yyyy``) in, text out."""

from __future__ import annotations

import datetime as dt
import re

_SYSTEM_DATES = {"mm-dd-yy": "dd/mm/yyyy", "m/d/yy h:mm": "dd/mm/yyyy h:mm"}  # shown as the computer's settings say
_LOCALE = re.compile(r"\[\$[^\]-]*-([0-9A-Fa-f]{1,8})")
_TOKENS = re.compile(
    r"""(?P<literal>"[^"]*"|\\.|_.|\*.)|(?P<bracket>\[[^\]]*\])|(?P<half>AM/PM|A/P|am/pm|a/p)"""
    r"""|(?P<code>y+|m+|d+|h+|s+(?:\.0+)?|Y+|M+|D+|H+|S+(?:\.0+)?)|(?P<other>.)""",
    re.DOTALL,
)
_SPANISH = (
    "enero,febrero,marzo,abril,mayo,junio,julio,agosto,septiembre,octubre,noviembre,diciembre",
    "lunes,martes,miércoles,jueves,viernes,sábado,domingo",
)
_ENGLISH = (
    "January,February,March,April,May,June,July,August,September,October,November,December",
    "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
)
_ENGLISH_LOCALES = {9}  # the language is in the lower ten bits of a Windows locale
_ABBREVIATED, _FULL = 3, 4


def shown(value: dt.datetime | dt.date | dt.time, number_format: str) -> str:
    """Write a date as its number format says; midnight of a day alone is left out.

    >>> shown(dt.datetime(2024, 3, 5), "dd/mm/yyyy"), shown(dt.datetime(2024, 3, 5), 'd "de" mmmm "de" yyyy')
    ('05/03/2024', '5 de marzo de 2024')
    >>> shown(dt.datetime(2024, 3, 5), "yyyy-mm-dd h:mm:ss"), shown(dt.time(9, 5), "h:mm AM/PM")
    ('2024-03-05', '9:05 AM')
    """
    if isinstance(value, dt.time):
        moment = dt.datetime.combine(dt.date(1900, 1, 1), value)
    elif isinstance(value, dt.datetime):
        moment = value
    else:
        moment = dt.datetime.combine(value, dt.time())
    form = number_format.split(";", maxsplit=1)[0]
    form = _SYSTEM_DATES.get(form, form)
    locale = _LOCALE.search(form)
    language = int(locale[1], 16) & 0x3FF if locale else 0
    months, days = (names.split(",") for names in (_ENGLISH if language in _ENGLISH_LOCALES else _SPANISH))
    tokens = [(match.lastgroup or "", match[0]) for match in _TOKENS.finditer(form)]
    codes = [text[0].lower() for kind, text in tokens if kind == "code"]
    if not codes:
        return _iso(value)
    halves = any(kind == "half" for kind, _text in tokens)
    with_day = any(code in "yd" for code in codes)
    if with_day and not isinstance(value, dt.time) and moment.time() == dt.time():
        tokens = _without_time(tokens)
    parts: list[str] = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "code":
            minutes = text[0] in "mM" and _is_minutes(tokens, place)
            parts.append(_code(moment, text.lower(), months, days, minutes=minutes, halves=halves))
        elif kind == "half":
            parts.append("AM" if moment.hour < 12 else "PM")  # noqa: PLR2004
        elif kind == "literal":
            parts.append(text.strip('"') if text[0] == '"' else text[1:] if text[0] == "\\" else " " * (text[0] == "_"))
        elif kind == "other":
            parts.append("" if text == "@" else text)
    return "".join(parts).strip()


def _iso(value: dt.datetime | dt.date | dt.time) -> str:
    if not isinstance(value, dt.datetime):
        return value.isoformat()
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="minutes")


def _is_minutes(tokens: list[tuple[str, str]], place: int) -> bool:
    """Tell whether an ``m`` follows hours or is before seconds."""
    before = next((text[0] for kind, text in reversed(tokens[:place]) if kind in {"code", "bracket"}), "")
    inside = next((text for kind, text in reversed(tokens[:place]) if kind in {"code", "bracket"}), "")
    after = next((text[0] for kind, text in tokens[place + 1 :] if kind == "code"), "")
    return (before in "hH" and bool(before)) or inside.lower() in {"[h]", "[hh]"} or (bool(after) and after in "sS")


def _without_time(tokens: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The tokens up to the hours, where the day is before them."""
    hours = next((place for place, (kind, text) in enumerate(tokens) if kind == "code" and text[0] in "hH"), None)
    if hours is None or not any(kind == "code" and text[0] in "yYdD" for kind, text in tokens[:hours]):
        return tokens
    return tokens[:hours]


def _code(moment: dt.datetime, code: str, months: list[str], days: list[str], *, minutes: bool, halves: bool) -> str:
    sign, long = code[0], len(code)
    if sign == "y":
        return f"{moment.year:04}" if long > 2 else f"{moment.year % 100:02}"  # noqa: PLR2004
    if sign == "s":
        fraction = len(code.partition(".")[2])
        digits = f"{moment.microsecond:06}"[:fraction]
        whole = f"{moment.second:02}" if len(code.partition(".")[0]) > 1 else str(moment.second)
        return f"{whole}.{digits}" if fraction else whole
    if sign in "md" and not minutes and long >= _ABBREVIATED:
        name = months[moment.month - 1] if sign == "m" else days[moment.weekday()]
        return name[0] if long > _FULL and sign == "m" else name if long >= _FULL else name[:3]
    value = {"h": moment.hour, "d": moment.day, "m": moment.minute if minutes else moment.month}[sign]
    if sign == "h" and halves:
        value = value % 12 or 12
    return f"{value:02}" if long > 1 else str(value)
