"""Reader of old Excel workbooks (XLS): saved results are read, formulas are never evaluated.

`xlrd` is in Python: a broken file is an exception. The format is not compressed, and a sheet has at most 65,536 rows of
256 cells, so that one takes 220 MB at most (2 MB of cells in the last column of each row, measured); one is held at a
time. `python-calamine` ended the whole process in 4 of 4 runs with changed bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import xlrd
from openpyxl.utils.cell import get_column_letter

from poetas.data.errors import FileProtected, FileUnreadable, NotText
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.date_format import shown
from poetas.data.formats.merged_cells import MergedCells
from poetas.data.formats.rows import Rows
from poetas.data.formats.sheets import Sheet, Unseen, choose
from poetas.data.formats.signature import OLE, really
from poetas.data.formats.xlsx_cells import cell_text
from poetas.data.pipeline.limits import Limits

_BLANK = {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read one sheet of a workbook. Raises FileEmpty, FileUnreadable, FileProtected, NotText."""
    data = path.read_bytes()
    try:
        book = xlrd.open_workbook(
            file_contents=data, logfile=io.StringIO(), formatting_info=True, on_demand=True, ragged_rows=True
        )
        with book:
            return choose(_sheets(book, limits), hints.sheet, path.name)
    except xlrd.XLRDError as error:
        if "encrypted" in str(error):
            raise FileProtected(path.name) from error
        kind = really(data[:16])
        if kind and not data.startswith(OLE):
            raise NotText(path.name, really=kind) from error
        raise FileUnreadable(path.name, detail=str(error)) from error


def _sheets(book: xlrd.Book, limits: Limits) -> Iterator[Sheet]:
    for index, name in enumerate(book.sheet_names()):
        sheet = book.sheet_by_index(index)
        merged = MergedCells(limits)
        rows, unseen = _rows(book, sheet, limits, merged)
        if not rows.characters and (unseen.rows or unseen.columns):
            rows, unseen = _rows(book, sheet, limits)
        for top, below, left, right in sheet.merged_cells:
            merged.fill(f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right)}{below}", rows)
        yield Sheet(name, rows, hidden=sheet.visibility != 0, merged=merged.filled, unseen=unseen)
        book.unload_sheet(index)


def _rows(
    book: xlrd.Book, sheet: xlrd.sheet.Sheet, limits: Limits, merged: MergedCells | None = None
) -> tuple[Rows, Unseen]:
    """The rows that are shown; all of them where `merged`, which keeps the others, is None."""
    rows, unseen = Rows(limits), Unseen(read=merged is None)
    columns = {column + 1 for column, look in sheet.colinfo_map.items() if look.hidden}
    for row in range(sheet.nrows):
        filled = [column for column, kind in enumerate(sheet.row_types(row)) if kind not in _BLANK]
        near = {column + 1: _text(book, sheet, row, column) for column in filled if column < limits.columns}
        rows.wide = max(rows.wide, max(filled, default=-1) + 1 - limits.columns)
        look = sheet.rowinfo_map.get(row)
        near = {column: text for column, text in near.items() if text}
        hidden = bool(near and look is not None and look.hidden)
        if hidden and merged is not None:
            merged.keep(row + 1, {column: text for column, text in near.items() if column not in columns})
        near = unseen.shown(row + 1, near, columns, hidden=hidden)
        if near:
            rows.add([near.get(column, "") for column in range(1, max(near) + 1)], row_number=row + 1)
    return rows, unseen


def _text(book: xlrd.Book, sheet: xlrd.sheet.Sheet, row: int, column: int) -> str:
    kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
    if kind == xlrd.XL_CELL_DATE:
        return _date(book, sheet.cell_xf_index(row, column), value)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return cell_text(bool(value))
    if kind == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(value, ""))
    return cell_text(value)


def _date(book: xlrd.Book, style: int, value: float) -> str:
    try:
        moment = xlrd.xldate.xldate_as_datetime(value, book.datemode)
        number_format = book.format_map[book.xf_list[style].format_key].format_str
    except (IndexError, KeyError, ValueError, OverflowError):
        return cell_text(value)
    clock: dt.datetime | dt.time = moment.time() if value < 1 else moment
    return shown(clock, number_format)
