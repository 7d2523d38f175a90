"""Margins of PDF pages: lines in; the same without running heads and page numbers, and the footnotes apart, out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from poetas.data.formats.pdf.footnotes import NOTE, SMALLER, without_footnotes
from poetas.data.formats.pdf.line_breaks import usual_gap
from poetas.data.formats.pdf.page_lines import PageLine
from poetas.data.formats.pdf.page_numbers import AGAIN, LARGER, number_of, page_numbers, words_of

_EDGE_LINES = 2
_NEAR = 6.0  # points: how far a running head moves from page to page
_SHARE, _SHARE_OF_BOLD = 0.25, 0.6
_RUN = 3
_EVERY_OTHER = 2
_FEW_GAPS = 3
_LEADING = 1.45  # of the size: lines of one text are rarely set wider
_NEARLY_ALL = 0.8
_APART = 1.2  # of the usual gap


@dataclass(slots=True)
class Margins:
    """The pages' text without their margins.

    pages: lines of each page. heads: running heads and on how many pages each stood. numbers: pages whose number was
    left out. notes: the texts of the footnotes. dropped: page (from 1) and text of every line that was left out.
    """

    pages: list[list[PageLine]]
    heads: Counter[str] = field(default_factory=Counter)
    numbers: int = 0
    notes: list[str] = field(default_factory=list)
    dropped: list[tuple[int, str]] = field(default_factory=list)


def without_margins(pages: Sequence[Sequence[PageLine]]) -> Margins:
    """Take running heads, page numbers and footnotes out of the pages."""
    size = body_size(pages)
    edges = [_edges(page) for page in pages]
    numbers = page_numbers(edges, size)
    heads = _heads(pages, edges, size)
    beside = _beside_numbers(pages, edges, numbers)
    result = Margins([])
    for index, page in enumerate(pages):
        margin = {id(line): False for line in page if line.artifact}  # whether it stands above the text
        for top in (True, False):
            for line, high in edges[index]:  # from the page's edge inwards
                if high is not top:
                    continue
                number = (index, top) in numbers and number_of(line, high=top) == numbers[index, top]
                if not (line.artifact or number or id(line) in beside or _sign(line, high=top) in heads):
                    break
                margin[id(line)] = top
        for line in (line for line in page if id(line) in margin):
            words = words_of(line, high=margin[id(line)])
            result.dropped.append((index + 1, line.text))
            result.numbers += number_of(line, high=margin[id(line)]) is not None
            if words:
                result.heads[words] += 1
        kept = [line for line in page if id(line) not in margin]
        body, notes = without_footnotes(kept, size)
        result.pages.append(body)
        result.notes += notes
    return result


def body_size(pages: Sequence[Sequence[PageLine]]) -> float:
    """The size of most letters of a document."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[line.size] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _edges(page: Sequence[PageLine]) -> list[tuple[PageLine, bool]]:
    """The highest and the lowest lines of a page from its edges inwards, with whether they are high."""
    ordered = sorted(page, key=lambda line: -line.y)
    if len(ordered) <= _EDGE_LINES:
        return [(line, False) for line in reversed(ordered[1:])]
    low = ordered[-_EDGE_LINES:]
    high = [line for line in ordered[:_EDGE_LINES] if not any(line is other for other in low)]
    return [(line, True) for line in high] + [(line, False) for line in reversed(low)]


def _sign(line: PageLine, *, high: bool) -> str:
    return words_of(line, high=high).casefold()


def _beside_numbers(
    pages: Sequence[Sequence[PageLine]],
    edges: Sequence[Sequence[tuple[PageLine, bool]]],
    numbers: Mapping[tuple[int, bool], int],
) -> set[int]:
    """The lines next to the page number below the text, at one height of nearly all pages: a foot that varies."""
    usual = usual_gap([gap for page in pages for gap in _gaps(page)])
    beside: list[PageLine] = []
    for index, page in enumerate(pages):
        low = [line for line, high in edges[index] if not high]
        numbered = [line for line in low if (index, False) in numbers and number_of(line, high=False) is not None]
        others = [line for line in low if not any(line is number for number in numbered)]
        if len(numbered) != 1 or len(others) != 1:
            continue
        upper, lower = sorted((*numbered, *others), key=lambda line: -line.y)
        above = min((line.y - upper.y for line in page if line.y > upper.y), default=0.0)
        if above > max(_APART * usual, upper.y - lower.y):
            beside += others
    height = median(line.y for line in beside) if beside else 0.0
    same = {id(line) for line in beside if abs(line.y - height) <= _NEAR}
    return same if len(same) >= max(_RUN, _NEARLY_ALL * sum(map(bool, pages))) else set()


