"""Limits on the size of files, tables and archives, against hostile and huge files."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on what is read. Bytes where a name says so, otherwise counts.

    file_bytes: a file on the disk. document_bytes: a file that has to be held whole and parsed (JSON, PDF, office
    files). unpacked_bytes: what a zip, or an office file, may unpack to. rows, columns, cell_characters: the table;
    more rows or columns and longer cells are cut, and the reading says so. cells: rows times columns of a table, or
    values of a JSON document: each takes some 100 bytes. marks: ``<`` and ``=`` in the XML of
    an office file that is held at once; an element or an attribute takes 100 to 250 bytes. row_marks: the same for a
    workbook of Excel, where they become Python objects, 1 kB each, and rows are freed one by one; a row as wide
    as Excel allows has 160,000. text_marks: the same for a text of LibreOffice, whose paragraphs become
    lines. markup_bytes, markup_marks: of a web page, or of all chapters of a book; a novel has 1 MB and 50,000.
    characters: of the whole table.
    depth: nesting of JSON. members: files in a zip or folder. pages: of a PDF. page_bytes, drawn_bytes: the
    instructions that draw one page of a PDF, and all of them; a page of prose takes some 10 kB, a map megabytes.
    drawn_glyphs: letters of a PDF; a page of prose has some 3,000, and a processor places 100,000 a second.
    """

    file_bytes: int = 200 * MB
    document_bytes: int = 50 * MB
    unpacked_bytes: int = 200 * MB
    rows: int = 100_000
    columns: int = 200
    cell_characters: int = 200_000
    cells: int = 3_000_000
    marks: int = 3_000_000
    row_marks: int = 400_000
    text_marks: int = 1_500_000
    markup_bytes: int = 20 * MB
    markup_marks: int = 400_000
    characters: int = 200 * MB
    depth: int = 40
    members: int = 20_000
    pages: int = 2_000
    page_bytes: int = 2 * MB
    drawn_bytes: int = 40 * MB
    drawn_glyphs: int = 6_000_000


DEFAULT = Limits()
