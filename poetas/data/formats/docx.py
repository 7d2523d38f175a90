"""Reader of Word documents (DOCX): the table that holds most of the text, otherwise the paragraphs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, RawTable, ReadingNotice
from poetas.data.formats.paragraphs import text_table
from poetas.data.formats.rows import Rows
from poetas.data.formats.xml_guard import refuse_entities
from poetas.data.formats.xml_limits import XmlLimit, unpack
from poetas.data.formats.zip_guard import opened
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _

_PARAGRAPH, _TABLE, _RUN, _LINK = qn("w:p"), qn("w:tbl"), qn("w:r"), qn("w:hyperlink")
_WRITTEN = {qn(f"w:{name}") for name in ("t", "tab", "ptab", "br", "cr", "noBreakHyphen")}


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a document. Raises FileEmpty, FileUnreadable, FileProtected, FileTooLarge, TooManyPieces, ArchiveUnsafe."""
    with opened(path, limits) as archive:
        xml_limit = XmlLimit(path.name, limits.marks)  # python-docx parses the whole document at once
        for member in refuse_entities(archive, path.name):
            unpack(archive, member, xml_limit)
    try:
        document = docx.Document(str(path))
        lines, tables = _content(document, limits)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError) as error:
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
    in_tables = sum(rows.characters for rows in tables)
    in_lines = sum(len(line) for line in lines)
    if not in_tables and not in_lines:
        raise FileEmpty(path.name, why=_("No tiene texto: puede que todo su contenido sean imágenes."))
    if in_tables > in_lines:
        return _table(tables, limits, has_paragraphs=in_lines > 0)
    table = text_table("\n".join(lines), hints.division, limits)
    if in_tables:
        sentence = _("El documento también tiene tablas: leí los párrafos y dejé las tablas.")
        return replace(table, notices=(ReadingNotice("tables-left", sentence),))
    return table


def _content(document: Any, limits: Limits) -> tuple[list[str], list[Rows]]:
    lines: list[str] = []
    tables: list[Rows] = []
    for block in document.element.body:
        if block.tag == _TABLE:
            tables.append(_rows(block, limits))
        elif block.tag == _PARAGRAPH:
            lines.append(_text(block))
    return lines, tables


def _text(paragraph: Any) -> str:
    """The value of python-docx's ``Paragraph.text``, whose searches take quadratic time."""
    return "".join(str(piece) for run in _runs(paragraph) for piece in run if piece.tag in _WRITTEN)


def _runs(paragraph: Any) -> Iterator[Any]:
    for child in paragraph:
        if child.tag == _RUN:
            yield child
        elif child.tag == _LINK:
            yield from (run for run in child if run.tag == _RUN)


def _rows(table: Any, limits: Limits) -> Rows:
    rows = Rows(limits)
    above: list[str] = []
    for row in table.tr_lst:
        if not rows.full:
            above = _cells(row, above, limits)
        rows.add(above)
    return rows


def _cells(row: Any, above: Sequence[str], limits: Limits) -> list[str]:
    """One row's cells. A cell merged to the side appears once, one merged downward in each row that it covers.

    `_Row.cells` is not used: it makes as many cells as a document declares for the width of one.
    """
    texts: list[str] = []
    for cell in row.tc_lst:
        column = len(texts)
        merged = cell.vMerge == "continue" and column < len(above)
        texts.append(above[column] if merged else "\n".join(_text(child) for child in cell if child.tag == _PARAGRAPH))
        # One column beyond the limit is enough to see that the table is too wide.
        texts += [""] * (min(cell.grid_span, limits.columns + 1 - column) - 1)
    return texts


def _table(tables: list[Rows], limits: Limits, *, has_paragraphs: bool) -> RawTable:
    """The widest table, with the following ones of the same width under it (a table cut by a page break)."""
    widths = [max((len(row) for row in rows.kept), default=0) for rows in tables]
    chosen = [rows for rows, width in zip(tables, widths, strict=True) if width == max(widths)]
    joined = Rows(limits)
    for rows in chosen:
        for row in rows.kept:
            joined.add(row)
    notices: tuple[ReadingNotice, ...] = ()
    if has_paragraphs:
        notices = (
            ReadingNotice("paragraphs-left", _("Leí la tabla del documento y dejé los párrafos que la rodean.")),
        )
    left = (joined.left or 0) + sum(rows.left or 0 for rows in chosen)
    return RawTable(joined.kept, notices=notices, left=left, wide=any(rows.wide for rows in chosen))
