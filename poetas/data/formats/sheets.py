"""What Excel and LibreOffice workbooks share: picking one sheet of several."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import Notice, Raw
from poetas.data.formats.rows import Rows
from poetas.i18n import _, ngettext, number


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook. formulas: how many of its cells hold one."""

    name: str
    rows: Rows
    formulas: int = 0


def choose(sheets: Iterable[Sheet], told: str | None, workbook: str) -> Raw:
    """The sheet to read: the one told, else the one with most letters. Raises FileEmpty where all are empty.

    No more than two of them are held at a time.
    """
    best: Sheet | None = None
    filled: list[str] = []
    for sheet in sheets:
        if not sheet.rows.characters:
            continue
        filled.append(sheet.name)
        if best is None or _rank(sheet, told) > _rank(best, told):
            best = sheet
    if best is None:
        raise FileEmpty(workbook)
    notices = _other_sheets(filled, best.name)
    if best.formulas:
        notices += (_formulas(best.formulas),)
    return Raw(best.rows.kept, notices=notices, left=best.rows.left, wide=best.rows.wide)


def _rank(sheet: Sheet, told: str | None) -> tuple[bool, int]:
    return sheet.name == told, sheet.rows.characters


def _other_sheets(filled: list[str], chosen: str) -> tuple[Notice, ...]:
    if len(filled) <= 1:
        return ()
    others = ", ".join(f"«{name}»" for name in filled if name != chosen)
    sentence = _("El archivo tiene varias hojas: leí «{chosen}» y dejé {others}.").format(chosen=chosen, others=others)
    return (Notice("other-sheets", sentence),)


def _formulas(count: int) -> Notice:
    told = ngettext("Hay {n} celda con una fórmula", "Hay {n} celdas con fórmulas", count).format(n=number(count))
    sentence = _("{told}: las leí como texto, sin calcularlas. Si querés sus resultados, pegalos como valores.")
    return Notice("formulas", sentence.format(told=told))
