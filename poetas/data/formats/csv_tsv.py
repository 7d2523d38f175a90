"""Reader of CSV and TSV: any delimiter and encoding, cells of several lines, ragged rows."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from enum import Enum, auto
from pathlib import Path

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, RawTable, ReadingNotice
from poetas.data.formats.delimiter import Dialect, dialect
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.rows import Rows
from poetas.data.formats.spreadsheet_marks import without_guards
from poetas.data.pipeline.limits import Limits
from poetas.data.pipeline.table_notices import rows_joined
from poetas.i18n import _, number

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_WIDEST = 1_000_000  # cells in one row: the csv module makes all of them before they can be counted


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a table of delimited text. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    text = decoded.text
    if not text.strip():
        raise FileEmpty(path.name)
    delimiter = hints.delimiter
    if text[:4].lower() == "sep=" and text[5:6] in {"\r", "\n"}:  # Excel's own way to name the delimiter
        delimiter, text = delimiter or text[4], text[5:].lstrip("\r\n")
    if delimiter is None and path.suffix.lower() in {".tsv", ".tab"} and "\t" in text:
        delimiter = "\t"
    form = dialect(text, delimiter)
    try:
        rows, notices = _rows(text, form, limits)
    except _RowEndlessError as error:
        why = _("Una sola de sus filas tiene más de {n} celdas.").format(n=number(_WIDEST))
        raise FileUnreadable(path.name, why=why) from error
    if decoded.marked:  # a spreadsheet wrote it, or what writes for one: its apostrophes are no quotation marks
        notices += without_guards(rows.kept)
    return RawTable(
        rows.kept,
        None,
        decoded.encoding,
        form.delimiter,
        notices=decoded.notices + notices,
        left=rows.left,
        wide=rows.wide,
        numbers=rows.numbers,
    )


def _rows(text: str, form: Dialect, limits: Limits) -> tuple[Rows, tuple[ReadingNotice, ...]]:
    notices: tuple[ReadingNotice, ...] = ()
    quotes = _quotes(text, form) if '"' in text else _Quotes.EVEN
    if quotes is _Quotes.OPEN:
        form = form.unquoted()
        sentence = _("Hay comillas que se abren y no se cierran: leí las comillas como una letra más.")
        notices = (ReadingNotice("quotes-open", sentence),)
    rows = Rows(limits)
    lines = _Lines(text, form.delimiter)
    joined: list[int] = []
    for row_number, row in enumerate(form.reader(lines), start=1):
        lines.cells = 0
        if row:
            rows.add(row, row_number=row_number)
            if quotes is _Quotes.UNEVEN and any("\n" in cell and cell.endswith('"') for cell in row):
                joined.append(row_number)
    return rows, notices + ((rows_joined(joined),) if joined else ())


class _Quotes(Enum):
    EVEN = auto()
    UNEVEN = auto()  # letters after the one that closes a cell
    OPEN = auto()  # the rest of the file would be a single cell


def _quotes(text: str, form: Dialect) -> _Quotes:
    lines = _Lines(text, form.delimiter)
    try:
        for _row in form.reader(lines, strict=True):
            lines.cells = 0
    except _RowEndlessError:
        return _Quotes.OPEN
    except csv.Error as error:
        return _Quotes.OPEN if "unexpected end" in str(error) else _Quotes.UNEVEN
    return _Quotes.EVEN


class _RowEndlessError(Exception):
    pass


class _Lines:
    """The lines of a text, one by one (`io.StringIO` would hold four bytes a character).

    cells: delimiters since the reader of the rows set it to zero.
    """

    def __init__(self, text: str, delimiter: str) -> None:
        self.cells = 0
        self._delimiter = delimiter
        self._matches = _LINE.finditer(text)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._matches)[0]
        if self._delimiter:
            self.cells += line.count(self._delimiter)
            if self.cells > _WIDEST:
                raise _RowEndlessError
        return line
