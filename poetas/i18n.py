"""Texts for the learner: gettext, and numbers, durations and sizes as they are written in Argentina.

Message ids are the Spanish texts themselves, so the page is complete without any catalogue. `POETAS_LANG`
(for example ``en``) picks a catalogue from ``locale/``; a text it lacks stays in Spanish.
"""

from __future__ import annotations

import gettext
import math
import os
from collections.abc import Sequence
from functools import lru_cache

from poetas.util.resources import folder

DOMAIN = "poetas"
DECIMAL, THOUSANDS = ",", "."
LONGEST = 1e15  # larger numbers are written as a power of ten
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@lru_cache(maxsize=4)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, folder("locale"), languages=[language], fallback=True)


def language() -> str:
    """Return the language of the interface, ``es`` unless `POETAS_LANG` says otherwise."""
    return os.environ.get("POETAS_LANG", "es")


def _(text: str) -> str:
    """Translate a whole sentence.

    >>> _("Una frase que ningún catálogo traduce")
    'Una frase que ningún catálogo traduce'
    """
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that depends on a count; the caller formats the count in.

    >>> ngettext("{n} texto", "{n} textos", 3).format(n=number(3))
    '3 textos'
    """
    return _catalogue(language()).ngettext(singular, plural, count)


def number(value: float, decimals: int = 0) -> str:
    """Write a number as in Argentina: point for thousands, comma for decimals, a real minus sign; a huge one briefly.

    >>> number(12400), number(1.584, 2), number(-0.5, 1), number(-2.5e300, 2)
    ('12.400', '1,58', '−0,5', '−2,5 × 10³⁰⁰')
    """
    if LONGEST <= abs(value) < math.inf:
        digits, power = f"{value:.1e}".split("e+")
        return f"{number(float(digits), 0 if digits.endswith('.0') else 1)} × 10{power.translate(_RAISED)}"
    plain = f"{abs(value):,.{decimals}f}"
    swapped = plain.replace(",", "\0").replace(".", DECIMAL).replace("\0", THOUSANDS)
    negative = value < 0 and any(digit in "123456789" for digit in plain)
    return ("\N{MINUS SIGN}" if negative else "") + swapped


def signed(value: float, decimals: int = 0) -> str:
    """Write a difference with its sign always shown.

    >>> signed(11.2, 1), signed(-3), signed(0)
    ('+11,2', '−3', '0')
    """
    text = number(value, decimals)
    return text if text.startswith("\N{MINUS SIGN}") or not any(d in "123456789" for d in text) else f"+{text}"


def percent(share: float, decimals: int = 0) -> str:
    r"""Write a share between 0 and 1 as a percentage, with a no-break space; tiny shares are not called zero.

    >>> percent(0.314), percent(0.0004)
    ('31\xa0%', 'menos del 1\xa0%')
    """
    if 0 < share < _smallest(decimals):
        return _("menos del {share}").format(share=_percentage(10**-decimals, decimals))
    return _percentage(100 * share, decimals)


def percent_phrase(share: float, decimals: int = 0) -> str:
    r"""Write a share as a noun phrase for the middle of a sentence, with its article.

    >>> percent_phrase(0.314), percent_phrase(0.0004)
    ('el 31\xa0%', 'menos del 1\xa0%')
    """
    if 0 < share < _smallest(decimals):
        return percent(share, decimals)
    return _("el {share}").format(share=percent(share, decimals))


def _smallest(decimals: int) -> float:
    """The least share that is not rounded to zero."""
    return 0.5 / 10.0 ** (decimals + 2)


def _percentage(value: float, decimals: int) -> str:
    return f"{number(value, decimals)}\N{NO-BREAK SPACE}%"


def duration(seconds: float) -> str:
    """Write a duration in at most two units.

    >>> duration(4), duration(130), duration(3700)
    ('4 s', '2 min 10 s', '1 h 1 min')
    """
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{number(hours)} h {minutes} min" if minutes else f"{number(hours)} h"
    if minutes:
        return f"{minutes} min {left} s" if left else f"{minutes} min"
    return f"{left} s"


def listed(phrases: Sequence[str]) -> str:
    """Return several phrases as one.

    >>> listed(["ROUGE-2", "ROUGE-L", "chrF"])
    'ROUGE-2, ROUGE-L y chrF'
    """
    if len(phrases) < 2:  # noqa: PLR2004
        return "".join(phrases)
    return _("{list} y {last}").format(list=", ".join(phrases[:-1]), last=phrases[-1])


def duration_count(seconds: float) -> int:
    """Return what a verb before `duration` agrees with: 1 where it is one unit («falta 1 min»), else 2.

    >>> duration_count(60), duration_count(61), duration_count(0)
    (1, 2, 2)
    """
    return 1 if duration(seconds) in {"1 s", "1 min", "1 h"} else 2


def size(count: float) -> str:
    """Write a number of bytes in decimal units, as file managers do.

    >>> size(239_000_000), size(1_600_000_000), size(12)
    ('239 MB', '1,6 GB', '12 bytes')
    """
    for unit, scale, decimals in (("GB", 1e9, 1), ("MB", 1e6, 0), ("kB", 1e3, 0)):
        if count >= scale:
            return f"{number(count / scale, decimals)} {unit}"
    return f"{number(count)} bytes"
