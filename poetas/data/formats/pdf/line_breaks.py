"""Paragraphs and stanzas of a PDF: a column's lines in; whether they are prose, and where each paragraph ends, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from poetas.data.formats.pdf.page_lines import PageLine

PROSE = 55  # characters: lines whose median is longer were most often broken by the page, not by a poet
_HYPHENS = "-\N{HYPHEN}\N{SOFT HYPHEN}"
_ENDS = ".!?…:»”\"')]—"
_SHORTEST_JUSTIFIED, _SHORTEST_RAGGED = 20, 30
_FEW, _MANY = 3, 5
_CUT, _SOME, _HALF, _MOST, _ALL = 0.3, 0.4, 0.5, 0.6, 0.9
_EXACT = 0.1  # of the letters' size: as near as justified lines come to their edge
_INSIDE = re.compile(r"[.!?…] +[^\W\d_a-záéíóúüñ]")  # a sentence that ends inside of a line, as in prose


def usual_gap(gaps: Sequence[float]) -> float:
    """The gap between two lines of a paragraph: the middle of the narrower half, so that double spacing is usual too.

    >>> usual_gap([2, 2, 5, 2, 5])
    2
    """
    return median(sorted(gaps)[: len(gaps) // 2 + 1]) if gaps else 1


def joined(lines: Sequence[PageLine], words: Counter[str] | None = None) -> str:
    """The text of a paragraph's lines, with the words that were cut at a line's end made whole.

    >>> lines = [PageLine("la costum-", 0, 1, 2, 1), PageLine("bre", 0, 1, 1, 1)]; joined(lines)
    'la costumbre'
    """
    text = ""
    for line in lines:
        text = continued(text, line.text, words)
    return text


def continued(text: str, line: str, words: Counter[str] | None = None) -> str:
    """A text with the line that goes on from it. words: of the document, with hyphens, to know a compound by."""
    if not text or not line:
        return text or line
    if _is_cut(text) and line[:1].isalpha():
        head = text[:-1].rsplit(maxsplit=1)[-1]
        tail = line.split(maxsplit=1)[0].strip(_ENDS + ",;¿¡")
        compound = words is not None and words[f"{head}-{tail}".lower()] and not words[f"{head}{tail}".lower()]
        whole = line[0].islower() and not compound
        return (text[:-1] if whole else text[:-1] + "-") + line
    return f"{text} {line}"


def _is_cut(text: str) -> bool:
    return text[-1:] in _HYPHENS and text[-2:-1].isalpha()


def is_indented(line: PageLine, left: float) -> bool:
    """Whether a line begins to the right of its column's edge as the first line of a paragraph does."""
    return 0.5 * line.size < line.x0 - left < 6 * line.size


