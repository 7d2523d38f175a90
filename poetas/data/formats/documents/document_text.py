"""Builder of a document's text: paragraphs, tables and what is left out enter in reading order; lines leave."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from poetas.data.formats.documents.line_looks import PLAIN_LOOK, Look, titles_by_look
from poetas.data.formats.rows import Rows
from poetas.data.formats.running_text import Line
from poetas.data.pipeline.limits import Limits

NEW_PAGE = "\f"  # within the text of a paragraph; "\n" is a line break
COLUMN = 180  # twentieths of a point: a tab of 1.25 cm is four columns
_MOST_COLUMNS = 60
LINE = 240  # twentieths of a point: the height of a line
_SET_APART = 0.4 * LINE  # more than between other paragraphs: a stanza begins
LISTED = 1_000  # omissions of one kind that are named one by one


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's style says of it: whether it is a title, begins a page, or is an entry of a contents list.

    left, first: how far its lines, and besides that its first one, begin from the margin, in twentieths of a point.
    look: of its letters and its place.
    """

    heading: bool = False
    page: bool = False
    contents: bool = False
    left: int = 0
    first: int = 0
    look: Look = PLAIN_LOOK

    @property
    def columns(self) -> tuple[int, int]:
        """Columns before the first line of the paragraph and before its others."""
        return _columns(self.left + self.first), _columns(self.left)


def _columns(twips: int) -> int:
    return max(0, min(round(twips / COLUMN), _MOST_COLUMNS))


PLAIN = Style()


class Omissions:
    """Parts of a document that are not read, by kind; `finish_document` says each with its count.

    >>> omissions = Omissions(); omissions.add("note"); omissions.add("note", "nota 1"); omissions.counts
    {'note': 2}
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.places: dict[str, list[str]] = {}

    def add(self, kind: str, place: str = "", *, count: int = 1) -> None:
        """Count parts. place: where they stand, in the learner's words; "" where their numbers say enough."""
        if count < 1:
            return
        self.counts[kind] = self.counts.get(kind, 0) + count
        if place and len(places := self.places.setdefault(kind, [])) < LISTED:
            places.append(place)

    def merge(self, other: Omissions) -> None:
        """Add what another document left."""
        for kind, count in other.counts.items():
            self.add(kind, count=count)
            places = self.places.setdefault(kind, [])
            places += other.places.get(kind, [])[: LISTED - len(places)]


