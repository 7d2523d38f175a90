"""Word documents: a table if that is where the text is, otherwise paragraphs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, Notice, Raw
from poetas.data.formats.paragraphs import divide, raw
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.zip_guard import opened
from poetas.data.limits import Limits
from poetas.i18n import _


def read(path: Path, hints: Hints, limits: Limits) -> Raw:
    """Read a document. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        refuse_entities(archive, path.name)
    try:
        document = docx.Document(str(path))
        lines, tables = _content(document, limits)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError) as error:
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
    in_tables = sum(len(cell) for rows in tables for row in rows for cell in row)
    in_lines = sum(len(line) for line in lines)
    if not in_tables and not in_lines:
        raise FileEmpty(path.name, why=_("No tiene texto: puede que todo su contenido sean imágenes."))
    if in_tables > in_lines:
        return _table(tables, told=in_lines > 0)
    pieces, way = divide("\n".join(lines), hints.division)
    found = raw(pieces, way)
    if in_tables:
        sentence = _("El documento también tiene tablas: leí los párrafos y dejé las tablas.")
        return Raw(found.rows, found.columns, what=found.what, notices=(Notice("tables-left", sentence),))
    return found


def _content(document: Any, limits: Limits) -> tuple[list[str], list[list[list[str]]]]:
    lines: list[str] = []
    tables: list[list[list[str]]] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            tables.append(_cells(block, limits))
        else:
            lines.append(block.text)
    return lines, tables


def _cells(table: Table, limits: Limits) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in table.rows:
        if len(rows) > limits.rows:
            break
        seen: set[int] = set()
        cells: list[str] = []
        for cell in row.cells[: limits.columns]:
            # A merged cell is given once for each place it covers.
            cells.append("" if id(cell._tc) in seen else cell.text)  # noqa: SLF001
            seen.add(id(cell._tc))  # noqa: SLF001
        rows.append(cells)
    return rows


def _table(tables: list[list[list[str]]], *, told: bool) -> Raw:
    """The widest table, with the following ones of the same width under it (a table cut by a page break)."""
    width = max(max((len(row) for row in rows), default=0) for rows in tables)
    joined = [row for rows in tables for row in rows if rows and max(len(one) for one in rows) == width]
    notices: tuple[Notice, ...] = ()
    if told:
        notices = (Notice("paragraphs-left", _("Leí la tabla del documento y dejé los párrafos que la rodean.")),)
    return Raw(joined, notices=notices)