def _heads(
    pages: Sequence[Sequence[PageLine]], edges: Sequence[Sequence[tuple[PageLine, bool]]], size: float
) -> set[str]:
    """Texts that stand at one height of many pages, apart from the text."""
    places: dict[tuple[str, bool], list[tuple[int, PageLine]]] = {}
    usual = usual_gap([gap for page in pages for gap in _gaps(page)])
    for index, (page, lines) in enumerate(zip(pages, edges, strict=True)):
        for line, high in lines:
            sign = _sign(line, high=high)
            if sign and line.size <= LARGER * size and _stands_apart(page, line, usual, top=high):
                places.setdefault((sign, high), []).append((index, line))
    heads: set[str] = set()
    for (sign, top), places_of_sign in places.items():
        heights = sorted(line.y for _index, line in places_of_sign)
        height = heights[len(heights) // 2]
        same = [index for index, line in places_of_sign if abs(line.y - height) <= _NEAR]
        bold = sum(line.bold for _index, line in places_of_sign) > len(places_of_sign) / 2
        share = _SHARE_OF_BOLD if bold else _SHARE
        if not _beyond_text(pages, height, sign, top=top):
            continue
        if len(same) >= AGAIN and (len(same) >= share * len(pages) or (not bold and _longest_run(same) >= _RUN)):
            heads.add(sign)
    return heads | _small_heads(places, size, len(pages))


def _small_heads(
    places: Mapping[tuple[str, bool], Sequence[tuple[int, PageLine]]], size: float, pages: int
) -> set[str]:
    """Texts in small letters at one height of nearly all pages: titles of chapters, an author and a title in turn."""
    small: dict[tuple[int, bool], set[tuple[int, str]]] = {}
    for (sign, top), places_of_sign in places.items():
        for index, line in places_of_sign:
            if line.size <= SMALLER * size and NOTE.match(line.text) is None:
                small.setdefault((round(line.y / _NEAR), top), set()).add((index, sign))
    return {
        sign
        for entries in small.values()
        if pages >= AGAIN and len({index for index, _sign in entries}) >= _NEARLY_ALL * pages
        for _index, sign in entries
    }


def _beyond_text(pages: Sequence[Sequence[PageLine]], height: float, sign: str, *, top: bool) -> bool:
    """Whether a height is above, or below, the text of nearly all pages."""
    others = [[line.y for line in page if _sign(line, high=top) != sign] for page in pages]
    written = [heights for heights in others if heights]
    beyond = sum((max(ys) <= height + _NEAR) if top else (min(ys) >= height - _NEAR) for ys in written)
    return beyond >= _NEARLY_ALL * len(written)


def _gaps(page: Sequence[PageLine]) -> list[float]:
    heights = sorted({line.y for line in page}, reverse=True)
    return [round(above - below, 1) for above, below in pairwise(heights)]


def _stands_apart(page: Sequence[PageLine], line: PageLine, usual: float, *, top: bool) -> bool:
    """Whether a wide gap parts a line from those towards the middle of the page. usual: the gap of all pages."""
    heights = sorted({other.y for other in page}, reverse=True)
    place = heights.index(line.y)
    inner = heights[place + 1 : place + 2] if top else heights[max(0, place - 1) : place]
    gaps = _gaps(page)
    narrow = min(usual, _LEADING * line.size) if len(gaps) < _FEW_GAPS else usual_gap(gaps)
    return not inner or abs(line.y - inner[0]) > _APART * narrow


def _longest_run(pages: Sequence[int]) -> int:
    longest = run = 1
    for before, after in pairwise(pages):
        run = run + 1 if after - before <= _EVERY_OTHER else 1
        longest = max(longest, run)
    return longest
