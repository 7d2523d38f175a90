"""Page numbers of a PDF: lines at the pages' edges in; on which pages they count on from one another out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from poetas.data.formats.pdf.page_lines import PageLine

_NAME = r"(?:p[áa]g(?:ina|\.)?|p\.|hoja|page)\s*"
_NUMBER = r"(\d{1,4})(?:\s*(?:/|de|of)\s*\d{1,4})?"  # "12 de 40"
_ARABIC = re.compile(rf"[-–—.|/\[(·•*~«‹ ]*(?:{_NAME})?{_NUMBER}[-–—.|\])·•*~»› ]*", re.IGNORECASE)
_ROMAN = re.compile(r"[-–— ]*([ivxlc]{1,8}|[IVXLC]{1,8})[-–—. ]*")
_SIGNS = r"[·•|/\u2014\u2013-]"  # between a page number and the words of a running foot
_BEFORE, _AFTER = re.compile(rf"(\d{{1,4}})\s*{_SIGNS}\s+(\S.*)"), re.compile(rf"(.*\S)\s+{_SIGNS}\s*(\d{{1,4}})")
_NAMED = re.compile(r"p[áa]g", re.IGNORECASE)
# "Poemas de Ana, página 12 de 40", "Página 12 | Poemas de Ana": what it is called parts it from the other words
_NAME_BEFORE = re.compile(rf"{_NAME}{_NUMBER}[\s,;:.·•|/\u2014\u2013-]+(\S.*)", re.IGNORECASE)
_NAME_AFTER = re.compile(rf"(.*\w)[\s,;:.·•|/()\[\u2014\u2013-]+{_NAME}{_NUMBER}[\s.)\]]*", re.IGNORECASE)
_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
LARGER = 1.15  # than the text: a title, not a running head
AGAIN = 2  # pages: a text or a sequence on a single page is no evidence


def value_of(text: str) -> int | None:
    """The number that a text is, in Arabic or Roman figures; None where it is more than a number."""
    if match := _ARABIC.fullmatch(text):
        return int(match[1])
    if not (match := _ROMAN.fullmatch(text)):
        return None
    values = [_VALUES[figure] for figure in match[1].lower()]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def number_of(line: PageLine, *, high: bool) -> int | None:
    """The number that is alone in a line, or apart from its other words at its beginning or end.

    Below the text, a sign is enough to part them: above it, «1 – La sal» is a title. «Página 12» is parted anywhere.
    """
    ends = line.parts if len(line.parts) == 1 else (line.parts[0], line.parts[-1])
    value = next((value for part in ends if (value := value_of(part)) is not None), None)
    signed = None if value is not None else _signed(line, high=high)
    return value if signed is None else signed[0]


def words_of(line: PageLine, *, high: bool) -> str:
    """What a line says besides a number that `number_of` finds, "" where it is nothing but that."""
    signed = _signed(line, high=high)
    return signed[1] if signed else " ".join(part for part in line.parts if value_of(part) is None)


def _signed(line: PageLine, *, high: bool) -> tuple[int, str] | None:
    if value_of(line.text) is not None:
        return None
    if match := _NAME_BEFORE.fullmatch(line.text):
        return int(match[1]), match[2]
    if match := _NAME_AFTER.fullmatch(line.text):
        return int(match[2]), match[1]
    if high:
        return None
    if match := _BEFORE.fullmatch(line.text):
        return int(match[1]), match[2]
    match = _AFTER.fullmatch(line.text)
    return (int(match[2]), match[1]) if match else None


def page_numbers(edges: Sequence[Sequence[tuple[PageLine, bool]]], size: float) -> dict[tuple[int, bool], int]:
    """The numbers that count on from page to page, by page and whether they stand above the text."""
    numbered: dict[tuple[int, bool], int] = {}
    for top in (True, False):
        offsets: dict[int, int] = {}
        for index, lines in enumerate(edges):
            for line in (line for line, high in lines if high is top):
                value = number_of(line, high=top)
                if (
                    value is None
                    or line.size > LARGER * size
                    or (top and _ROMAN.fullmatch(line.text) and line.text.isupper())
                ):
                    continue  # Roman capitals above a text are the number of a poem
                offsets.setdefault(index, value - index)
                if any(_NAMED.search(part) and value_of(part) is not None for part in line.parts):
                    numbered[index, top] = offsets[index] + index
        counts = Counter(offsets.values())
        for index, offset in offsets.items():
            alone = (
                not top
                and len(offsets) == 1
                and any(_ARABIC.fullmatch(line.text) for line, high in edges[index] if not high)
            )
            if counts[offset] >= AGAIN or alone or (not top and counts.most_common(1)[0][1] >= AGAIN):
                numbered[index, top] = offset + index
    return numbered
