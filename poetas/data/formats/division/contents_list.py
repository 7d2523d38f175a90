"""Contents list at the beginning of a text: lines in, those without it and how many lines it had out.

Its lines say the titles that the text then has, in their order, each above a stanza or a paragraph: a refrain or the
verses that a gloss repeats come again elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import islice, pairwise

from poetas.data.formats.division.line_shapes import LONGEST_DEDICATION
from poetas.data.formats.running_text import Line, PlainLines

HEAD = 600  # lines in which the list ends
_LOOKED_AT = 100_000  # lines among which the titles come again
_BEFORE = 6  # lines that are written, before the list: the title of the book, its author
# Lines of a list that says what it is, and of one that does not: the verses that a gloss repeats are four, or five.
_FEWEST_NAMED, _FEWEST = 3, 6
_MOST_SKIPPED = 2  # lines in a row that come again nowhere: a prologue, the name of a part
_SHARE = 0.8  # of the lines that come again
_APART = 2  # lines under a title before the next one
_NAMED = re.compile(
    r"[íi]ndice|contenidos?|sumario|tabla de (?:contenidos?|materias)|(?:table of )?contents", re.IGNORECASE
)
_PAGE = re.compile(r"(?:\s*[.·…_•-]){2,}\s*\d{1,4}$|\s{2,}\d{1,4}$|\t\s*\d{1,4}$")
_NUMBER = re.compile(r"(?:\d{1,3}|[ivxlc]{1,7})\s*[.)º°-]+\s*", re.IGNORECASE)
_AROUND = " \t\"'«»“”‘’*_#.:-–—"


def without_contents(lines: Sequence[Line]) -> tuple[Sequence[Line], int]:
    r"""Leave out a list of the titles at the beginning of a text, and count its lines.

    >>> poems = [f"{title}\n\nuno\ndos\ntres" for title in ("Sal", "Pan", "Luz", "Mar")]
    >>> listed = "Índice\n\nSal ... 1\nPan ... 2\nLuz ... 3\nMar ... 4"
    >>> kept, count = without_contents(PlainLines("\n\n".join([listed, *poems]))); count
    5
    """
    texts = lines.texts() if isinstance(lines, PlainLines) else (line.text for line in lines)
    head = [(index, text.strip()) for index, text in enumerate(islice(texts, HEAD)) if text.strip(" \t\f")]
    beginnings = _Beginnings(lines)
    named = [place for place, (_index, text) in enumerate(head[:_BEFORE]) if _NAMED.fullmatch(text.strip(_AROUND))][:1]
    for start in [named[0] + 1] if named else range(min(_BEFORE, len(head))):
        if count := _length(beginnings, head[start:], _FEWEST_NAMED if named else _FEWEST):
            first, last = head[named[0] if named else start][0], head[start + count - 1][0]
            return _without(lines, first, last + 1), count + len(named)
    return lines, 0


def _length(beginnings: _Beginnings, entries: Sequence[tuple[int, str]], fewest: int) -> int:
    """How many of some lines are a contents list; 0 where they are none."""
    if not entries or len(entries[0][1]) > LONGEST_DEDICATION:
        return 0
    names = [_names(text) for _index, text in entries]
    again = next((place for place in range(fewest, len(names)) if names[place][0] in names[0]), 0)
    if len({name[0] for name in names[:again]}) < fewest:
        return 0
    titles = beginnings.after(entries[again][0])
    count = 0
    listed: list[str] = []
    for place in range(again):
        title = next((name for name in names[place] if name in titles), "")
        if title:
            count, listed = place + 1, [*listed, title]
        elif place - count >= _MOST_SKIPPED:
            break
    if len(listed) < max(fewest, _SHARE * count):
        return 0
    return count if _are_heads([titles[title] for title in listed]) else 0


def _names(text: str) -> list[str]:
    """A line as the title that it may stand for: without its page, and without its number."""
    bare = _PAGE.sub("", text).strip(_AROUND).casefold()
    return list(dict.fromkeys([bare, _NUMBER.sub("", bare, count=1), text.strip(_AROUND).casefold()]))


class _Beginnings:
    """Lines of a text that begin a block, read when they are first asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @cached_property
    def _known(self) -> list[tuple[int, int, list[str]]]:
        """The number of each, how many written lines are above it, and its names."""
        known = []
        blank, written = True, 0
        for index, line in enumerate(islice(self._lines, _LOOKED_AT)):
            text = line.text.strip()
            if text:
                if (blank or line.heading or line.page) and len(text) <= LONGEST_DEDICATION:
                    known.append((index, written, _names(text)[:2]))
                written += 1
            blank = not text
        return known

    def after(self, start: int) -> dict[str, int]:
        """The first of each name from a line on, with how many written lines are above it."""
        places: dict[str, int] = {}
        for index, written, names in self._known:
            for name in names if index >= start else ():
                places.setdefault(name, written)
        return places


def _are_heads(places: Sequence[int]) -> bool:
    """Whether lines come in their order, each with a text of its own under it."""
    apart = sum(below - above > _APART for above, below in pairwise(places))
    return len(set(places)) > 1 and apart >= _SHARE * (len(places) - 1)


def _without(lines: Sequence[Line], first: int, end: int) -> Sequence[Line]:
    if not isinstance(lines, PlainLines):
        return [*lines[:first], *lines[end:]]
    texts = list(lines.texts())
    return PlainLines("\n".join([*texts[:first], *texts[end:]]).replace("\n\f\n", "\f"))
