"""Streaming reader of Excel workbooks (XLSX): saved results are read, formulas are never evaluated.

openpyxl's public reader parses whole parts of a workbook at once, however much they unpack to (see `xml_limits`), so
private parts of it are used: `poetas.util.private_apis`.

`python-calamine` 0.9.1 reads XLSX 8 times and ODS 4 times as fast (5,000 rows of 5 columns: 0.16 s of processor instead
of 1.23 s), but a failed allocation or a Rust panic in it aborts the whole process, which no ``except`` catches: a
workbook of 5 kB with cells in A1 and XFD1048576 asks it for 550 GB, and changed bytes of an XLS did so in 4 of 4 runs.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._reader import ROW_TAG
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

from poetas.data.errors import FileUnreadable
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.merged_cells import MergedCells
from poetas.data.formats.office_kind import why_not_read
from poetas.data.formats.rows import Rows
from poetas.data.formats.sheets import Sheet, Unseen, choose
from poetas.data.formats.xlsx_cells import CellParser, unescape
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.xml_limits import LimitedZip, XmlLimit, unpack
from poetas.data.formats.xml_stream import elements
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _

_STRING, _TEXT, _RUN = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "t", f"r/{{{SHEET_MAIN_NS}}}t"))
_ROWS, _MERGED, _COLUMN = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("sheetData", "mergeCell", "col"))
# What may follow the merged cells in a sheet, in this order: 65,000 links in usual files.
_LATER = frozenset(
    f"{{{SHEET_MAIN_NS}}}{name}"
    for name in (
        "phoneticPr",
        "conditionalFormatting",
        "dataValidations",
        "hyperlinks",
        "pageMargins",
        "drawing",
        "extLst",
    )
)
_STRINGS = 2  # times as many marks as may be held at once: 100,000 rows of 10 texts, all of them different
_CELLS = 2  # times as many as are kept: empty ones, which a sheet may hold for their colour
_BLANK_ROWS_BEFORE_END = 1_000  # a format set on the last row of a sheet makes a million empty rows


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read one sheet of a workbook.

    Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, TooManyPieces, ArchiveUnsafe.
    """
    with opened(path, limits) as archive:
        refuse_entities(archive, path.name)
        return _read(path, archive, hints, limits)


def _read(path: Path, archive: zipfile.ZipFile, hints: Hints, limits: Limits) -> RawTable:
    xml_limit = XmlLimit(path.name, limits.row_marks)
    with warnings.catch_warnings(), LimitedZip(path, xml_limit) as counted:
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions, which are not read
        try:
            book = _Book(archive, counted, xml_limit, limits)
            if not book.sheets:
                raise FileUnreadable(path.name, why=_why(archive), detail="no sheet could be found")
            sheets = (_sheet(book, *sheet, limits) for sheet in book.sheets)
            return choose(sheets, hints.sheet, path.name)
        except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError, OSError) as error:
            raise FileUnreadable(path.name, why=_why(archive), detail=f"{type(error).__name__}: {error}") from error


def _why(archive: zipfile.ZipFile) -> str:
    return why_not_read(archive, _("Libro de Excel (.xlsx)"))


