"""Ways of dividing running text: lines and their profile in, an iterator of texts out; `WAYS` is their table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise
from typing import TypeAlias

from poetas.data.formats.division.blocks import TextBlock, blocks_of
from poetas.data.formats.division.bylines import with_titles
from poetas.data.formats.division.closings import closes, with_refrains
from poetas.data.formats.division.line_shapes import COMPANY, LONGEST_TITLE, TitleShape, count_of, is_mark, title_shape
from poetas.data.formats.division.profile import FULL_PAGE, TextProfile, has_title, is_plain_title
from poetas.data.formats.division.text_layout import Layout
from poetas.data.formats.running_text import Line, PlainLines

_NOTHING = TextBlock(())
_FULL = 0.75


@dataclass(slots=True)
class Apart:
    """Titles that are in no text, the first of them by name. titled: texts that begin with their title."""

    count: int = 0
    titled: int = 0
    first: list[str] = field(default_factory=list)
    most: int = 1_000

    def add(self, block: TextBlock) -> None:
        """Put a title apart."""
        self.count += 1
        if len(self.first) < self.most:
            self.first.append(block.lines[0].strip())


@dataclass(frozen=True, slots=True)
class Divider:
    """What a way is given: the text's profile, how its lines are written, and where its titles go.

    loose: whether any short line above a stanza is taken for a title, however it is written, or a stanza's first line
    where the first stanza has one: where it is asked for. Such first lines are titles, too, where the profile is sure.
    """

    profile: TextProfile
    layout: Layout
    apart: Apart = field(default_factory=Apart)
    loose: bool = False

    def blocks(self, lines: Iterable[Line]) -> Iterator[tuple[TextBlock, bool]]:
        """The blocks, each with whether it is a title; what belongs to all texts is put apart."""
        for index, (block, below) in enumerate(pairwise(chain(self._all(lines), [_NOTHING]))):
            if index < self.profile.preface and not block.mark:
                self.apart.add(block)
            else:
                yield block, self.is_title(block, below)

    def _all(self, lines: Iterable[Line]) -> Iterator[TextBlock]:
        """The blocks; titles with a number, and those that are asked for, come apart from the verse under them."""
        longest = self.profile.attached if self.loose or self.profile.sure else 0
        whole = with_refrains(blocks_of(lines), self.profile.refrains)
        for block in with_titles(whole, self.profile.bylines):
            if self.profile.counted and not block.single and count_of(block.lines[0]):
                yield replace(block, lines=block.lines[:1])
                yield TextBlock(block.lines[1:])
            elif longest and has_title(block, longest):
                yield replace(block, lines=block.lines[:1], heading=True)
                yield TextBlock(block.lines[1:])
            else:
                yield block

    def is_title(self, block: TextBlock, below: TextBlock) -> bool:
        """Whether a block is a title, seen with the one after it."""
        if (
            block.heading
            or not block.single
            or block.mark
            or self.closes(block)
            or closes(block, self.profile.refrains)
        ):
            return block.heading
        if self.profile.counted and count_of(block.lines[0]):
            return bool(below.lines) and not below.mark
        if self.loose and not self.profile.attached and len(below.lines) > 1:
            return len(block.lines[0]) <= LONGEST_TITLE
        shape = title_shape(block.lines[0])
        if shape in COMPANY:
            return shape in self.profile.shapes and is_plain_title(block, below, shape, verse=self.profile.verse)
        return shape in self.profile.shapes and bool(below.lines) and not below.mark

    def closes(self, block: TextBlock) -> bool:
        """Whether a block is a date, a signature or the like, that closes the text before it."""
        return closes(block, self.profile.closings)

    def begins(self, block: TextBlock) -> bool:
        """Whether a title begins a text, not a part of one."""
        return block.heading or not (self.profile.parts and title_shape(block.lines[0]) is TitleShape.NUMERAL)


Groups: TypeAlias = Iterator[list[TextBlock]]
Way: TypeAlias = Callable[[Sequence[Line], Divider], Iterator[str]]


def groups(lines: Iterable[Line], divider: Divider, starts: Callable[[TextBlock, bool, int], bool]) -> Groups:
    """Gather blocks into texts. starts: whether a block, a title or not, begins one after so many lines of a page."""
    group: list[TextBlock] = []
    headed = True  # so far the group holds nothing but titles: a mark or a page after one separates nothing
    on_page = 0
    for block, title in divider.blocks(lines):
        if not headed and starts(block, title, on_page):
            yield group
            group, headed = [], True
        on_page = len(block.lines) if block.page else on_page + len(block.lines)
        if not block.mark:
            group.append(block)
            headed = headed and title
    if group:
        yield group


def poem_groups(lines: Iterable[Line], divider: Divider) -> Groups:
    """Poems: from a title, a mark, a page or a wide gap to the next; a full page's text goes on on the next."""
    profile = divider.profile
    full = max(FULL_PAGE, _FULL * profile.longest_page)
    closed = False  # whether what is before the block closes a poem

    def starts(block: TextBlock, title: bool, on_page: int) -> bool:  # noqa: FBT001
        nonlocal closed
        before, closed = closed, divider.closes(block)
        if closed:
            return False
        wide = before or (bool(profile.wide) and block.gap >= profile.wide)
        return block.mark or wide or (title and divider.begins(block)) or (block.page and on_page < full)

    return groups(lines, divider, starts)


def title_groups(lines: Iterable[Line], divider: Divider) -> Groups:
    """Texts from one title to the next."""
    return groups(lines, divider, lambda block, title, _on_page: title and divider.begins(block))


def poems(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """Poems, titles and stanzas together."""
    return _written(poem_groups(lines, divider), divider)


def titles(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """What each title heads, with the title."""
    return _written(title_groups(lines, divider), divider)


def _written(gathered: Groups, divider: Divider) -> Iterator[str]:
    for group in gathered:
        divider.apart.titled += divider.is_title(*(*group, _NOTHING)[:2])
        yield divider.layout.written(group)


def marks(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """What is between marks (``***``)."""
    gathered = groups(lines, divider, lambda block, _title, _on_page: block.mark)
    return (divider.layout.written(group) for group in gathered)


def pages(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """Pages."""
    gathered = groups(lines, divider, lambda block, _title, _on_page: block.page)
    return (divider.layout.written(group) for group in gathered)


def blocks(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """Stanzas or paragraphs; titles are put apart."""
    for block, title in divider.blocks(lines):
        if title:
            divider.apart.add(block)
        elif not block.mark:
            yield from divider.layout.pieces(block)


def single_lines(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """Each line that is not blank; what the format calls a title is put apart."""
    if isinstance(lines, PlainLines):
        return (text for line in lines.texts() if (text := line.strip()) and not is_mark(text))
    return _single_lines(lines, divider)


def _single_lines(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    for line in lines:
        text = line.text.strip()
        if line.heading and text:
            divider.apart.add(TextBlock((text,)))
        elif text and not is_mark(text):
            yield text


def whole(lines: Sequence[Line], divider: Divider) -> Iterator[str]:
    """All lines as one text, where there is any."""
    if text := divider.layout.whole(lines):
        yield text


WAYS: dict[str, Way] = {
    "poems": poems, "blocks": blocks, "titles": titles, "marks": marks, "pages": pages, "lines": single_lines,
    "whole": whole,
}  # fmt: skip
