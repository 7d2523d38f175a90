"""Titles by how they look: a document's lines and the look of some in, the numbers of those that are titles out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from statistics import median
from typing import TypeAlias

from poetas.data.formats.division.line_shapes import LONGEST_TITLE, TitleShape, is_dedication, title_shape
from poetas.data.formats.division.profile import MOST_PREFACE, SHORT_LINE, VERSE
from poetas.data.formats.running_text import Line

# What a whole line is: "bold", "italic", "centred", "size 36", "style Poema"…
Look: TypeAlias = frozenset[str]
PLAIN_LOOK: Look = frozenset()
BOLD, CENTRED, TITLED = "bold", "centred", "titled"  # TITLED: a class of its own says so
_SIZES = "size "
# Names of CSS, which OpenDocument uses too
_UNDERLINES = ("text-decoration", "text-decoration-line", "text-underline-style")
_DECLARED = {
    "font-weight": BOLD, "font-style": "italic", "text-align": CENTRED, "text-transform": "capitals",
    "font-variant": "capitals", **dict.fromkeys(_UNDERLINES, "underlined"),
}  # fmt: skip
_SAME_SIZE = {"100%", "1em", "1rem", "medium"}
_OFF = {
    "font-weight": {"normal", "100", "200", "300", "400", "500", "lighter"},
    "text-transform": {"none", "lowercase", "capitalize"},
}
_NONE = {"none", "normal"}
DECLARATIONS = {*_DECLARED, "font-size"}
_FEW = 0.4  # share of the lines: of more, the look is how the text is written
_MOST_BOLD = 0.8  # share of the bold lines that begin a block where bold marks titles
_FEWEST_BOLD, _FEWEST = 2, 3
_MOST_ABOVE = 0.8  # share of the titles that stand after a stanza
_MOST_NAMES = 0.8  # share of the titles that are written as such
_NO_END = (",", ";", ":")
_SENTENCE_ENDS = (".", "!", "?", "…", "»", "”")


@lru_cache(maxsize=256)  # a document says the same of each of its paragraphs
def with_size(look: Look, size: float | str) -> Look:
    """A look of another size of letters."""
    return frozenset({*(word for word in look if not word.startswith(_SIZES)), f"{_SIZES}{size}"})


def with_declarations(look: Look, declared: Mapping[str, str]) -> Look:
    """A look, changed by properties of CSS or of OpenDocument, those of `DECLARATIONS`.

    >>> sorted(with_declarations(frozenset({"bold", "italic"}), {"font-weight": "400", "font-size": "2em"}))
    ['italic', 'size 2em']
    >>> sorted(with_declarations(frozenset({"centred"}), {"text-align": "inherit", "font-weight": "inherit"}))
    ['centred']
    """
    for name, value in declared.items():
        if value == "inherit":
            continue
        if name == "font-size":
            look = look if value in _SAME_SIZE else with_size(look, value)
        elif (word := _DECLARED.get(name)) is not None:
            look = look | {word} if _is_on(name, value) else look - {word}
    return look


def _is_on(name: str, value: str) -> bool:
    if name == "text-align":
        return value == "center"
    if name in _UNDERLINES:
        return value not in _NONE and (name == "text-underline-style" or "underline" in value)
    return value not in _OFF.get(name, _NONE)


class FirstLine:
    r"""What a paragraph's first line has that its others have not, while its text is read.

    >>> line = FirstLine(); line.add("Siesta\n", frozenset({"bold", "italic"})); line.add("uno", frozenset({"italic"}))
    >>> line.take()
    frozenset({'bold'})
    """

    __slots__ = ("_below", "_first", "_others")

    def __init__(self) -> None:
        self._first: Look | None = None
        self._others = PLAIN_LOOK
        self._below = False

    def add(self, text: str, look: Look) -> None:
        """Add letters that look so."""
        if not self._below:
            line, end, text = text.partition("\n")
            if line and not line.isspace() and self._first is not look:
                self._first = look if self._first is None else self._first & look
            if not end or self._first is None:
                return
            self._below = True
        if text and not text.isspace():
            self._others |= look

    @property
    def plain(self) -> bool:
        """Whether it looks like nothing in particular, whatever follows in its line."""
        return self._first is not None and not self._first

    def take(self) -> Look:
        """Return the look and begin a paragraph."""
        look = (self._first or PLAIN_LOOK) - self._others
        self._first, self._others, self._below = None, PLAIN_LOOK, False
        return look


def titles_by_look(lines: Sequence[Line], looks: Mapping[int, Look]) -> list[int]:
    """The lines that are titles because of how they look, where most look otherwise.

    looks: by the number of the line. So most people write the title of a poem: in bold, above its first verse, with no
    style and no blank line; some of a book may have a style besides. Where more have one, or in prose, a bold line is
    within a text. The first verse of a stanza is in small capitals or in bold, too: most lines must be written as
    titles are. And verses are in italics or in the middle: of other looks than bold, all must stand where titles do.

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
    if titles := _bold_titles(lines, written, _without_dedications(lines, few.get(BOLD, []))):
        return titles
    # A heading above them all is the title of the book; of more, the format says which lines are titles.
    last = max((index for index in written if lines[index].heading), default=-1)
    for word, marked in sorted(few.items(), key=lambda item: (item[0] != TITLED, item[0])):
        indexes = _without_dedications(lines, [index for index in marked if index != last])
        if indexes and last >= indexes[0]:
            continue
        named = word == TITLED or (word != BOLD and _are_names(lines, written, indexes))
        if named and _are_titles(lines, written, indexes):
            return indexes
    return []


