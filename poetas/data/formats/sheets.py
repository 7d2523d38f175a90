"""Choice of one sheet of a workbook, shared by the readers of XLSX, XLS and ODS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import LEFT_OUT_LISTED, LeftOut, RawTable, ReadingNotice
from poetas.data.formats.rows import Rows
from poetas.i18n import _, ngettext, number

_ERRORS = {
    "#N/A", "#N/D", "#REF!", "#¡REF!", "#VALUE!", "#¡VALOR!", "#DIV/0!", "#¡DIV/0!", "#NAME?", "#¿NOMBRE?", "#NUM!",
    "#¡NUM!", "#NULL!", "#¡NULO!",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    formulas: how many of its cells hold one that has no saved result. hidden: whether the workbook does not show it.
    merged: how many cells were filled because they are merged with the one above.
    """

    name: str
    rows: Rows
    formulas: int = 0
    hidden: bool = False
    merged: int = 0


def choose(sheets: Iterable[Sheet], name: str | None, workbook: str) -> RawTable:
    """The sheet called ``name``, else the one with most characters of those that are shown.

    At most two sheets are held at a time. Raises FileEmpty where all are empty.
    """
    best: Sheet | None = None
    filled: dict[str, bool] = {}  # name: whether it is hidden
    for sheet in sheets:
        if not sheet.rows.characters:
            continue
        filled[sheet.name] = sheet.hidden
        if best is None or _rank(sheet, name) > _rank(best, name):
            best = sheet
    if best is None:
        raise FileEmpty(workbook)
    others = {other: hidden for other, hidden in filled.items() if other != best.name}
    notices = _other_sheets([other for other, hidden in others.items() if not hidden], best.name)
    notices += _hidden_sheets([other for other, hidden in others.items() if hidden])
    if best.hidden:
        sentence = _("Leí la hoja «{name}», que en el archivo está oculta.").format(name=best.name)
        notices += (ReadingNotice("sheet-hidden", sentence, count=1),)
    if best.merged:
        notices += (_merged(best.merged),)
    if best.formulas:
        notices += (_formulas(best.formulas),)
    if errors := sum(cell in _ERRORS for row in best.rows.kept for cell in row if cell.startswith("#")):
        notices += (_errors(errors),)
    left_out = tuple(
        LeftOut(_("hoja «{name}»").format(name=other), "hidden-sheet" if hidden else "other-sheet")
        for other, hidden in others.items()
    )
    return RawTable(
        best.rows.kept,
        notices=notices,
        left=best.rows.left,
        wide=best.rows.wide,
        numbers=best.rows.numbers,
        sheet=best.name,
        sheets=tuple(filled),
        left_out=left_out[:LEFT_OUT_LISTED],
    )


def _rank(sheet: Sheet, name: str | None) -> tuple[bool, bool, int]:
    return sheet.name == name, not sheet.hidden, sheet.rows.characters


def _named(names: list[str]) -> str:
    return ", ".join(f"«{name}»" for name in names)


def _other_sheets(others: list[str], chosen: str) -> tuple[ReadingNotice, ...]:
    if not others:
        return ()
    sentence = _("El archivo tiene varias hojas: leí «{chosen}» y dejé {others}.")
    filled = sentence.format(chosen=chosen, others=_named(others))
    return (ReadingNotice("other-sheets", filled, count=len(others)),)


def _hidden_sheets(others: list[str]) -> tuple[ReadingNotice, ...]:
    if not others:
        return ()
    sentence = ngettext(
        "Hay {n} hoja oculta, {names}: no la leí.", "Hay {n} hojas ocultas, {names}: no las leí.", len(others)
    ).format(n=number(len(others)), names=_named(others))
    return (ReadingNotice("hidden-sheets", sentence, count=len(others)),)


def _merged(count: int) -> ReadingNotice:
    sentence = ngettext(
        "{n} celda está combinada con la de arriba: le puse el mismo texto.",
        "{n} celdas están combinadas con la de arriba: les puse el mismo texto.",
        count,
    )
    return ReadingNotice("merged-cells", sentence.format(n=number(count)), count=count)


def _errors(count: int) -> ReadingNotice:
    sentence = ngettext(
        "{n} celda tiene un error de la planilla (como #N/A): la leí así. Corregila o borrala antes de usarla.",
        "{n} celdas tienen un error de la planilla (como #N/A): las leí así. Corregilas o borralas antes de usarlas.",
        count,
    )
    return ReadingNotice("cell-errors", sentence.format(n=number(count)), count=count)


def _formulas(count: int) -> ReadingNotice:
    phrase = ngettext("Hay {n} celda con una fórmula", "Hay {n} celdas con fórmulas", count).format(n=number(count))
    sentence = ngettext(
        "{phrase} sin su resultado guardado: la leí como texto. Si querés su resultado, pegalo como valor.",
        "{phrase} sin sus resultados guardados: las leí como texto. Si querés sus resultados, pegalos como valores.",
        count,
    )
    return ReadingNotice("formulas", sentence.format(phrase=phrase), count=count)
