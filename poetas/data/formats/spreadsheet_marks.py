"""Marks of spreadsheets in a table: guarded formulas and continued cells in, the texts as they were out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from poetas.data.formats.base import RawTable, ReadingNotice
from poetas.i18n import ngettext, number
from poetas.util.spreadsheet_cells import continued_name, join_continued, kept_names, unguard_formula


def without_guards(rows: list[list[str]]) -> tuple[ReadingNotice, ...]:
    """Take away the apostrophe that guards a text from being run as a formula, in place."""
    count = 0
    for row in rows:
        for index, cell in enumerate(row):
            if cell.startswith("'") and (text := unguard_formula(cell)) != cell:
                row[index] = text
                count += 1
    if not count:
        return ()
    sentence = ngettext(
        "{n} celda empieza con el apóstrofo que se pone para que no sea una fórmula: se lo saqué.",
        "{n} celdas empiezan con el apóstrofo que se pone para que no sean fórmulas: se lo saqué.",
        count,
    )
    return (ReadingNotice("apostrophes", sentence.format(n=number(count)), count=count),)


def with_joined_cells(raw: RawTable) -> RawTable:
    """Join the cells of long texts that go on in the next columns, where the first row says so."""
    header = raw.rows[0] if raw.columns is None and raw.rows else []
    if not any(name == continued_name(before, 2) for before, name in pairwise(header)):
        return raw
    rows = [kept_names(header), *(join_continued(header, row) for row in raw.rows[1:])]
    count = len(header) - len(rows[0])
    sentence = ngettext(
        "{n} columna es la continuación de otra, por los textos largos: las junté.",
        "{n} columnas son la continuación de otra, por los textos largos: las junté.",
        count,
    )
    notice = ReadingNotice("cells-joined", sentence.format(n=number(count)), count=count)
    return replace(raw, rows=rows, notices=(*raw.notices, notice))
