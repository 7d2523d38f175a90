"""Titles by how they look: a document's lines and the look of some in, the numbers of those that are titles out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import TypeAlias

from poetas.data.formats.division.line_shapes import LONGEST_TITLE
from poetas.data.formats.division.profile import MOST_PREFACE, VERSE
from poetas.data.formats.running_text import Line

# What a whole line is: "bold", "italic", "centred", "size 36", "style Poema"…
Look: TypeAlias = frozenset[str]
PLAIN_LOOK: Look = frozenset()
BOLD, CENTRED = "bold", "centred"
_BOLD_LOOK: Look = frozenset({BOLD})

_SIZES = "size "
_FEW = 0.4  # share of the lines: of more, the look is how the text is written
_MOST_BOLD = 0.8  # share of the bold lines that begin a block where bold marks titles
_FEWEST_BOLD, _FEWEST = 2, 3
_MOST_ABOVE = 0.8  # share of the titles that stand after a stanza
_NO_END = (",", ";", ":")


@lru_cache(maxsize=256)  # a document says the same of each of its paragraphs
def with_size(look: Look, size: float | str) -> Look:
    """A look of another size of letters."""
    return frozenset({*(word for word in look if not word.startswith(_SIZES)), f"{_SIZES}{size}"})


def bold_look(text: str, *, bold: bool) -> Look:
    """The look of a paragraph of one line of which it is known whether it is bold."""
    return _BOLD_LOOK if bold and "\n" not in text else PLAIN_LOOK


def titles_by_look(lines: Sequence[Line], looks: Mapping[int, Look]) -> list[int]:
    """The lines that are titles because of how they look, where most look otherwise.

    looks: by the number of the line. So most people write the title of a poem: in bold, above its first verse, with no
    style and no blank line; some of a book may have a style besides. In prose with titles of a style, a bold line is a
    heading within a text. Verses are in italics or in the middle too: of other looks than bold, all lines must stand
    where titles do.

    >>> poems = [Line(text) for text in "Río|uno,|dos.||Sol|tres,|seis.||Pan|diez,|mil.".split("|")]
    >>> titles_by_look(poems, {0: frozenset({"italic"}), 4: frozenset({"italic"}), 8: frozenset({"italic"})})
    [0, 4, 8]
    """
    if not looks:
        return []
    written = [index for index, line in enumerate(lines) if line.text.strip()]
    places: dict[str, list[int]] = {}
    for index, look in looks.items():
        for word in look:
            places.setdefault(word, []).append(index)
    few = {
        word: indexes
        for word, indexes in places.items()
        if len(indexes) <= _FEW * len(written) and not _recur(lines, indexes)
    }
    if titles := _bold_titles(lines, written, few.get(BOLD, [])):
        return titles
    if any(line.heading for line in lines):
        return []
    for word, indexes in few.items():
        if word != BOLD and _are_titles(lines, written, indexes):
            return indexes
    return []


def _recur(lines: Sequence[Line], indexes: Sequence[int]) -> bool:
    """Whether most of some lines say the same, as a refrain."""
    return len({lines[index].text.strip() for index in indexes}) <= len(indexes) / 2


def _bold_titles(lines: Sequence[Line], written: Sequence[int], bold: Sequence[int]) -> list[int]:
    if not bold:
        return []
    strong = set(bold)
    plain = [index for index in written if index not in strong and not lines[index].heading]
    has_headings = any(line.heading for line in lines)
    if has_headings and (not plain or _is_prose(lines, plain)):
        return []
    titles = [index for index in bold if _begins_block(lines, index)]
    # One is an emphasis, or the title of the whole.
    return titles if len(titles) >= max(_FEWEST_BOLD, _MOST_BOLD * len(bold)) else []


def _are_titles(lines: Sequence[Line], written: Sequence[int], indexes: Sequence[int]) -> bool:
    """Whether each line begins a block of verse, with no blank line under it, and the first of them the text."""
    if len(indexes) < _FEWEST or written.index(indexes[0]) > MOST_PREFACE:
        return False
    alike = set(indexes)
    for index in indexes:
        below = lines[index + 1 : index + 2]
        attached = bool(below) and bool(below[0].text.strip()) and index + 1 not in alike
        if not attached or not _begins_block(lines, index) or lines[index].text.rstrip().endswith(_NO_END):
            return False
    after = sum(_after_stanza(lines, index) for index in indexes[1:])
    return after >= _MOST_ABOVE * (len(indexes) - 1) and not _is_prose(lines, written)


def _begins_block(lines: Sequence[Line], index: int) -> bool:
    """Whether a short line begins a page, a stanza after a blank line, or a paragraph with line breaks of its own."""
    line, above = lines[index], lines[index - 1] if index else Line("", paragraph=True)
    breaks = index + 1 < len(lines) and not lines[index + 1].paragraph and bool(lines[index + 1].text.strip())
    apart = line.page or not above.text.strip() or not above.paragraph or breaks
    return len(line.text.strip()) <= LONGEST_TITLE and apart


def _after_stanza(lines: Sequence[Line], index: int) -> bool:
    """Whether the block before a line has more than one: under a title, a dedication begins a block too."""
    last = next((number for number in range(index - 1, -1, -1) if lines[number].text.strip()), 0)
    return last > 0 and bool(lines[last - 1].text.strip())


def _is_prose(lines: Sequence[Line], indexes: Sequence[int]) -> bool:
    return median(len(lines[index].text.strip()) for index in indexes) > VERSE
