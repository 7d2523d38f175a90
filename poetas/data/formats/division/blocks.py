"""Blocks of running text: lines in, the runs of lines between blank lines, titles, marks and pages out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from poetas.data.formats.division.line_shapes import TitleShape, is_mark, is_underline, title_shape
from poetas.data.formats.running_text import Line

ATTACHED = 3  # lines of a block whose first may be a title without a blank line under it


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A run of lines.

    gap: blank lines before it. heading: whether the format, or a line under it, says that it is a title. page: whether
    a page begins with it. mark: whether it is a mark that separates texts.
    """

    lines: tuple[str, ...]
    gap: int = 0
    heading: bool = False
    page: bool = False
    mark: bool = False

    @property
    def single(self) -> bool:
        """Whether it has one line."""
        return len(self.lines) == 1


def blocks_of(lines: Iterable[Line]) -> Iterator[TextBlock]:
    """Group lines lazily: blank lines, headings, marks, pages, and paragraphs of several lines come apart.

    >>> [block.lines for block in blocks_of([Line("uno"), Line("dos"), Line(""), Line("***"), Line("tres")])]
    [('uno', 'dos'), ('***',), ('tres',)]
    """
    runs = _Runs()
    for run in chain(chain.from_iterable(map(runs.add, lines)), _last(runs)):
        first, *rest = run.lines
        attached = len(run.lines) >= ATTACHED and not first.lstrip()[:1].islower() and title_shape(first) in _ATTACHED
        if attached and not all(title_shape(line) in _ATTACHED for line in rest):
            yield TextBlock((first,), run.gap, page=run.page, heading=title_shape(first) is not TitleShape.NUMERAL)
            yield TextBlock(tuple(rest))
        else:
            yield run


_ATTACHED = (TitleShape.NUMERAL, TitleShape.NAMED, TitleShape.CAPITALS)


def _last(runs: _Runs) -> Iterator[TextBlock]:
    yield from runs.end()  # when the lines are read, not before


class _Runs:
    """Gathers lines into runs; `add` and `end` return those that are complete."""

    def __init__(self) -> None:
        self._lines: list[str] = []  # of the run that is being read
        self._paragraph = 0  # where its last paragraph begins
        self._gap = self._gap_before = 0
        self._page = self._page_before = False

    def add(self, line: Line) -> list[TextBlock]:
        """Add a line."""
        self._page = self._page or line.page
        if not line.text.strip():
            self._gap += 1
            return []
        if line.heading:
            return [*self.end(), self._alone(line.text, heading=True)]
        if is_mark(line.text):
            return self._mark(line.text)
        complete: list[TextBlock] = []
        # A paragraph with line breaks of its own is a stanza: it comes apart from those around it.
        stanza = line.paragraph and len(self._lines) - self._paragraph > 1
        if self._lines and (self._gap or self._page or stanza):
            complete = self.end()
            self._gap = self._gap or int(stanza)
        if not self._lines:
            self._gap_before, self._page_before, self._paragraph = self._gap, self._page, 0
        elif line.paragraph:
            self._paragraph = len(self._lines)
        self._lines.append(line.text)
        self._gap, self._page = 0, False
        return complete

    def end(self) -> list[TextBlock]:
        """End the run; its last paragraph comes apart where it has several lines."""
        complete = []
        if self._paragraph and len(self._lines) - self._paragraph > 1:
            complete.append(self._taken(self._paragraph))
            self._gap_before = 1
        if self._lines:
            complete.append(self._taken(len(self._lines)))
        return complete

    def _mark(self, text: str) -> list[TextBlock]:
        if not self._gap and len(self._lines) == 1 and is_underline(text, self._lines[0]):
            title = self._taken(1)
            return [TextBlock(title.lines, title.gap, heading=True, page=title.page)]
        return [*self.end(), self._alone(text, heading=False)]

    def _alone(self, text: str, *, heading: bool) -> TextBlock:
        block = TextBlock((text,), self._gap, heading=heading, page=self._page, mark=not heading)
        self._gap, self._page = 0, False
        return block

    def _taken(self, size: int) -> TextBlock:
        block = TextBlock(tuple(self._lines[:size]), self._gap_before, page=self._page_before)
        self._lines = self._lines[size:]
        self._gap_before, self._page_before, self._paragraph = 0, False, 0
        return block
