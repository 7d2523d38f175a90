"""Layout of a PDF's text: the lines of its pages in; lines of running text, a paragraph or a verse each, out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from poetas.data.formats.pdf.letters import letters_apart
from poetas.data.formats.pdf.line_breaks import (
    PROSE,
    are_equal_verses,
    continued,
    ends_sentence,
    is_indented,
    is_prose,
    joined,
    left_edge,
    paragraphs,
    usual_gap,
)
from poetas.data.formats.pdf.margins import body_size
from poetas.data.formats.pdf.page_lines import PageLine
from poetas.data.formats.running_text import Line

_WIDER = 1.25  # than the usual gap: a new paragraph or stanza
_ROOM = 2  # lines: a page with as much room below its text ends with it
_HIGH = 144.0  # points: on a single page, a text that ends above this ends there
_TITLE = 1.15  # of the text's size
_LONGEST_TITLE, _TITLE_LINES = 120, 2
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(slots=True)
class _Block:
    """A paragraph (one text) or a stanza (a text a verse); page: the index of the page on which it begins."""

    texts: list[str]
    first: PageLine
    last: PageLine
    left: float
    page: int
    prose: bool
    title: bool


@dataclass(frozen=True, slots=True)
class _Style:
    """How a document is set.

    size, bold: most of its letters. gap: between lines. indents: whether they mark paragraphs. words: their counts.
    """

    size: float
    bold: bool
    gap: float
    indents: bool
    words: Counter[str]


def running_text(pages: Sequence[Sequence[PageLine]], notes: Sequence[str] = ()) -> list[Line]:
    """The text of a document, blank lines between paragraphs and stanzas, its footnotes at the end."""
    _set_edges(pages)
    style = _style(pages)
    foot = min((line.y for page in pages for line in page), default=0.0) + _ROOM * style.gap
    blocks: list[_Block] = []
    for number, page in enumerate(pages):
        columns = _columns(page)
        for _column, lines in columns:
            ended = len(columns) == 1 and lines[-1].y > min(foot, _HIGH)
            made = _blocks(lines, style, number, ended=ended)
            if made and blocks and _goes_on(blocks[-1], made[0], indents=style.indents):
                _join(blocks[-1], made.pop(0), style.words)
            blocks += made
    return _as_lines(blocks, notes)


def _style(pages: Sequence[Sequence[PageLine]]) -> _Style:
    lines = [line for page in pages for line in page]
    return _Style(
        size=body_size(pages),
        bold=sum(len(line.text) * (1 if line.bold else -1) for line in lines) > 0,
        gap=usual_gap([gap for page in pages for _column, group in _columns(page) for gap in _gaps(group)]),
        indents=_uses_indents(pages),
        words=Counter(word.lower() for line in lines for word in _WORD.findall(line.text)),
    )


def _set_edges(pages: Sequence[Sequence[PageLine]]) -> None:
    """Measure the columns once what was in the margins is gone: a page number may be beyond their edges."""
    for page in pages:
        for _column, lines in _columns(page):
            left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
            for line in lines:
                line.left, line.right = left, right


def _columns(page: Sequence[PageLine]) -> list[tuple[int, list[PageLine]]]:
    return [(column, list(lines)) for column, lines in groupby(page, key=lambda line: line.column)]


def _gaps(lines: Sequence[PageLine]) -> list[float]:
    return [round(above.y - below.y, 1) for above, below in pairwise(lines)]


def _uses_indents(pages: Sequence[Sequence[PageLine]]) -> bool:
    """Whether the paragraphs of a document begin with an indented line."""
    columns = [lines for page in pages for _column, lines in _columns(page)]
    return sum(is_indented(line, left_edge(lines)) for lines in columns for line in lines) > 1


def _blocks(lines: Sequence[PageLine], style: _Style, page: int, *, ended: bool) -> list[_Block]:
    gaps = _gaps(lines)
    alike = len({round(gap) for gap in gaps}) <= 1
    usual = style.gap if alike else usual_gap(gaps)
    groups: list[list[PageLine]] = []
    for index, line in enumerate(lines):
        before = lines[index - 1] if index else None
        if before is None or gaps[index - 1] > _WIDER * usual + 0.5 or _other_kind(before, line):
            groups.append([])
        groups[-1].append(line)
    left = left_edge(lines)
    titles = [_is_title(group, style.size, bold=style.bold) for group in groups]
    verses = are_equal_verses([group for group, title in zip(groups, titles, strict=True) if not title], ended=ended)
    made: list[_Block] = []
    for group, title in zip(groups, titles, strict=True):
        prose = not title and not verses and is_prose(group, left, lines)
        for part in paragraphs(group, left) if prose else [group]:
            texts = [joined(part, style.words)] if prose else _verses(part)
            made.append(_Block(texts, part[0], part[-1], left, page, prose, title))
    return made


def _other_kind(before: PageLine, line: PageLine) -> bool:
    if abs(before.size - line.size) > 0.08 * max(before.size, line.size):
        return True
    return before.bold != line.bold or letters_apart(before.text) != letters_apart(line.text)


def _is_title(lines: Sequence[PageLine], size: float, *, bold: bool) -> bool:
    first, length = lines[0], sum(len(line.text) + 1 for line in lines)
    strong = first.bold and not bold and len(lines) <= _TITLE_LINES
    return length <= _LONGEST_TITLE and (first.size >= _TITLE * size or strong or letters_apart(first.text))


def _verses(lines: Sequence[PageLine]) -> list[str]:
    """The verses of a stanza, with their indentation where it is no centring."""
    left = min(line.x0 for line in lines)
    middles = [(line.x0 + line.x1) / 2 for line in lines]
    centred = len(lines) > 1 and max(middles) - min(middles) < median(line.size for line in lines)
    steps = [0 if centred else round((line.x0 - left) / (0.5 * line.size)) for line in lines]
    return [" " * min(step, 60) + line.text for step, line in zip(steps, lines, strict=True)]


def _goes_on(before: _Block, after: _Block, *, indents: bool) -> bool:
    """Whether a paragraph goes on over a column or a page."""
    if before.title or after.title or is_indented(after.first, after.left):
        return False
    text, last = before.texts[-1], before.last
    small = after.texts[0].lstrip()[:1].islower()
    if not before.prose:
        return False
    if abs(last.size - after.first.size) > 0.08 * last.size:
        return False
    full = last.right - last.x1 < after.first.first_word + 0.3 * last.size
    if small:
        return not ends_sentence(text) and (after.prose or len(after.texts) == 1)
    prose = after.prose or len(after.texts) == 1
    return full and prose and len(text) > PROSE and (indents or not ends_sentence(text))


def _join(before: _Block, after: _Block, words: Counter[str]) -> None:
    before.texts[-1] = continued(before.texts[-1], after.texts[0], words)
    before.last = after.last


def _as_lines(blocks: Sequence[_Block], notes: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    page = 0
    for block in blocks:
        if lines:
            lines.append(Line(""))
        begins = block.page > page
        page = max(page, block.page)
        for index, text in enumerate(block.texts):
            lines.append(Line(text, heading=block.title, page=begins and index == 0, paragraph=block.prose))
    for note in notes:
        lines += [Line(""), Line(note, paragraph=True)]
    return lines
