"""Choice of one sheet of a workbook, shared by the readers of XLSX and ODS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import RawTable, ReadingNotice
from poetas.data.formats.rows import Rows
from poetas.i18n import _, ngettext, number


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. formulas: how many of its cells hold one."""

    name: str
    rows: Rows
    formulas: int = 0


def choose(sheets: Iterable[Sheet], name: str | None, workbook: str) -> RawTable:
    """The sheet called ``name``, else the one with most characters. Raises FileEmpty where all are empty.

    At most two sheets are held at a time.
    """
    best: Sheet | None = None
    filled: list[str] = []
    for sheet in sheets:
        if not sheet.rows.characters:
            continue
        filled.append(sheet.name)
        if best is None or _rank(sheet, name) > _rank(best, name):
            best = sheet
    if best is None:
        raise FileEmpty(workbook)
    notices = _other_sheets(filled, best.name)
    if best.formulas:
        notices += (_formulas(best.formulas),)
    return RawTable(best.rows.kept, notices=notices, left=best.rows.left, wide=best.rows.wide)


def _rank(sheet: Sheet, name: str | None) -> tuple[bool, int]:
    return sheet.name == name, sheet.rows.characters


def _other_sheets(filled: list[str], chosen: str) -> tuple[ReadingNotice, ...]:
    if len(filled) <= 1:
        return ()
    others = ", ".join(f"«{name}»" for name in filled if name != chosen)
    sentence = _("El archivo tiene varias hojas: leí «{chosen}» y dejé {others}.").format(chosen=chosen, others=others)
    return (ReadingNotice("other-sheets", sentence),)


def _formulas(count: int) -> ReadingNotice:
    phrase = ngettext("Hay {n} celda con una fórmula", "Hay {n} celdas con fórmulas", count).format(n=number(count))
    sentence = ngettext(
        "{phrase}: la leí como texto, sin calcularla. Si querés su resultado, pegalo como valor.",
        "{phrase}: las leí como texto, sin calcularlas. Si querés sus resultados, pegalos como valores.",
        count,
    )
    return ReadingNotice("formulas", sentence.format(phrase=phrase))
