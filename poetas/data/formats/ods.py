"""LibreOffice sheets (ODS), read as a stream: repeated cells and rows are capped, formulas are left as text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

from poetas.data.errors import FileEmpty, FileProtected, FileUnreadable
from poetas.data.formats.base import Hints, Raw, rows_cut
from poetas.data.formats.sheets import choose, other_sheets
from poetas.data.formats.xlsx import formulas_notice
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.zip_guard import opened
from poetas.data.limits import Limits

# Names of OpenDocument 1.3, part 3.
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def read(path: Path, hints: Hints, limits: Limits) -> Raw:
    """Read one sheet. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        _refuse_encrypted(archive, path.name)
        refuse_entities(archive, path.name)
        try:
            with archive.open("content.xml") as source:
                tables = {name: (rows, formulas, cut) for name, rows, formulas, cut in _tables(source, limits)}
        except ET.ParseError as error:
            raise FileUnreadable(path.name, detail=str(error)) from error
    name = choose({title: rows for title, (rows, _n, _cut) in tables.items()}, hints.sheet)
    if not name:
        raise FileEmpty(path.name)
    rows, formulas, cut = tables[name]
    notices = other_sheets([title for title, (found, _n, _cut) in tables.items() if found], name)
    if formulas:
        notices += (formulas_notice(formulas),)
    return Raw(rows, notices=(*notices, rows_cut(limits.rows)) if cut else notices)


def _refuse_encrypted(archive: zipfile.ZipFile, name: str) -> None:
    try:
        manifest = archive.read("META-INF/manifest.xml")
    except KeyError:
        return
    if b"encryption-data" in manifest:
        raise FileProtected(name)


def _tables(source: IO[bytes], limits: Limits) -> Iterator[tuple[str, list[list[str]], int, bool]]:
    name, rows, formulas, cut = "", list[list[str]](), 0, False
    for event, element in ET.iterparse(source, events=("start", "end")):  # noqa: S314
        if event == "start":
            if element.tag == f"{_TABLE}table":
                name, rows, formulas, cut = element.get(f"{_TABLE}name", ""), [], 0, False
            continue
        if element.tag == f"{_TABLE}table-row":
            row, found = _row(element, limits)
            repeated = _repeat(element.get(f"{_TABLE}number-rows-repeated"), limits.rows + 2)
            element.clear()
            if any(row):
                room = limits.rows + 1 - len(rows)
                cut = cut or repeated > room
                rows += [list(row) for _copy in range(min(repeated, room))]
                formulas += found
        elif element.tag == f"{_TABLE}table":
            yield name, rows, formulas, cut
            element.clear()


def _repeat(told: str | None, most: int) -> int:
    return min(int(told), most) if told and told.isascii() and told.isdigit() else 1


def _row(element: ET.Element, limits: Limits) -> tuple[list[str], int]:
    cells: list[str] = []
    formulas = 0
    for cell in element:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"} or len(cells) >= limits.columns:
            continue
        formula = cell.get(f"{_TABLE}formula", "")
        formulas += bool(formula)
        text = "=" + formula.split("=", 1)[-1] if formula else _cell(cell)
        cells += [text] * min(
            _repeat(cell.get(f"{_TABLE}number-columns-repeated"), limits.columns), limits.columns - len(cells)
        )
    while cells and not cells[-1]:
        cells.pop()
    return cells, formulas


def _cell(cell: ET.Element) -> str:
    paragraphs = [_run(paragraph) for paragraph in cell if paragraph.tag == f"{_TEXT}p"]
    return "\n".join(paragraphs) if paragraphs else cell.get(f"{_OFFICE}value", "")


def _run(element: ET.Element) -> str:
    """Text of a paragraph: runs of blanks, tabs and line breaks are elements of their own."""
    parts = [element.text or ""]
    for inner in element:
        if inner.tag == f"{_TEXT}s":
            parts.append(" " * _repeat(inner.get(f"{_TEXT}c"), 1_000))
        elif inner.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif inner.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif inner.tag != f"{_OFFICE}annotation":
            parts.append(_run(inner))
        parts.append(inner.tail or "")
    return "".join(parts)
