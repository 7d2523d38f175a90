"""Contents lists at both ends of a text: lines in, those without it and how many lines they had out.

Its lines say the titles that the text has, in their order, each above a stanza or a paragraph: a refrain or the
verses that a gloss repeats come again elsewhere. A list that does not say what it is has their pages or numbers, or
they stand alone in the text: else it is a poem made of the first verses of others (the last sonnet of a crown).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
_PAGES = r"p(?:p|[áa]gs?)?\.?\s*"  # "p. 9", "pág. 9"
_PAGE = re.compile(rf"[\s.·•…_,;:(–—-]+(?:{_PAGES})?\d{{1,4}}\)?$", re.IGNORECASE)
_NUMBER = re.compile(
    rf"(?:(?:{_PAGES})?\d{{1,4}}|[ivxlc]{{1,7}})\s*[.):º°–—-]+\s*|(?:{_PAGES})?\d{{1,4}}\s+", re.IGNORECASE
)
_LONGEST = 250  # letters, with the dots before the page
_AROUND = " \t\"'«»“”‘’*_#.:-–—"


def without_contents(lines: Sequence[Line]) -> tuple[Sequence[Line], int]:
    r"""Leave out a list of the titles at the beginning of a text, and one at its end; count their lines.

    >>> poems = [f"{title}\n\nuno\ndos\ntres" for title in ("Sal", "Pan", "Luz", "Mar")]
    >>> listed = "Índice\n\nSal ... 1\nPan ... 2\nLuz ... 3\nMar ... 4"
    >>> kept, count = without_contents(PlainLines("\n\n".join([listed, *poems]))); count
    5
    """
    counts = []
    for find in (_at_beginning, _at_end):
        first, end, count = find(lines)
        lines = _without(lines, first, end) if count else lines
        counts.append(count)
    return lines, sum(counts)


def _at_beginning(lines: Sequence[Line]) -> tuple[int, int, int]:
    """The lines from which and to which a contents list goes, and how many of them are written; 0 where none is."""
    texts = lines.texts() if isinstance(lines, PlainLines) else (line.text for line in lines)
    head = _written(enumerate(islice(texts, HEAD)))
    beginnings = _Beginnings(lines)
    named = [place for place, (_index, text) in enumerate(head[:_BEFORE]) if _is_name(text)][:1]
    for start in [named[0] + 1] if named else range(min(_BEFORE, len(head))):
        if count := _length(beginnings, head[start:], named=bool(named)):
            return head[named[0] if named else start][0], head[start + count - 1][0] + 1, count + len(named)
    return 0, 0, 0


def _at_end(lines: Sequence[Line]) -> tuple[int, int, int]:
    """The same of a list at the end: what names it stands above it, or nothing that may be its title."""
    if isinstance(lines, PlainLines):
        last = lines.text.rsplit("\n", HEAD)[-HEAD:]
    else:
        last = [line.text for line in lines[-HEAD:]]
    tail = _written(enumerate(last, start=len(lines) - len(last)))
    if not tail:
        return 0, 0, 0
    named = [place for place, (_index, text) in enumerate(tail) if _is_name(text)][-1:]
    titles = _Beginnings(lines).before(tail[named[0]][0] if named else tail[-1][0])
    names = [_names(text) for _index, text in tail]
    if named:
        start = named[0] + 1
        count = _listed(names[start:], titles, named=True)
        short = len(tail) - start - count <= _BEFORE  # what is left under it: when and where the book was printed
        return (tail[named[0]][0], tail[start + count - 1][0] + 1, count + 1) if count and short else (0, 0, 0)
    start = len(tail)
    while start and any(titles[name].index < tail[start - 1][0] for name in names[start - 1] if name in titles):
        start -= 1
    count = _listed(names[start:], titles, named=False)
    if not count or _stands_alone([index for index, _text in tail[: start + 1]]):
        return 0, 0, 0
    return tail[start][0], tail[start + count - 1][0] + 1, count


def _written(texts: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
    return [(index, text.strip()) for index, text in texts if text.strip(" \t\f")]


def _is_name(text: str) -> bool:
    return bool(_NAMED.fullmatch(text.strip(_AROUND)))


def _stands_alone(indexes: Sequence[int]) -> bool:
    """Whether of some written lines, by their numbers, the last but one has a blank line above and below it."""
    return len(indexes) > 1 and all(below - above > 1 for above, below in pairwise(indexes[-3:]))


def _length(beginnings: _Beginnings, entries: Sequence[tuple[int, str]], *, named: bool) -> int:
    """How many of a text's first lines are a contents list; 0 where they are none."""
    if not entries or len(entries[0][1]) > LONGEST_DEDICATION:
        return 0
    fewest = _fewest(named=named)
    names = [_names(text) for _index, text in entries]
    again = next((place for place in range(fewest, len(names)) if names[place][0] in names[0]), 0)
    if len({name[0] for name in names[:again]}) < fewest:
        return 0
    count = _listed(names[:again], beginnings.after(entries[again][0]), named=named)
    # Under a list that does not say what it is, a stanza goes on with it: they are a poem.
    goes_on = any(below - above == 1 for (above, _text), (below, _other) in pairwise(entries[count:again]))
    return 0 if goes_on and not named else count