class _Book(ExcelReader):  # type: ignore[misc]
    """The parts of a workbook that reading its rows needs; everything else stays in the zip.

    sheets: name, part and whether it is hidden, of each. counted: the same zip as ``plain``, whose XML marks
    ``xml_limit`` counts.
    """

    archive: zipfile.ZipFile

    def __init__(self, plain: zipfile.ZipFile, counted: LimitedZip, xml_limit: XmlLimit, limits: Limits) -> None:
        super().__init__(plain.filename, read_only=True, data_only=False, keep_links=False)
        self.archive.close()
        self.archive, self.plain, self.xml_limit, self.limits = counted, plain, xml_limit, limits
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        apply_stylesheet(self.archive, self.wb)  # which numbers are dates
        self.sheets = [
            (sheet.name, part.target, sheet.state != "visible")
            for sheet, part in self.parser.find_sheets()
            if part.target in self.valid_files and "chartsheet" not in part.Type
        ]

    def read_strings(self) -> None:
        """Read the shared strings one by one; openpyxl would hold their whole tree."""
        part = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        name = part.PartName[1:]
        # The list grows with them: too many are refused before it is built.
        unpack(self.plain, name, XmlLimit(self.xml_limit.name, _STRINGS * self.limits.marks))
        with self.archive.open(name) as source:
            for _event, element in elements(source, self.xml_limit, _STRING):
                texts = (text.text or "" for text in chain(element.findall(_TEXT), element.findall(_RUN)))
                self.shared_strings.append(unescape("".join(texts)))

    def rows(self, part: str) -> Iterator[tuple[int, list[dict[str, Any]], bool] | range | str]:
        """The rows that a sheet holds: number, cells, and whether it is hidden.

        Before them the ranges of hidden columns, after them those of merged cells ("A2:A5").
        """
        with self.archive.open(part) as source:
            parser = CellParser(source, self.shared_strings, self.wb)
            ended = False
            try:
                for event, element in elements(
                    source, self.xml_limit, ROW_TAG, _MERGED, _COLUMN, around=_ROWS, until=_LATER
                ):
                    if element.tag == ROW_TAG:
                        yield *parser.parse_row(element), _is_hidden(element)
                    elif element.tag == _COLUMN:
                        if _is_hidden(element):
                            yield _columns(element, self.limits)
                    elif element.tag == _MERGED:
                        yield element.get("ref", "")
                    else:
                        ended = event == "end"
            except ET.ParseError:
                if not ended:  # else every row is there
                    raise


def _is_hidden(element: ET.Element) -> bool:
    return element.get("hidden") in {"1", "true"}


def _columns(element: ET.Element, limits: Limits) -> range:
    """The columns, from 1, that one setting of their looks is about."""
    first, last = element.get("min", ""), element.get("max", "")
    if not (first.isdecimal() and last.isdecimal()):
        return range(0)
    return range(int(first), min(int(last), limits.columns) + 1)


def _sheet(book: _Book, name: str, part: str, hidden: bool, limits: Limits) -> Sheet:  # noqa: FBT001
    """One sheet as it is shown; all of it where nothing is."""
    sheet = _rows_of(book, name, part, limits, hidden=hidden, whole=False)
    if not sheet.rows.characters and (sheet.unseen.rows or sheet.unseen.columns):
        return _rows_of(book, name, part, limits, hidden=hidden, whole=True)
    return sheet


def _rows_of(book: _Book, name: str, part: str, limits: Limits, *, hidden: bool, whole: bool) -> Sheet:
    rows, merged, unseen = Rows(limits), MergedCells(limits), Unseen(read=whole)
    formulas = last_filled = last = cells_read = 0
    columns: set[int] = set()  # those that are hidden
    for item in book.rows(part):
        if isinstance(item, str):
            merged.fill(item, rows)
            continue
        if isinstance(item, range):
            columns.update(item)
            continue
        number, cells, hidden_row = item
        cells_read += len(cells)
        if number - last_filled > _BLANK_ROWS_BEFORE_END + 1:
            break
        if number <= last:
            continue
        last = number
        filled = {cell["column"]: cell["value"] for cell in cells if cell["value"]}
        if not filled:
            continue
        last_filled = number
        if rows.full or cells_read > _CELLS * limits.cells:
            rows.left = None
            break
        near = {column: text for column, text in filled.items() if column <= limits.columns}
        rows.wide = max(rows.wide, max(filled) - limits.columns)
        if hidden_row and not whole:
            merged.keep(number, {column: text for column, text in near.items() if column not in columns})
        near = unseen.shown(number, near, columns, hidden=hidden_row)
        formulas += sum(cell["formula"] for cell in cells if cell["column"] in near)
        if near:
            rows.add([near.get(column, "") for column in range(1, max(near) + 1)], row_number=number)
    return Sheet(name, rows, formulas, hidden=hidden, merged=merged.filled, unseen=unseen)
