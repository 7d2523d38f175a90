"""Page numbers of a PDF: lines at the pages' edges in; on which pages they count on from one another out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from poetas.data.formats.pdf.page_lines import PageLine

_ARABIC = re.compile(
    r"[-–—.|/\[( ]*(?:p[áa]g(?:ina|\.)?\s*)?(\d{1,4})(?:\s*(?:/|de|of)\s*\d{1,4})?[-–—.|\]) ]*", re.IGNORECASE
)
_ROMAN = re.compile(r"[-–— ]*([ivxlc]{1,8}|[IVXLC]{1,8})[-–—. ]*")
_SIGNS = r"[·•|/\u2014\u2013-]"  # between a page number and the words of a running foot
_BEFORE, _AFTER = re.compile(rf"(\d{{1,4}})\s*{_SIGNS}\s+(\S.*)"), re.compile(rf"(.*\S)\s+{_SIGNS}\s*(\d{{1,4}})")
_NAMED = re.compile(r"p[áa]g", re.IGNORECASE)
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

    Below the text, a sign is enough to part them: above it, «1 – La sal» is a title.
    """
    ends = line.parts if len(line.parts) == 1 else (line.parts[0], line.parts[-1])
    value = next((value for part in ends if (value := value_of(part)) is not None), None)
    signed = None if high or value is not None else _signed(line)
    return value if signed is None else signed[0]


def words_of(line: PageLine, *, high: bool) -> str:
    """What a line says besides a number that `number_of` finds, "" where it is nothing but that."""
    signed = None if high else _signed(line)
    return signed[1] if signed else " ".join(part for part in line.parts if value_of(part) is None)


def _signed(line: PageLine) -> tuple[int, str] | None:
    if match := _BEFORE.fullmatch(line.text):
        return int(match[1]), match[2]
    match = _AFTER.fullmatch(line.text)
    return (int(match[2]), match[1]) if match else None


def page_numbers(edges: Sequence[Sequence[tuple[PageLine, bool]]], size: float) -> set[tuple[int, bool]]:
    """The pages (and whether above or below) whose number counts on from page to page."""
    numbered: set[tuple[int, bool]] = set()
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
                if _NAMED.search(line.text):
                    numbered.add((index, top))
        counts = Counter(offsets.values())
        for index, offset in offsets.items():
            alone = (
                not top
                and len(offsets) == 1
                and any(_ARABIC.fullmatch(line.text) for line, high in edges[index] if not high)
            )
            if counts[offset] >= AGAIN or alone or (not top and counts.most_common(1)[0][1] >= AGAIN):
                numbered.add((index, top))
    return numbered
