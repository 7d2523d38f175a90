"""Streaming reader of LibreOffice sheets (ODS): repeated cells and rows are limited, what a cell shows is read.

`python-calamine` 0.9.1 is 4 times as fast, but it drops tabs and line breaks of cells, a broken close tag keeps it busy
for more than 35 s, and 606 bytes that repeat cells take 2.5 GB where this reader takes 123 MB.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from poetas.data.errors import FileProtected, FileUnreadable
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.rows import Rows
from poetas.data.formats.sheets import Sheet, Unseen, choose
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.xml_limits import LimitedZip, XmlLimit
from poetas.data.formats.xml_stream import elements
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits

# Names of OpenDocument 1.3, part 3.
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ROW, _SHEET = f"{_TABLE}table-row", f"{_TABLE}table"
_COLUMN, _VISIBILITY = f"{_TABLE}table-column", f"{_TABLE}visibility"
_HIDDEN = {"collapse", "filter"}
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_DIGITS = 12  # of a number of repetitions; a longer one is hostile
_LONGEST_RUN = 1_000
_MOST_COLUMNS = 16_384


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read one sheet. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, TooManyPieces, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        refuse_encrypted(archive, path.name)
        refuse_entities(archive, path.name)
        xml_limit = XmlLimit(path.name, limits.marks)
        try:
            with LimitedZip(path, xml_limit) as counted, counted.open("content.xml") as source:
                return choose(_sheets(source, xml_limit, limits), hints.sheet, path.name)
        except ET.ParseError as error:
            raise FileUnreadable(path.name, detail=str(error)) from error


def refuse_encrypted(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse a document with a password. Raises FileProtected."""
    try:
        manifest = archive.read("META-INF/manifest.xml")
    except KeyError:
        return
    if b"encryption-data" in manifest:
        raise FileProtected(name)


def _sheets(source: IO[bytes], xml_limit: XmlLimit, limits: Limits) -> Iterator[Sheet]:
    hidden: set[str | None] = set()  # styles of tables that are not shown
    name, is_hidden, sheet = "", False, _SheetRows(limits)
    for event, element in elements(source, xml_limit, _ROW, _COLUMN, f"{_STYLE}style", around=_SHEET):
        if element.tag == _ROW:
            sheet.add(element)
        elif element.tag == _COLUMN:
            sheet.add_column(element)
        elif element.tag != _SHEET:
            table = element.find(f"{_STYLE}table-properties")
            if table is not None and table.get(f"{_TABLE}display") == "false":
                hidden.add(element.get(f"{_STYLE}name"))
        elif event == "start":
            sheet = _SheetRows(limits)
            name, is_hidden = element.get(f"{_TABLE}name", ""), element.get(f"{_TABLE}style-name") in hidden
        else:
            yield sheet.sheet(name, hidden=is_hidden)


class _SheetRows:
    """The rows of one sheet that it shows; all of them where it shows none."""

    def __init__(self, limits: Limits) -> None:
        self._shown, self._all = _Gathered(limits), _Gathered(limits)
        self._unseen = Unseen()
        self._limits = limits
        self._read = self._columns = self._wide = 0
        self._hidden: set[int] = set()  # columns, from 1
        self._spans: dict[int, tuple[int, str]] = {}  # column: last row that it covers, and its text

    def sheet(self, name: str, *, hidden: bool) -> Sheet:
        """The sheet that was read."""
        if not self._shown.rows.characters and self._all.rows.characters:
            self._shown, self._unseen.read = self._all, True
        of = self._shown
        of.rows.wide = max(of.rows.wide, self._wide)
        return Sheet(name, of.rows, of.formulas, hidden=hidden, merged=of.merged, unseen=self._unseen)

    def add_column(self, element: ET.Element) -> None:
        """Read how a column, or several, are shown."""
        first = self._columns + 1
        self._columns += _repeat(element.get(f"{_TABLE}number-columns-repeated"))
        if element.get(_VISIBILITY) in _HIDDEN:
            self._hidden.update(range(first, min(self._columns, self._limits.columns + 1) + 1))

    def add(self, element: ET.Element) -> None:
        """Add a row, as often as it is repeated."""
        row, formulas, spans, wide = _row(element, self._limits)
        times, first = _repeat(element.get(f"{_TABLE}number-rows-repeated")), self._read + 1
        self._read += times
        if not any(row):
            return
        self._wide = max(self._wide, wide)
        merged: list[int] = []
        for column, (last, text) in self._spans.items():
            if first <= last and (column >= len(row) or not row[column]):
                row += [""] * (column + 1 - len(row))
                row[column] = text
                merged.append(column + 1)
        self._spans.update({column: (self._read + more, row[column]) for column, more in spans.items()})
        hidden = element.get(_VISIBILITY) in _HIDDEN
        if not self._shown.rows.characters:  # perhaps none is shown
            self._all.add(row, times, first, formulas, merged)
        if hidden or self._hidden:
            cells = {column: text for column, text in enumerate(row, start=1) if text}
            cells = self._unseen.shown(first, cells, self._hidden, hidden=hidden)
            if hidden:
                self._unseen.rows += range(first + 1, first + min(times, self._limits.rows))
            row = [cells.get(column, "") for column in range(1, max(cells, default=0) + 1)]
            formulas, merged = ([column for column in columns if column in cells] for columns in (formulas, merged))
        if row:
            self._shown.add(row, times, first, formulas, merged)


