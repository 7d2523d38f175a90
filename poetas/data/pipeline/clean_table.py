"""Cleaning of a raw table: ragged cells in; header, equal widths, normal line ends, limits and notices out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from poetas.data.errors import FileTooLarge
from poetas.data.formats.base import RawTable, ReadingNotice, at_rows
from poetas.data.formats.header import column_names, has_header
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

SHOWN = 5
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
    """A rectangular table of clean strings."""

    columns: list[str]
    rows: list[list[str]]
    header: bool
    decimal: str
    notices: tuple[ReadingNotice, ...]


def clean_table(raw: RawTable, limits: Limits, name: str, *, header: bool | None) -> CleanTable:
    """Make a reader's table rectangular and clean; cells beyond the header's width go to a column of their own.

    The limits are applied here for all readers, with a notice each. Raises FileTooLarge where the table holds more
    characters than the limit.
    """
    _check_characters(raw.rows, limits, name)
    rows, notices = _cleaned(raw.rows, limits)
    wide = raw.wide or any(len(row) > limits.columns and any(row[limits.columns :]) for row in raw.rows)
    titled = False
    titles: Sequence[str] = raw.columns or ()
    if raw.columns is None and rows:
        titled = has_header(rows) if header is None else header
        if titled:
            titles, rows = rows[0], rows[1:]
    width = min(_width(titles, [row for row in rows if any(row)]), limits.columns)
    most = min(limits.rows, max(1, limits.cells // width))
    if len(rows) > most or raw.left != 0:
        notices.append(_rows_cut(min(most, len(rows)), None if raw.left is None else len(rows) + raw.left))
        rows = rows[:most]
    if wide:
        notices.append(_columns_cut(limits.columns))
    filled = [row for row in rows if any(row)]
    if blank := len(rows) - len(filled):
        notices.append(_rows_blank(blank, wide=wide))
    squared, ragged = _squared(filled, width, titled=titled, first=1 + titled)
    columns = column_names(titles, width)
    if any(len(row) > width for row in squared):
        squared = [row if len(row) > width else [*row, ""] for row in squared]
        columns.append(_("sobrante"))
    return CleanTable(columns, squared, titled, _decimal(squared), tuple(notices + ragged))


def _rows_cut(kept: int, total: int | None) -> ReadingNotice:
    if total is None:
        first = ngettext("Leí solo la primera fila", "Leí las primeras {n} filas", kept).format(n=number(kept))
        sentence = _("{first}: el archivo tiene más.").format(first=first)
    else:
        first = ngettext("Leí solo la primera fila de {total}", "Leí las primeras {n} filas de {total}", kept)
        sentence = _("{first}: las demás no entran.").format(first=first.format(n=number(kept), total=number(total)))
    return ReadingNotice("rows-cut", sentence + " " + _("Si las necesitás, partí el archivo en varios."))


def _columns_cut(kept: int) -> ReadingNotice:
    first = ngettext("Leí solo la primera columna", "Leí solo las primeras {n} columnas", kept).format(n=number(kept))
    sentence = _(
        "{first}: el archivo tiene más. Si tus textos están en otra, quitale las que no uses y volvé a elegirlo."
    )
    return ReadingNotice("columns-cut", sentence.format(first=first))


def _rows_blank(count: int, *, wide: bool) -> ReadingNotice:
    if wide:  # those rows may have cells in the columns that were left out
        phrase = ngettext(
            "Salteé {n} fila que no tiene nada en esas columnas.",
            "Salteé {n} filas que no tienen nada en esas columnas.",
            count,
        )
    else:
        phrase = ngettext("Salteé {n} fila vacía.", "Salteé {n} filas vacías.", count)
    return ReadingNotice("rows-blank", phrase.format(n=number(count)))


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
    phrase = ngettext("Corté {n} celda", "Corté {n} celdas", len(cut)).format(n=number(len(cut)))
    sentence = _("{phrase} de más de {limit} letras ({rows}).").format(
        phrase=phrase, limit=number(limits.cell_characters), rows=at_rows(tuple(cut[:SHOWN]), len(cut))
    )
    return clean, [ReadingNotice("cells-cut", sentence, tuple(cut[:SHOWN]))]


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
    notices: list[ReadingNotice] = []
    if long:
        phrase = ngettext("{n} fila tiene celdas de más", "{n} filas tienen celdas de más", len(long))
        sentence = _("{phrase} ({rows}): las guardé en la columna «sobrante». Puede faltar alguna comilla.")
        filled = sentence.format(
            phrase=phrase.format(n=number(len(long))), rows=at_rows(tuple(long[:SHOWN]), len(long))
        )
        notices.append(ReadingNotice("rows-long", filled, tuple(long[:SHOWN])))
    if short:
        phrase = ngettext("{n} fila tiene celdas de menos", "{n} filas tienen celdas de menos", len(short))
        sentence = ngettext(
            "{phrase} ({rows}): la completé con celdas vacías.",
            "{phrase} ({rows}): las completé con celdas vacías.",
            len(short),
        )
        filled = sentence.format(
            phrase=phrase.format(n=number(len(short))), rows=at_rows(tuple(short[:SHOWN]), len(short))
        )
        notices.append(ReadingNotice("rows-short", filled, tuple(short[:SHOWN])))
    return squared, notices


def _decimal(rows: Sequence[Sequence[str]]) -> str:
    cells = [cell for row in rows[:_DECIMALS_SEEN] for cell in row if len(cell) <= _LONGEST_NUMBER]
    commas, points = (sum(bool(form.fullmatch(cell)) for cell in cells) for form in (_COMMA, _POINT))
    return "" if commas == points == 0 else "," if commas > points else "."
