"""Shapes of single lines: a line in, whether it is a separating mark or a title out."""

from __future__ import annotations

import re
from enum import StrEnum

LONGEST_TITLE, MOST_WORDS = 60, 9
LONGEST_DEDICATION = 120
_SIGNS = "*·•~=_\\-–—#⁂❦❧☙✦✶✻★☆◊◆❖§+"
_MARK = re.compile(rf"[{_SIGNS}](?:[{_SIGNS}\s]{{0,78}}[{_SIGNS}])?")
_NUMERAL = r"(?:[IVXLC]{1,7}|\d{1,3})"
_NUMBERED = re.compile(rf"\(?{_NUMERAL}[.)º°]?(?:[.\-–—])?")
_NAMES = (
    "poemas?|sonetos?|coplas?|cantos?|romances?|odas?|eleg[ií]as?|rimas?|hai[kc]us?|d[eé]cimas?|can(?:ci[oó]n|ciones)"
    "|cap[ií]tulos?|partes?|libros?|cuentos?|relatos?|cartas?|escenas?|actos?|cap[ií]tol|sonnets?|poems?|chapters?|parts?"
    "|chapitres?|kapitel|capitolo|soneto|poesias?|n[uú]mero|texto|nota|d[ií]a|estampa|f[aá]bula"
)
_ORDINAL = (
    "primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|sext[oa]|s[eé]ptim[oa]|octav[oa]|noven[oa]|d[eé]cim[oa]"
)
_NAMED = re.compile(
    rf"(?:(?:{_NAMES})\s+(?:n[.º°]*\s*)?(?:{_NUMERAL}|{_ORDINAL}|[uú]ltim[oa])|(?:{_ORDINAL})\s+(?:{_NAMES}))"
    rf"(?:\s*[.:\-–—)].{{0,40}})?",
    re.IGNORECASE,
)
_DEDICATION = re.compile(r"(?:a|al|para|por|en memoria|in memoriam)\b|[(\[«“\"'].*[)\]»”\"']", re.IGNORECASE)
_DECORATED = re.compile(rf"(?P<sign>[{_SIGNS}])(?P=sign){{0,5}}\s(?P<title>[^{_SIGNS}].{{0,60}})\s(?P=sign){{1,6}}")
_COUNTED = re.compile(
    r"\(?(?:(?P<digits>\d{1,3})|(?P<roman>[IVXLC]{1,7}))(?:[.)º°]\s*[-–—]?|\s*[-–—])\s*(?P<title>[^\W\d_].*)"
)
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_LETTER = re.compile(r"[^\W\d_]")
_OPENING = re.compile(r"[\"'«“‘¡¿(\[]*[^\W_]")


class TitleShape(StrEnum):
    """What makes a line look like a title; COLON and PLAIN need the company of others."""

    NONE = ""
    NUMERAL = "numeral"
    NAMED = "named"
    CAPITALS = "capitals"
    DECORATED = "decorated"
    COLON = "colon"
    PLAIN = "plain"


_BEFORE_COLON = (TitleShape.PLAIN, TitleShape.CAPITALS, TitleShape.NAMED)
COMPANY = (TitleShape.COLON, TitleShape.PLAIN)  # a verse may look so too: they are titles where most lines alone do


def is_mark(text: str) -> bool:
    """Tell whether a line is a mark that separates texts. Dots are not: they stand for verses left out.

    >>> is_mark(" * * * "), is_mark("———"), is_mark("......"), is_mark("—No."), is_mark("")
    (True, True, False, False, False)
    """
    return bool(_MARK.fullmatch(text.strip()[:81]))


def title_shape(text: str) -> TitleShape:
    """The shape of a line that may be a title.

    >>> [str(title_shape(text)) for text in ("IV", "Soneto 3", "LA CASA", "La casa", "la casa", "Y se fue.")]
    ['numeral', 'named', 'capitals', 'plain', '', '']
    >>> str(title_shape("- La casa -")), str(title_shape("La casa:"))
    ('decorated', 'colon')
    """
    text = text.strip()
    if (decorated := _DECORATED.fullmatch(text[: LONGEST_TITLE + 2])) is not None:
        return TitleShape.DECORATED if _bare_shape(decorated["title"].capitalize()) else TitleShape.NONE
    if text[-1:] == ":" and _bare_shape(text[:-1]) in _BEFORE_COLON:
        return TitleShape.COLON
    return _bare_shape(text)


def _bare_shape(text: str) -> TitleShape:
    if not text or len(text) > LONGEST_TITLE or len(text.split()) > MOST_WORDS:
        return TitleShape.NONE
    if _NUMBERED.fullmatch(text):
        return TitleShape.NUMERAL
    if not _OPENING.match(text) or text[-1] in ",;:" or text.endswith(("--", "—")):
        return TitleShape.NONE
    if _NAMED.fullmatch(text) and text[-1] != ".":
        return TitleShape.NAMED
    if text.isupper() and len(_LETTER.findall(text)) > 1:
        return TitleShape.CAPITALS
    first = text.lstrip("\"'«“‘¡¿([")[:1]
    ended = text[-1] in ".…" or text.endswith(("!»", ".»", ".”"))
    return TitleShape.PLAIN if (first.isupper() or first.isdigit()) and not ended else TitleShape.NONE


def count_of(text: str) -> int:
    """The number before a title's words; 0 where there is none.

    >>> count_of("3) La gotera"), count_of("IV. La gotera"), count_of("4. "), count_of("La gotera")
    (3, 4, 0, 0)
    """
    text = text.strip()
    if len(text) > LONGEST_TITLE or len(text.split()) > MOST_WORDS + 1 or text[-1:] in {",", ";", "."}:
        return 0
    match = _COUNTED.fullmatch(text)
    if match is None:
        return 0
    if match["digits"]:
        return int(match["digits"])
    values = [_ROMAN[letter] for letter in match["roman"]]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def is_dedication(text: str) -> bool:
    """Tell whether a line that stands alone may be a dedication, or an epigraph in quotes, under a title.

    >>> is_dedication("a Elisa"), is_dedication("(fragmento)"), is_dedication("Elisa")
    (True, True, False)
    """
    text = text.strip().strip("_*")
    return len(text) <= LONGEST_DEDICATION and bool(_DEDICATION.match(text))


def is_underline(text: str, above: str) -> bool:
    """Tell whether a line of ``===`` or ``---`` underlines the title above it.

    >>> is_underline("=======", "El burro"), is_underline("---", "Una línea mucho más larga que la raya")
    (True, False)
    """
    mark = text.strip()
    same = len(set(mark)) == 1 and mark[:1] in "=-~"
    return same and len(mark) >= max(3, 0.6 * len(above.strip())) and len(above.strip()) <= LONGEST_TITLE
