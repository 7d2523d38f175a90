"""Table of a document: its gathered text in; its paragraphs or its largest table, with what was left, out."""

from __future__ import annotations

from dataclasses import replace

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import LEFT_OUT_LISTED, Hints, LeftOut, RawTable, ReadingNotice
from poetas.data.formats.division import text_table
from poetas.data.formats.documents.document_omissions import READ, code_of, place_of, sentence_of
from poetas.data.formats.documents.document_text import DocumentTable, DocumentText
from poetas.data.formats.rows import Rows
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, number


def finish_document(document: DocumentText, hints: Hints, limits: Limits, name: str, encoding: str = "") -> RawTable:
    """Make the table of a document: the kind of content (paragraphs or tables) that holds most of its text.

    Tables of one row only place texts on the page: they are read as paragraphs where they hold most of the text.
    Raises FileEmpty.
    """
    document.set_stanzas()
    document.set_titles()
    in_tables = sum(table.rows.characters for table in document.tables)
    in_lines = sum(len(line.text.strip()) for line in document.lines)
    if not in_tables and not in_lines:
        raise FileEmpty(name, why=_why_empty(document))
    lines = document.lines
    if in_tables > in_lines and all(table.one_row for table in document.tables):
        lines = list(document.flat())
    elif in_tables > in_lines:
        _leave_paragraphs(document)
        return with_omissions(replace(_largest(document, limits), encoding=encoding), document)
    elif in_tables:
        document.omissions.add("table", count=sum(bool(table.rows.characters) for table in document.tables))
    document.omissions.counts.pop("merged-cell", None)  # of a table that is not read as one
    table = text_table(lines, hints, limits, encoding=encoding)
    return with_omissions(table, document)


def _why_empty(document: DocumentText) -> str:
    counts = document.omissions.counts
    said = " ".join(sentence_of(kind, count) for kind, count in counts.items() if kind not in READ)
    return said or _("No tiene texto: puede que todo su contenido sean imágenes.")


def _leave_paragraphs(document: DocumentText) -> None:
    """Count the paragraphs around the table, and name them: alone, or from the first to the last of several."""
    paragraph, run = 0, 0
    for line in [*document.lines, None]:
        if line is not None and line.text.strip():
            if not line.paragraph and paragraph:
                continue
            paragraph, run = paragraph + 1, run + 1
        elif run:
            first, last = number(paragraph - run + 1), number(paragraph)
            several = _("párrafos {first} a {last}").format(first=first, last=last)
            place = several if run > 1 else _("párrafo {n}").format(n=last)
            document.omissions.add("paragraph", place, count=run)
            run = 0


def _largest(document: DocumentText, limits: Limits) -> RawTable:
    """The widest table, with the following ones of the same width under it (a table cut by a page break)."""
    widths = [max((len(row) for row in table.rows.kept), default=0) for table in document.tables]
    chosen: list[DocumentTable] = []
    for index, (table, width) in enumerate(zip(document.tables, widths, strict=True), start=1):
        if width == max(widths):
            chosen.append(table)
        elif table.rows.characters:
            document.omissions.add("other-table", _("tabla {n}").format(n=number(index)))
    joined = Rows(limits)
    for table in chosen:
        for row in table.rows.kept:
            joined.add(row)
    left = (joined.left or 0) + sum(table.rows.left or 0 for table in chosen)
    return RawTable(joined.kept, left=left, wide=max(table.rows.wide for table in chosen))


def with_omissions(table: RawTable, document: DocumentText) -> RawTable:
    """A table that says what was left of a document."""
    notices = list(table.notices)
    left: list[LeftOut] = list(table.left_out)
    for kind, count in document.omissions.counts.items():
        notices.append(ReadingNotice(code_of(kind), sentence_of(kind, count), count=count))
        if kind not in READ:
            places = document.omissions.places.get(kind) or [
                place_of(kind, index) for index in range(1, 1 + min(count, LEFT_OUT_LISTED))
            ]
            left += [LeftOut(place, kind) for place in places]
    return replace(table, notices=tuple(notices), left_out=tuple(left[:LEFT_OUT_LISTED]))
