"""Rows as files that spreadsheets open: CSV (byte-order mark, ``;``) and XLSX; texts stay texts, nothing runs.

What is written is read again by `poetas.data.pipeline.reading` as the same rows. A text that looks like a number or a
date ("007", "3/4") is a text in the XLSX; of a CSV, each program decides how it shows it.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from poetas.util.files import private_folder, writing
from poetas.util.spreadsheet_cells import (
    LONGEST,
    cell_parts,
    continued_name,
    escape_xlsx,
    guard_formula,
    is_formula,
)

Cell: TypeAlias = str | int | float | None
Row: TypeAlias = Sequence[Cell]
MOST_ROWS = 1_048_575  # of a sheet, its header left out
_WIDE, _NARROW, _LONG = 70, 16, 40  # column widths in characters; a column with a cell longer than that is wide
_LOOKED_AT = 100  # rows, for the widths
_TITLE = 31  # characters of a sheet's name
_NO_TITLE = dict.fromkeys(map(ord, "[]:*?/\\'"), "-")


def write_spreadsheet(path: Path, columns: Sequence[str], rows: Iterable[Row]) -> Path:
    r"""Write rows as the format of the path's suffix, atomically, and return the path.

    columns: distinct names. rows: as many cells each; an integer or a float is written as a number, None as an empty
    cell. Raises KeyError for another suffix, ValueError for more rows than a sheet has, OSError.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "a.csv"
    >>> write_spreadsheet(path, ["texto", "nota"], [["=1+1; y sol", 3.5]]).read_bytes().decode()
    '\ufefftexto;nota\r\n"\'=1+1; y sol";3,5\r\n'
    """
    write = WRITERS[path.suffix.lower()]
    kept = rows if isinstance(rows, Sequence) else list(rows)
    if len(kept) > MOST_ROWS:
        raise ValueError(f"{len(kept)} rows; a sheet has {MOST_ROWS}")
    places = [1] * len(columns)  # cells that each column takes
    for row in kept:
        for index, cell in enumerate(row):
            if isinstance(cell, str) and len(cell) > LONGEST // 8:
                places[index] = max(places[index], len(cell_parts(cell)))
    names = [
        continued_name(name, part) if part > 1 else name
        for name, count in zip(columns, places, strict=True)
        for part in range(1, count + 1)
    ]
    private_folder(path.parent)
    write(path, names, [[*_cells(row, places)] for row in kept] if max(places) > 1 else kept)
    return path


def _cells(row: Row, places: Sequence[int]) -> Iterator[Cell]:
    for cell, count in zip(row, places, strict=True):
        parts: list[Cell] = [*cell_parts(cell)] if count > 1 and isinstance(cell, str) else [cell]
        yield from parts
        yield from [None] * (count - len(parts))


def _csv(path: Path, names: Sequence[str], rows: Sequence[Row]) -> None:
    with writing(path) as out:
        text = io.TextIOWrapper(out, "utf-8-sig", errors="replace", newline="")
        writer = csv.writer(text, delimiter=";")
        writer.writerow(guard_formula(name) for name in names)
        writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
        text.detach()  # flushed; `writing` closes the file


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return guard_formula(cell)
    # Where ; separates, the spreadsheet's decimal sign is a comma.
    return "" if cell is None else str(cell).replace(".", ",")


def _xlsx(path: Path, names: Sequence[str], rows: Sequence[Row]) -> None:
    from openpyxl import Workbook  # noqa: PLC0415 - a page's kernel imports this module
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet(path.stem.translate(_NO_TITLE)[:_TITLE])
    sheet.freeze_panes = "A2"
    for index, _name in enumerate(names):
        long = any(isinstance(cell := row[index], str) and len(cell) > _LONG for row in rows[:_LOOKED_AT])
        sheet.column_dimensions[get_column_letter(index + 1)].width = _WIDE if long else _NARROW
    cell_of = _xlsx_cells(sheet)
    sheet.append([cell_of(name, bold=True) for name in names])
    for row in rows:
        sheet.append([cell_of(value) for value in row])
    with writing(path) as out:
        book.save(out)


def _xlsx_cells(sheet: Any) -> Callable[..., Any]:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    wrapped, heading = Alignment(wrap_text=True, vertical="top"), Font(bold=True)

    def cell_of(value: Cell, *, bold: bool = False) -> Any:
        if isinstance(value, float) and not math.isfinite(value):
            value = str(value)
        cell = WriteOnlyCell(sheet, value=escape_xlsx(value) if isinstance(value, str) else value)
        cell.alignment = wrapped
        if bold:
            cell.font = heading
        if isinstance(value, str) and value:
            cell.data_type = "s"  # openpyxl takes what begins with = for a formula
            cell.quotePrefix = is_formula(value)  # it stays a text when it is edited
        return cell

    return cell_of


WRITERS: Mapping[str, Callable[[Path, Sequence[str], Sequence[Row]], None]] = MappingProxyType(
    {".csv": _csv, ".xlsx": _xlsx}
)
