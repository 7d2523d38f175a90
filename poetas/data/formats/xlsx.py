"""Excel workbooks: the sheet with most text, formulas as they are written, never evaluated."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from poetas.data.errors import FileUnreadable
from poetas.data.formats.base import Hints, Raw
from poetas.data.formats.rows import Rows
from poetas.data.formats.sheets import Sheet, choose
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.zip_guard import opened
from poetas.data.limits import Limits
from poetas.i18n import _

_EXACT = 1e15  # larger floats do not hold every whole number
_LOOKED_AT = 2_000  # columns: those beyond the limit are only looked at, to say that they are there
_BLANK_ROWS_BEFORE_END = 1_000  # a stray format at the last row of the sheet is a million empty rows away


def read(path: Path, hints: Hints, limits: Limits) -> Raw:
    """Read one sheet of a workbook. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        refuse_entities(archive, path.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that are of no concern here
        try:
            book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
            raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
        try:
            if not book.worksheets:
                raise FileUnreadable(path.name, detail="no sheet could be found")
            return choose(_sheets(book, limits), hints.sheet, path.name)
        except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
            raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
        finally:
            book.close()


def _sheets(book: Any, limits: Limits) -> Iterator[Sheet]:
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # the size that a file declares may be wrong; the rows themselves are not
        yield _sheet(sheet, limits)


def _sheet(sheet: Any, limits: Limits) -> Sheet:
    rows = Rows(limits)
    formulas = blank = 0
    for values in sheet.iter_rows(max_col=_LOOKED_AT, values_only=True):
        rows.wide = rows.wide or any(values[limits.columns :])
        near = values[: limits.columns]
        row = [cell_text(value) for value in near]
        if not any(row):
            blank += 1
            if blank > _BLANK_ROWS_BEFORE_END:
                break
            continue
        blank = 0
        if rows.full:
            rows.left = None
            break
        formulas += sum(isinstance(value, str) and value.startswith("=") and len(value) > 1 for value in near)
        while not row[-1]:  # openpyxl makes all rows as wide as was asked for
            row.pop()
        rows.add(row)
    return Sheet(sheet.title, rows, formulas)


def cell_text(value: Any) -> str:
    """Write a cell's value as its reader would: no ``.0`` on whole numbers, dates as ISO, formulas as they are.

    >>> cell_text(3.0), cell_text(None), cell_text(True), cell_text("=1+1")
    ('3', '', 'VERDADERO', '=1+1')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("VERDADERO") if value else _("FALSO")
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="minutes")
    text = getattr(value, "text", value)  # array formulas carry theirs in an object
    return str(text)
