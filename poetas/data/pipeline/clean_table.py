"""Cleaning of a raw table: ragged cells in; header, equal widths, normal line ends, limits and notices out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from poetas.data.errors import FileTooLarge
from poetas.data.formats.base import Hints, LeftOut, RawTable, ReadingNotice, each_left_out, other_rows, row_name
from poetas.data.formats.header import column_names, find_header
from poetas.data.formats.header_rows import rows_under
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.table_layout import TableLayout, table_layout
from poetas.data.pipeline.table_notices import (
    cells_cut,
    columns_cut,
    letters_lost,
    rows_above,
    rows_below,
    rows_blank,
    rows_cut,
    rows_long,
    rows_short,
)
from poetas.i18n import _, number

_ODD_LINE_ENDS = re.compile(r"\r\n?|\N{LINE SEPARATOR}|\N{PARAGRAPH SEPARATOR}|\x0b")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]|\N{ZERO WIDTH NO-BREAK SPACE}")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_BLANK_LINES = re.compile(r"\A(?:[^\S\n]*\n)+")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+")
_POINT = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+")
_DECIMALS_SEEN = 1_000
_LONGEST_NUMBER = 20


@dataclass(frozen=True, slots=True)
class CleanTable:
    """A rectangular table of clean strings.

    numbers: of each row in the file, () where the file has no rows. going_on: rows whose text goes on in the next one.
    """

    columns: list[str]
    rows: list[list[str]]
    decimal: str
    notices: tuple[ReadingNotice, ...]
    layout: TableLayout
    left_out: tuple[LeftOut, ...] = ()
    numbers: tuple[int, ...] = ()
    going_on: tuple[int, ...] = ()


def clean_table(raw: RawTable, limits: Limits, name: str, hints: Hints) -> CleanTable:
    """Make a reader's table rectangular and clean; cells beyond the header's width go to a column of their own.

    The limits are applied here for all readers, with a notice each. Raises FileTooLarge where the table holds more
    characters than the limit.
    """
    _check_characters(raw.rows, limits, name)
    rows, notices = _cleaned(raw.rows, limits)
    wide = max(raw.wide, _columns_beyond(raw.rows, limits.columns))
    numbers = raw.numbers or range(1, len(rows) + 1)
    index = None if raw.columns is not None else _header_index(rows, numbers, hints)
    titles: Sequence[str] = raw.columns or ()
    left_out, first = raw.left_out, 0
    if index is not None:
        titles = rows[index]
        above = [(numbers[other], rows[other]) for other in range(index) if any(rows[other])]
        notices += [rows_above([row for _number, row in above])] if above else []
        left_out += tuple(LeftOut(row_name(n), "above-header", rows=1) for n, _row in above)
        under = rows_under(rows, index) if hints.header is hints.header_row is None else 0
        below = [(numbers[other], rows[other]) for other in range(index + 1, index + 1 + under) if any(rows[other])]
        notices += [rows_below([row for _number, row in below])] if below else []
        left_out += tuple(LeftOut(row_name(n), "below-header", rows=1) for n, _row in below)
        first = index + 1 + under
        rows, numbers = rows[first:], numbers[first:]
    width = min(_width(titles, [row for row in rows if any(row)]), limits.columns)
    most = min(limits.rows, max(1, limits.cells // width))
    if len(rows) > most or raw.left != 0:
        notices.append(rows_cut(min(most, len(rows)), None if raw.left is None else len(rows) + raw.left))
        place = _("de la fila {n} en adelante").format(n=number(numbers[min(most, len(rows)) - 1] + 1))
        left_out += (LeftOut(place, "beyond-limit", rows=len(rows[most:]) + (raw.left or 0)),)
        rows = rows[:most]
    if wide:
        notices.append(columns_cut(limits.columns, wide))
        left_out += (LeftOut(_("de la columna {n} en adelante").format(n=number(limits.columns + 1)), "columns-cut"),)
    filled = [row for row in rows if any(row)]
    if blank := [n for n, row in zip(numbers, rows, strict=False) if not any(row)]:
        notices.append(rows_blank(len(blank), wide=wide > 0))
        left_out += each_left_out(blank, "blank", row_name, other_rows)
    of_rows = () if raw.columns is not None else tuple(n for n, row in zip(numbers, rows, strict=False) if any(row))
    squared, ragged = _squared(filled, width, titled=index is not None, first=first + 1)
    columns = column_names(titles, width)
    if any(len(row) > width for row in squared):
        squared = [row if len(row) > width else [*row, ""] for row in squared]
        columns.append(_("sobrante"))
    used = range(len(columns)) if raw.columns is not None else _used(titles, squared, len(columns))
    if len(used) < len(columns):
        squared = [[row[column] for column in used] for row in squared]
        columns = [columns[column] for column in used]
    if raw.encoding and (lost := letters_lost(squared, of_rows)):  # other formats say it themselves
        ragged.append(lost)
    layout = table_layout(raw, index, used)
    kept = [place for place, row in enumerate(rows, start=first) if any(row)] if raw.going_on else []
    of_raw = frozenset(raw.going_on)
    going_on = tuple(index for index, place in enumerate(kept) if place in of_raw)
    return CleanTable(columns, squared, _decimal(squared), tuple(notices + ragged), layout, left_out, of_rows, going_on)


def _header_index(rows: Sequence[Sequence[str]], numbers: Sequence[int], hints: Hints) -> int | None:
    """The row of the titles: as the learner says, else as it looks."""
    filled = (index for index, row in enumerate(rows) if any(row))
    if hints.header_row is not None:
        return next((index for index in filled if hints.header_row and numbers[index] >= hints.header_row), None)
    if hints.header is not None:
        return next(filled, None) if hints.header else None
    return find_header(rows, numbers)


def _used(titles: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> Sequence[int]:
    """The columns with a title or any text: a table may begin in the third column of a sheet."""
    empty = {column for column in range(width) if not (column < len(titles) and titles[column])}
    for row in rows:
        if not empty:
            break
        empty -= {column for column in empty if row[column]}
    return [column for column in range(width) if column not in empty] or [0]


def _columns_beyond(rows: Sequence[Sequence[str]], most: int) -> int:
    """How many columns there are beyond those that are kept, to the last with a cell that is not empty."""
    wide = (row[most:] for row in rows if len(row) > most)
    return max((place for rest in wide for place, cell in enumerate(rest, start=1) if cell), default=0)


def _check_characters(rows: Sequence[Sequence[str]], limits: Limits, name: str) -> None:
    # A long cell that a sheet repeats 100,000 times is small in the file and enormous in the table.
    total = sum(min(len(cell), limits.cell_characters) for row in rows for cell in row)
    if total > limits.characters:
        raise FileTooLarge(name, actual=total, limit=limits.characters, unpacked=True)


def _cleaned(rows: Sequence[Sequence[str]], limits: Limits) -> tuple[list[list[str]], list[ReadingNotice]]:
    cut: list[int] = []
    clean: list[list[str]] = []
    for row_number, row in enumerate(rows, start=1):
        cells: list[str] = []
        for cell in row[: limits.columns]:
            text = cell[: limits.cell_characters]
            if len(cell) > limits.cell_characters:
                cut.append(row_number)
            if not text.isprintable():  # most cells are, and the check is far quicker than replacing
                text = _CONTROLS.sub("", _ODD_LINE_ENDS.sub("\n", text))
                text = _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
            cells.append(_trimmed(text))
        clean.append(cells)
    if not cut:
        return clean, []
    return clean, [cells_cut(cut, limits.cell_characters)]


def _trimmed(text: str) -> str:
    """A text without blanks around it; verse that steps to the right keeps what is before its first line."""
    trimmed = text.strip()
    if "\n " not in trimmed and "\n\t" not in trimmed:
        return trimmed
    return _BLANK_LINES.sub("", text).rstrip()


def _width(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Columns of the table: those of the header without its empty end, or of the widest row."""
    widest = max((len(row) for row in rows), default=0)
    named = max((number for number, title in enumerate(titles, start=1) if title.strip()), default=0)
    if not named:
        return max(1, max((number for row in rows for number, cell in enumerate(row, start=1) if cell), default=widest))
    # A column without a title that most rows fill is kept (usually an index).
    used = [sum(index < len(row) and bool(row[index]) for row in rows) for index in range(widest)]
    return max([named, *(index + 1 for index, count in enumerate(used) if count > len(rows) / 2)])


def _squared(
    rows: Sequence[Sequence[str]], width: int, *, titled: bool, first: int
) -> tuple[list[list[str]], list[ReadingNotice]]:
    squared: list[list[str]] = []
    short: list[int] = []
    long: list[int] = []
    for row_number, row in enumerate(rows, start=first):
        extra = [cell for cell in row[width:] if cell]
        if extra:
            long.append(row_number)
        elif len(row) < width and titled:
            short.append(row_number)
        padded = [*row[:width], *[""] * (width - len(row))]
        squared.append([*padded, " | ".join(extra)] if extra else padded)
    notices = [notice(numbers) for numbers, notice in ((long, rows_long), (short, rows_short)) if numbers]
    return squared, notices


def _decimal(rows: Sequence[Sequence[str]]) -> str:
    cells = [cell for row in rows[:_DECIMALS_SEEN] for cell in row if len(cell) <= _LONGEST_NUMBER]
    commas, points = (sum(bool(form.fullmatch(cell)) for cell in cells) for form in (_COMMA, _POINT))
    return "" if commas == points == 0 else "," if commas > points else "."
