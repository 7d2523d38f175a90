"""Parsing and writing of numbers as they are typed in Argentina: 0,0002 and 1.024."""

from __future__ import annotations

import re
from decimal import Decimal
from math import isfinite

from poetas.i18n import number

DIGITS = 6  # that count; no knob has more
_LONGEST = 40  # characters; no number that anybody types has more
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


def read_number(typed: str, *, whole: bool = False) -> float:
    """Read a number with a comma or a point before its decimals. Raises ValueError for what is none.

    whole: it counts things, so that three digits after a point or a comma are thousands.

    >>> read_number("0,0005"), read_number("0.0005"), read_number("5e-4"), read_number("1.234,5")
    (0.0005, 0.0005, 0.0005, 1234.5)
    >>> read_number("1.024", whole=True), read_number("1.024")
    (1024.0, 1.024)
    """
    compact = "".join(typed[: _LONGEST + 1].split()).replace("\N{MINUS SIGN}", "-")
    groups = _GROUPS.fullmatch(compact)
    decimal = max(".,", key=compact.rfind)  # the last of the two
    if groups and (whole or compact.count(groups[1]) > 1):
        compact = compact.replace(groups[1], "")
    elif compact.count(decimal) == 1:
        compact = compact.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if len(typed) > _LONGEST or not _PLAIN.fullmatch(compact) or not isfinite(value := float(compact)):
        raise ValueError(typed)
    return value


def written(value: float) -> str:
    """Write a number with as many decimals as it needs.

    >>> written(0.0002), written(1e-06), written(2.5), written(1024)
    ('0,0002', '0,000001', '2,5', '1.024')
    """
    exact = Decimal(f"{value:.{DIGITS}g}") if isinstance(value, float) else Decimal(value)
    return number(value, len(f"{exact:f}".partition(".")[2]))