def left_edge(lines: Sequence[PageLine]) -> float:
    """Where most lines of a column begin, the first lines of paragraphs apart."""
    counts = Counter(round(line.x0) for line in lines)
    enough = max(2, len(lines) // 10)
    near = {place: count + counts[place + 1] for place, count in counts.items()}
    return float(min((place for place, count in near.items() if count >= enough), default=min(near, default=0)))


@dataclass(frozen=True, slots=True)
class _Breaks:
    """How the lines of a block end. The shares are of its line ends.

    count: line ends. length: the usual length in characters. forced: the next word would not have fitted, or a word was
    cut. at_edge: at one edge. cut: words that were cut. inside: in the middle of a sentence. small: before a small
    letter.
    """

    count: int
    length: float
    forced: float
    at_edge: float
    cut: float
    inside: float
    small: float


def is_prose(lines: Sequence[PageLine], left: float, column: Sequence[PageLine] = ()) -> bool:
    """Whether the page's width ended these lines, not a poet.

    It did where the next word would not have fitted, or where the lines end at one edge. The first lines of
    paragraphs are no evidence: the line before them ends with its sentence. column: the lines around these; few lines
    alone prove little.
    """
    around = column or lines
    breaks = _breaks(lines, left)
    if breaks is None or (breaks.count < _FEW and len(around) > len(lines)):
        long = bool(lines) and len(lines[0].text) > PROSE
        return long or (len(around) > len(lines) and is_prose(around, left))
    if breaks.cut >= _CUT and breaks.cut * breaks.count > 1:
        return True  # poets do not cut words
    if not breaks.inside and breaks.count >= _FEW:
        return False  # each line is a sentence of its own
    if breaks.length > PROSE:
        return breaks.forced > _SOME or breaks.at_edge >= _MOST or breaks.count < _FEW
    few = _FEW if breaks.length >= _SHORTEST_JUSTIFIED else _MANY
    if breaks.count >= few and min(breaks.at_edge, breaks.forced) >= _MOST and breaks.small >= _CUT:
        return _justified(around) >= _SOME
    long_enough = breaks.count > _FEW and breaks.length >= _SHORTEST_RAGGED
    sentences = sum(bool(_INSIDE.search(line.text)) for line in lines)
    return long_enough and breaks.forced >= _ALL and breaks.small >= _HALF and sentences >= len(lines) / 8


def are_equal_verses(blocks: Sequence[Sequence[PageLine]], *, ended: bool) -> bool:
    """Whether each line of a column's blocks is as wide as the column: prose ends its paragraphs with shorter ones.

    ended: whether the column ends with its text, not with the page: then the last line of one block is enough.
    """
    lines = [line for block in blocks for line in block]
    if len(blocks) < (1 if ended else _FEW) or median(len(line.text) for line in lines) > PROSE:
        return False
    return all(line.right - line.x1 < _EXACT * line.size for line in lines)


def _justified(lines: Sequence[PageLine]) -> float:
    """The share of lines that end at one edge."""
    edges = Counter(round(line.x1) for line in lines)
    return max(edges[place] + edges[place + 1] for place in list(edges)) / len(lines)


def _breaks(lines: Sequence[PageLine], left: float) -> _Breaks | None:
    pairs = list(pairwise(lines))
    chosen = [(a, b) for a, b in pairs if not is_indented(b, left) or b.text[:1].islower()] or pairs
    if not chosen:
        return None
    count = len(chosen)
    length = median(len(line.text) for line, _after in chosen)
    at_edge = sum(line.right - line.x1 < _EXACT * line.size for line, _after in chosen)
    if count >= (_FEW - 1 if length > PROSE else _FEW + 1):  # a quotation is set narrower, but to an edge of its own
        edges = Counter(round(line.x1) for line, _after in chosen)
        at_edge = max(at_edge, *(edges[place] + edges[place + 1] for place in list(edges)))
    fits = (line.right - line.x1 >= after.first_word + 0.3 * line.size for line, after in chosen)
    forced = sum(not fit or _is_cut(line.text) for fit, (line, _after) in zip(fits, chosen, strict=True))
    inside = sum(after.text[:1].islower() or not ends_sentence(line.text) for line, after in chosen)
    return _Breaks(
        count=count,
        length=length,
        forced=forced / count,
        at_edge=at_edge / count,
        cut=sum(_is_cut(line.text) for line, _after in chosen) / count,
        inside=inside / count,
        small=sum(after.text[:1].islower() for _line, after in chosen) / count,
    )


def paragraphs(lines: Sequence[PageLine], left: float) -> list[list[PageLine]]:
    """Divide the lines of prose: at an indented line, or after a line that has room for the next word."""
    groups: list[list[PageLine]] = []
    for line in lines:
        before = groups[-1][-1] if groups else None
        if before is None or _begins(line, before, left):
            groups.append([])
        groups[-1].append(line)
    return groups


def _begins(line: PageLine, before: PageLine, left: float) -> bool:
    room = before.right - before.x1
    short = room > line.first_word + 0.5 * line.size and room > 0.1 * (before.right - left)
    if is_indented(line, left):
        unended = not ends_sentence(before.text)
        if (unended and line.text[:1].islower()) or (not short and (unended or line.text[:1].islower())):
            return False  # the rest of an item whose number sticks out, or beside an initial over several lines
        return not is_indented(before, left) or abs(line.x0 - before.x0) > 0.3 * line.size or short
    return short and ends_sentence(before.text) and not line.text[:1].islower() and not is_hanging(before, line)


def is_hanging(before: PageLine, line: PageLine) -> bool:
    """Whether the line before sticks out to the left, as in a bibliography."""
    return before.x0 < line.x0 - 0.5 * line.size


def ends_sentence(text: str) -> bool:
    """Whether a text ends with a sign that may end a paragraph.

    >>> ends_sentence("Y se fue.”"), ends_sentence("y se fue,")
    (True, False)
    """
    return text[-1:] in _ENDS