class _Gathered:
    """Rows, how many of their formulas have no result, and how many cells were filled from a merged one above."""

    def __init__(self, limits: Limits) -> None:
        self.rows, self.formulas, self.merged = Rows(limits), 0, 0

    def add(self, row: list[str], times: int, row_number: int, formulas: list[int], merged: list[int]) -> None:
        """Add a row. formulas, merged: the columns of such cells."""
        self.rows.add(row, times=times, row_number=row_number)
        self.formulas += len(formulas)
        self.merged += len(merged)


def _repeat(count: str | None) -> int:
    return int(count[:_DIGITS]) if count and count.isascii() and count.isdigit() else 1


def _row(element: ET.Element, limits: Limits) -> tuple[list[str], list[int], dict[int, int], int]:
    """The cells of a row; of those beyond the last column, the first that is not empty.

    Then the columns, from 1, of formulas without a result, how many more rows a column's merged cell covers, and how
    many columns there are beyond the last.
    """
    cells: list[str] = []
    beyond, place, wide = "", 0, 0
    formulas: list[int] = []
    spans: dict[int, int] = {}
    for cell in element:
        if cell.tag not in _CELLS:
            continue
        if beyond:
            place += min(_repeat(cell.get(f"{_TABLE}number-columns-repeated")), _MOST_COLUMNS)
            wide = place if _cell(cell, 1) else wide
            continue
        text, formula = _cell(cell, limits.cell_characters + 1), cell.get(f"{_TABLE}formula", "")
        if formula and (text or cell.get(f"{_OFFICE}value-type")):
            formula = ""  # its result was saved, an empty text perhaps
        elif formula:
            text = "=" + formula.split("=", 1)[-1]
        if (covered := _repeat(cell.get(f"{_TABLE}number-rows-spanned"))) > 1 and text and len(cells) < limits.columns:
            spans[len(cells)] = covered - 1
        repeated, room = _repeat(cell.get(f"{_TABLE}number-columns-repeated")), limits.columns - len(cells)
        formulas += [len(cells) + 1] if formula and room else []
        cells += [text] * min(repeated, room)
        if repeated > room:
            place += min(repeated - room, _MOST_COLUMNS)
            beyond, wide = text, place if text else wide
    if beyond:
        return [*cells, beyond], formulas, spans, min(wide, _MOST_COLUMNS)
    while cells and not cells[-1]:
        cells.pop()
    return cells, formulas, spans, 0


def _cell(cell: ET.Element, most: int) -> str:
    paragraphs = [paragraph for paragraph in cell if paragraph.tag == f"{_TEXT}p"]
    if not paragraphs:
        return cell.get(f"{_OFFICE}value", "")
    parts: list[str] = []
    length = 0
    for index, paragraph in enumerate(paragraphs):
        for part in chain(["\n"] if index else [], _run(paragraph)):
            parts.append(part)
            length += len(part)
            if length > most:  # a few elements may declare a million blanks each
                return "".join(parts)
    return "".join(parts)


def _run(element: ET.Element) -> Iterator[str]:
    """Text of a paragraph: runs of blanks, tabs and line breaks are elements of their own."""
    yield element.text or ""
    for inner in element:
        if inner.tag == f"{_TEXT}s":
            yield " " * min(_repeat(inner.get(f"{_TEXT}c")), _LONGEST_RUN)
        elif inner.tag == f"{_TEXT}tab":
            yield "\t"
        elif inner.tag == f"{_TEXT}line-break":
            yield "\n"
        elif inner.tag != f"{_OFFICE}annotation":
            yield from _run(inner)
        yield inner.tail or ""