def _without_dedications(lines: Sequence[Line], indexes: Sequence[int]) -> list[int]:
    """Some lines without the dedications among them that are right under another of them: "a mi madre"."""
    alike = set(indexes)
    return [index for index in indexes if index - 1 not in alike or not is_dedication(lines[index].text)]


def _are_names(lines: Sequence[Line], written: Sequence[int], indexes: Sequence[int]) -> bool:
    """Whether most of some lines have the shape of a title, or are shorter than the usual line."""
    alike = set(indexes)
    others = [len(lines[index].text.strip()) for index in written if index not in alike]
    short = SHORT_LINE * median(others) if others else 0
    texts = [lines[index].text.strip() for index in indexes]
    names = sum(len(text) <= short or title_shape(text) is not TitleShape.NONE for text in texts)
    return names >= _MOST_NAMES * len(texts)


def _recur(lines: Sequence[Line], indexes: Sequence[int]) -> bool:
    """Whether most of some lines say the same, as a refrain."""
    return len({lines[index].text.strip() for index in indexes}) <= len(indexes) / 2


def _bold_titles(lines: Sequence[Line], written: Sequence[int], bold: Sequence[int]) -> list[int]:
    if not bold:
        return []
    strong = set(bold)
    plain = [index for index in written if index not in strong and not lines[index].heading]
    headings = sum(line.heading for line in lines)
    others = [index for index in bold if not lines[index].heading]
    if headings and (headings > len(others) or not plain or _is_prose(lines, plain)):
        return []
    titles = [index for index in bold if _begins_block(lines, index)] if _are_names(lines, written, others) else []
    # One is an emphasis, or the title of the whole.
    return titles if len(titles) >= max(_FEWEST_BOLD, _MOST_BOLD * len(bold)) else []


def _are_titles(lines: Sequence[Line], written: Sequence[int], indexes: Sequence[int]) -> bool:
    """Whether each begins a block of verse, no blank line under it, the first of them the text (a foreword apart)."""
    if len(indexes) < _FEWEST or not _is_preface(lines, written[: written.index(indexes[0])]):
        return False
    alike = set(indexes)
    for index in indexes:
        below = lines[index + 1 : index + 2]
        attached = bool(below) and bool(below[0].text.strip()) and index + 1 not in alike
        if not attached or not _begins_block(lines, index) or lines[index].text.rstrip().endswith(_NO_END):
            return False
    after = sum(_after_stanza(lines, index) for index in indexes[1:])
    return after >= _MOST_ABOVE * (len(indexes) - 1) and not _is_prose(lines, written)


def _is_preface(lines: Sequence[Line], indexes: Sequence[int]) -> bool:
    """Whether a text's first lines stand before its first title: a title page, a foreword, who signs it."""
    texts = [lines[index].text.strip() for index in indexes]
    return sum(len(text) <= VERSE and not text.endswith(_SENTENCE_ENDS) for text in texts) <= MOST_PREFACE


def _begins_block(lines: Sequence[Line], index: int) -> bool:
    """Whether a short line begins a page, a stanza after a blank line, or a paragraph with line breaks of its own."""
    line, above = lines[index], lines[index - 1] if index else Line("", paragraph=True)
    breaks = index + 1 < len(lines) and not lines[index + 1].paragraph and bool(lines[index + 1].text.strip())
    apart = line.page or above.heading or not above.text.strip() or not above.paragraph or breaks
    return len(line.text.strip()) <= LONGEST_TITLE and apart


def _after_stanza(lines: Sequence[Line], index: int) -> bool:
    """Whether the block before a line has more than one: under a title, a dedication begins a block too."""
    last = next((number for number in range(index - 1, -1, -1) if lines[number].text.strip()), 0)
    return last > 0 and bool(lines[last - 1].text.strip())


def _is_prose(lines: Sequence[Line], indexes: Sequence[int]) -> bool:
    return median(len(lines[index].text.strip()) for index in indexes) > VERSE
