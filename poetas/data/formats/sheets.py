"""Choice of one sheet of a workbook, shared by the readers of XLSX, XLS and ODS."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import (
    LEFT_OUT_LISTED,
    LeftOut,
    RawTable,
    ReadingNotice,
    each_left_out,
    other_rows,
    row_name,
)
from poetas.data.formats.rows import Rows
from poetas.i18n import _, ngettext, number

_ERRORS = {
    "#N/A", "#N/D", "#REF!", "#¡REF!", "#VALUE!", "#¡VALOR!", "#DIV/0!", "#¡DIV/0!", "#NAME?", "#¿NOMBRE?", "#NUM!",
    "#¡NUM!", "#NULL!", "#¡NULO!",
}  # fmt: skip


_SHOWN = 5


@dataclass(slots=True)
class Unseen:
    """Rows and columns with text that a sheet does not show, by their numbers in it.

    read: whether they were read all the same, since nothing else is there.
    """

    rows: list[int] = field(default_factory=list)
    columns: set[int] = field(default_factory=set)
    read: bool = False

    def shown(
        self, row: int, cells: Mapping[int, str], hidden_columns: AbstractSet[int], *, hidden: bool
    ) -> dict[int, str]:
        """The cells of a row, by their columns, that are read; the others are noted.

        hidden: whether the sheet hides the row.

        >>> unseen = Unseen(); unseen.shown(4, {1: "a", 3: "b"}, {3}, hidden=False), unseen.columns
        ({1: 'a'}, {3})
        """
        if hidden:
            self.rows.append(row)
        else:
            self.columns |= cells.keys() & hidden_columns
        if self.read:
            return dict(cells)
        return {} if hidden else {column: text for column, text in cells.items() if column not in hidden_columns}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook.

    unseen: what it does not show. formulas: how many of its cells hold one that has no saved result. hidden: whether
    the workbook does not show it. merged: how many cells were filled because they are merged with the one above.
    """

    name: str
    rows: Rows
    formulas: int = 0
    hidden: bool = False
    merged: int = 0
    unseen: Unseen = field(default_factory=Unseen)


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
    notices += _unseen(best.unseen)
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
        left_out=left_out[:LEFT_OUT_LISTED] + _parts(best.unseen),
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


def _unseen(unseen: Unseen) -> tuple[ReadingNotice, ...]:
    """Rows that a filter or a hand hid, and columns: left out as hidden sheets are."""
    rows, columns = len(unseen.rows), len(unseen.columns)
    if unseen.read:
        sentence = _("Leí filas o columnas que en el archivo están ocultas: no hay otras.")
        return (ReadingNotice("hidden-read", sentence, count=rows + columns),)
    notices: tuple[ReadingNotice, ...] = ()
    if rows:
        phrase = ngettext(
            "Hay {n} fila oculta: no la leí. Si la querés, mostrala en la planilla y volvé a elegir el archivo.",
            "Hay {n} filas ocultas: no las leí. Si las querés, mostralas en la planilla y volvé a elegir el archivo.",
            rows,
        )
        notices += (ReadingNotice("hidden-rows", phrase.format(n=number(rows)), tuple(unseen.rows[:_SHOWN]), rows),)
    if columns:
        phrase = ngettext(
            "Hay {n} columna oculta ({names}): no la leí. Si la querés, mostrala en la planilla.",
            "Hay {n} columnas ocultas ({names}): no las leí. Si las querés, mostralas en la planilla.",
            columns,
        )
        letters = [get_column_letter(column) for column in sorted(unseen.columns)]
        names = ", ".join(letters[:_SHOWN]) + ("…" if columns > _SHOWN else "")
        notices += (ReadingNotice("hidden-columns", phrase.format(n=number(columns), names=names), count=columns),)
    return notices


def _parts(unseen: Unseen) -> tuple[LeftOut, ...]:
    if unseen.read:
        return ()
    letters = (get_column_letter(column) for column in sorted(unseen.columns))
    columns = tuple(LeftOut(_("columna {name}").format(name=letter), "hidden-column") for letter in letters)
    return columns + each_left_out(unseen.rows, "hidden-row", row_name, other_rows)


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