class DocumentText:
    r"""What a document holds, gathered in reading order.

    >>> text = DocumentText(Limits()); text.paragraph("uno\ndos\f"); text.paragraph("tres")
    >>> [(line.text, line.page, line.paragraph) for line in text.lines]
    [('uno', False, True), ('dos', False, False), ('tres', True, True)]
    """

    def __init__(self, limits: Limits, omissions: Omissions | None = None) -> None:
        self.indents = omissions is None  # what shares another's omissions is a cell: its text begins at its margin
        self.lines: list[Line] = []
        self.tables: list[DocumentTable] = []
        self.omissions = omissions if omissions is not None else Omissions()
        self.limits = limits
        self._page = False
        self._gap = False
        self._looks: dict[int, Look] = {}  # by the number of the line
        self._spaces: dict[int, int] = {}  # above lines that begin a paragraph, by their number; 0 is not kept
        self._below = 0  # the last paragraph

    def paragraph(
        self,
        text: str,
        *,
        heading: bool = False,
        look: Look = PLAIN_LOOK,
        columns: tuple[int, int] = (0, 0),
        spacing: tuple[int, int] = (0, 0),
    ) -> None:
        """Add a paragraph; its line breaks and page breaks are in its text. Where it is only a page break, a blank.

        look: of its first line, which may make it a title in `set_titles`. columns: those of a `Style`. spacing: how
        far it is set from what is before and after it, in twentieths of a point, see `set_stanzas`.
        """
        if space := max(self._below, spacing[0]):
            self._spaces[len(self.lines)] = space
        self._below = spacing[1]
        if any(columns) and self.indents and not heading and text.strip():
            first, other = (" " * count for count in columns)
            text = first + text.replace("\n", f"\n{other}")
        if NEW_PAGE not in text and "\n" not in text:  # as most paragraphs
            self._line(text, heading=heading, paragraph=True)
            self._look(look)
            return
        pages = text.split(NEW_PAGE)
        blank = not any(page.strip() for page in pages)
        for number, page in enumerate(pages):
            if number:
                self._page = True
            if not page.strip() and (not blank or number):
                continue  # before or after a page break
            for index, line in enumerate(page.split("\n")):
                self._line(line, heading=heading, paragraph=index == 0)
                if not index and not number:
                    self._look(look)

    def _look(self, look: Look) -> None:
        if look and self.lines[-1].text.strip():
            self._looks[len(self.lines) - 1] = look

    def _line(self, text: str, *, heading: bool, paragraph: bool) -> None:
        written = bool(text.strip())
        if self._gap and written and self.lines and self.lines[-1].text.strip():
            self.lines.append(Line("", paragraph=True))
        self._gap = False
        self.lines.append(Line(text, heading=heading and written, page=self._page, paragraph=paragraph))
        self._page = False

    def set_stanzas(self) -> None:
        """Put a blank line above paragraphs that are set farther from the one before than a third of them are.

        Of a title and two couplets, three lines of five are set apart: the middle one says nothing.
        """
        first = [index for index, line in enumerate(self.lines) if line.paragraph and line.text.strip()][1:]
        if not self._spaces or not first:
            return
        least = sorted(self._spaces.get(index, 0) for index in first)[len(first) // 3] + _SET_APART
        apart = [
            index
            for index in first
            if self._spaces.get(index, 0) >= least and not self.lines[index].page and self.lines[index - 1].text.strip()
        ]
        ends = [*apart, len(self.lines)]
        pieces = [self.lines[: ends[0]], *(self.lines[start:end] for start, end in pairwise(ends))]
        self.lines = pieces[0]
        for piece in pieces[1:]:
            self.lines += [Line("", paragraph=True), *piece]
        self._looks = {index + bisect_right(apart, index): look for index, look in self._looks.items()}
        for table in self.tables:
            table.place += bisect_left(apart, table.place)
        self._spaces = {}

    def set_titles(self) -> None:
        """Make titles of the lines that look so, see `titles_by_look`."""
        for index in titles_by_look(self.lines, self._looks):
            self.lines[index] = replace(self.lines[index], heading=True)

    def page(self) -> None:
        """Begin a page with the next line."""
        self._page = True

    def gap(self) -> None:
        """Separate what comes from what is there by a blank line."""
        self._gap = True

    def table(self) -> DocumentTable:
        """Begin a table at this place."""
        self.tables.append(DocumentTable(Rows(self.limits), len(self.lines)))
        return self.tables[-1]

    def extend(self, other: DocumentText) -> None:
        """Add the lines and tables of another document."""
        following = iter(other.lines)
        if first := next(following, None):
            self._page = self._page or first.page
            self._line(first.text, heading=first.heading, paragraph=first.paragraph)
        start = len(self.lines) - 1
        self.lines += following
        self._looks |= {start + index: look for index, look in other._looks.items()}
        self._spaces |= {start + index: space for index, space in other._spaces.items()}
        for table in other.tables:
            table.place += max(0, start)
        self.tables += other.tables

    def flat(self) -> Iterator[Line]:
        """The lines with those of the tables in their places."""
        start = 0
        for table in self.tables:
            yield from self.lines[start : table.place]
            yield from table.as_lines()
            start = table.place
        yield from self.lines[start:]

    def cell(self) -> str:
        """The text as that of a table's cell."""
        return "\n".join(line.text for line in (self.flat() if self.tables else self.lines))


@dataclass(slots=True)
class DocumentTable:
    """A table of a document.

    rows: its cells' texts. place: the index of the line before which it stands. layout: the cells' lines where it has
    one row only, which sets texts side by side or frames them instead of being a table of data.
    """

    rows: Rows
    place: int
    layout: Sequence[Line] = ()
    _count: int = 0

    def add(self, cells: Sequence[str], lines: Sequence[Line] = (), *, times: int = 1) -> None:
        """Add a row. lines: those of all its cells."""
        self.rows.add(cells, times=times)
        self._count += times
        self.layout = lines if self._count == 1 else ()

    @property
    def one_row(self) -> bool:
        """Whether it has one row."""
        return self._count == 1

    def as_lines(self) -> Iterator[Line]:
        """The text of its cells, cell by cell."""
        if self.one_row:
            yield from self.layout
            return
        for row in self.rows.kept:
            for cell in row:
                if cell:
                    yield from (Line(text, paragraph=not index) for index, text in enumerate(cell.split("\n")))
