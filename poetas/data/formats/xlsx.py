"""Excel workbooks: the sheet with most text, formulas as they are written, never evaluated."""

from __future__ import annotations

import datetime as dt
import warnings
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, Notice, Raw, rows_cut
from poetas.data.formats.sheets import choose, other_sheets
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.zip_guard import opened
from poetas.data.limits import Limits
from poetas.i18n import _, ngettext, number

_EXACT = 1e15  # larger floats do not hold every whole number
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
            tables = {sheet.title: _sheet(sheet, limits) for sheet in book.worksheets}
        except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
            raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
        finally:
            book.close()
    name = choose({title: rows for title, (rows, _n, _cut) in tables.items()}, hints.sheet)
    if not name:
        raise FileEmpty(path.name)
    rows, formulas, cut = tables[name]
    notices = other_sheets([title for title, (found, _n, _cut) in tables.items() if found], name)
    if formulas:
        notices += (formulas_notice(formulas),)
    if cut:
        notices += (rows_cut(limits.rows),)
    return Raw(rows, notices=notices)


def formulas_notice(count: int) -> Notice:
    """The notice for cells that hold a formula."""
    told = ngettext("Hay {n} celda con una fórmula", "Hay {n} celdas con fórmulas", count).format(n=number(count))
    sentence = _("{told}: las leí como texto, sin calcularlas. Si querés sus resultados, pegalos como valores.")
    return Notice("formulas", sentence.format(told=told))


def _sheet(sheet: Any, limits: Limits) -> tuple[list[list[str]], int, bool]:
    sheet.reset_dimensions()  # the size that a file declares may be wrong; the rows themselves are not
    rows: list[list[str]] = []
    formulas = blank = 0
    for values in sheet.iter_rows(max_col=limits.columns, values_only=True):
        row = [cell_text(value) for value in values]
        if not any(row):
            blank += 1
            if blank > _BLANK_ROWS_BEFORE_END:
                break
            continue
        blank = 0
        if len(rows) > limits.rows:
            return rows, formulas, True
        formulas += sum(isinstance(value, str) and value.startswith("=") and len(value) > 1 for value in values)
        rows.append(row)
    return rows, formulas, False


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