def _listed(names: Sequence[Sequence[str]], titles: Mapping[str, _Beginning], *, named: bool) -> int:
    """How many lines are a list of titles, by what each may be called; 0 where they are none."""
    count = signs = 0
    listed: list[_Beginning] = []
    for place, called in enumerate(names):
        title = next((name for name in called if name in titles), "")
        if title:
            count, listed = place + 1, [*listed, titles[title]]
            signs += title != called[0] or titles[title].alone
        elif place - count >= _MOST_SKIPPED:
            break
    if len(listed) < max(_fewest(named=named), _SHARE * count) or (not named and signs < _SHARE * len(listed)):
        return 0
    return count if _are_heads([title.written for title in listed]) else 0


def _fewest(*, named: bool) -> int:
    return _FEWEST_NAMED if named else _FEWEST


def _names(text: str) -> list[str]:
    """A line as the titles that it may stand for: as it is, without its number, without its page."""
    whole = text.strip(_AROUND).casefold()
    if len(text) > _LONGEST:
        return [whole]
    bare = _PAGE.sub("", whole, count=1).strip(_AROUND)
    without = (_NUMBER.sub("", name, count=1) if _NUMBER.match(name) else name for name in (whole, bare))
    return list(dict.fromkeys([whole, *without, bare]))


@dataclass(slots=True)
class _Beginning:
    """A line that begins a block: its number, how many written lines are above it, its names, whether it is a title.

    alone: whether nothing stands right under it, or the format, or its capitals, say that it is one.
    """

    index: int
    written: int
    names: list[str]
    alone: bool


class _Beginnings:
    """Lines of a text that begin a block, read when they are first asked for."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines

    @cached_property
    def _known(self) -> list[_Beginning]:
        known: list[_Beginning] = []
        blank, written = True, 0
        for index, line in enumerate(islice(self._lines, _LOOKED_AT)):
            text = line.text.strip()
            if text:
                if (blank or line.heading or line.page) and len(text) <= LONGEST_DEDICATION:
                    known.append(_Beginning(index, written, _names(text)[:2], line.heading or text.isupper()))
                written += 1
            elif known and known[-1].index == index - 1:
                known[-1].alone = True
            blank = not text
        return known

    def after(self, start: int) -> Mapping[str, _Beginning]:
        """The first of each name from a line on."""
        return self._first(known for known in self._known if known.index >= start)

    def before(self, end: int) -> Mapping[str, _Beginning]:
        """The first of each name before a line."""
        return self._first(known for known in self._known if known.index < end)

    @staticmethod
    def _first(known: Iterable[_Beginning]) -> dict[str, _Beginning]:
        places: dict[str, _Beginning] = {}
        for beginning in known:
            for name in beginning.names:
                places.setdefault(name, beginning)
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
