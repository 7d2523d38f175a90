"""Reading hints («¿Se ve mal?»): menus for encoding, delimiter, sheet, header and the ends of texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ipywidgets import HTML, Dropdown, VBox

from poetas.i18n import _, number
from widgets.core.elements import html, is_shown, look, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.prepare.file_picker.division_menu import (
    DIVIDING,
    DIVISIBLE,
    INDENTED,
    asked_divisions,
    division_options,
    is_asked,
    is_divisible,
)
from widgets.prepare.file_picker.file_ticks import FileTicks

AUTOMATIC = "auto"  # not None, for which a menu of ipywidgets shows nothing
DELIMITED = {"csv", "tsv", "tab"}
DECODED = DELIMITED | {"txt", "md", "srt", "vtt", "html", "htm", "xhtml", "zip", "folder"}
SHEETS = {"xlsx", "xlsm", "xls", "ods"}
WITH_HEADER = DELIMITED | SHEETS | {"docx"}


def _menus() -> dict[str, tuple[str, list[tuple[str, Any]], set[str]]]:
    # hint -> (label, options, formats that it applies to)
    encodings = [
        (_("Automático"), AUTOMATIC),
        (_("casi todos los programas de hoy (UTF-8)"), "utf-8"),
        (_("Excel o Word en Windows (Windows-1252)"), "cp1252"),
        (_("una Mac antigua (Mac Roman)"), "mac_roman"),
        (_("DOS (CP850)"), "cp850"),
        (_("el Bloc de notas, con «Unicode» (UTF-16)"), "utf-16"),
    ]
    delimiters = [
        (_("Automático"), AUTOMATIC),
        (_("coma ,"), ","),
        (_("punto y coma ;"), ";"),
        (_("tabulación"), "\t"),
        (_("barra |"), "|"),
        (_("nada: una sola columna"), ""),
    ]
    automatic: list[tuple[str, Any]] = [(_("Automático"), AUTOMATIC)]  # the file's own rows and sheets follow
    indentations = [(_("Automático"), AUTOMATIC), (_("se quedan"), True), (_("se van"), False)]
    return {
        "encoding": (_("Los acentos, como los guarda"), encodings, DECODED),
        "delimiter": (_("Las columnas se separan con"), delimiters, DELIMITED),
        "sheet": (_("Los textos están en la hoja"), automatic, SHEETS),
        "header_row": (_("Los nombres de las columnas están en"), automatic, WITH_HEADER),
        "division": (_("Un texto termina"), division_options({}, AUTOMATIC), DIVISIBLE),
        "indentation": (_("Los espacios antes de cada verso"), indentations, INDENTED),
    }


def _own_options(reading: Mapping[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    """The options that depend on the file: its sheets, its first rows, the ways to divide it."""
    automatic: tuple[str, Any] = (_("Automático"), AUTOMATIC)
    sheets = [(name, name) for name in reading.get("sheets", ())]
    row = _("la fila {n}: {words}")
    rows = [(row.format(n=number(n), words=words), n) for n, words in reading.get("first_rows", ())]
    rows.append((_("ninguna fila: ya son datos"), 0))
    return {
        "sheet": [automatic, *sheets] if len(sheets) > 1 else [],
        "header_row": [automatic, *rows] if len(rows) > 1 else [],
        "division": division_options(asked_divisions(reading), AUTOMATIC),
    }


class ReadingHints(VBox):
    """Menus, folded at first; each change reads the file again."""

    def __init__(self, changed: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(**look("poetas-hints", shown=False))
        self._changed = changed
        self._updating = UpdateGuard()

    # Made with the first file: the page opens without them.

    @cached_property
    def menus(self) -> dict[str, Dropdown]:
        """The menus by the hint that each gives."""
        menus = {hint: Dropdown(description=name, options=options) for hint, (name, options, _f) in _menus().items()}
        menus["sheet"].observe(lambda _change: self._forget_row(), "value")  # before the others are read
        for menu in menus.values():
            menu.observe(lambda _change: self._notify(), "value")
        return menus

    @cached_property
    def files(self) -> FileTicks:
        """The files of a folder or zip."""
        return FileTicks(self._notify)

    @cached_property
    def nothing(self) -> HTML:
        """Says so where no menu applies."""
        return html("")

    def _build(self) -> None:
        words = _("Si hay letras raras o todo quedó en una columna, decime cómo está escrito y lo leo de nuevo.")
        self.children = (html(tag("p", text(words))), *self.menus.values(), self.files, self.nothing)

    def toggle(self) -> None:
        """Unfold, or fold again."""
        show(self, not is_shown(self))

    def show(self, reading: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
        """Show the menus that apply to a file's format, set to the hints in use."""
        if not self.children:
            self._build()
        file_format, applicable = str(reading.get("format", "")), False
        own = _own_options(reading)
        for hint, (_name, static, formats) in _menus().items():
            menu, options = self.menus[hint], own.get(hint, static)
            applies = file_format in formats and bool(options)
            if hint in DIVIDING:  # a document that is a table is divided into rows already
                applies = applies and is_divisible(reading) and not (hint == "division" and is_asked(reading))
            show(menu, applies)
            applicable = applicable or applies
            chosen = hints.get(hint)
            with self._updating:
                if hint in own and list(menu.options) != options:
                    menu.options = options or static
                menu.value = chosen if chosen in [value for _label, value in options] else AUTOMATIC
        self.files.show(reading.get("files") or (), hints.get("files"))
        words = _(
            "Este formato dice por sí mismo cómo leerse. Si algo está mal, corregilo en el archivo y traelo de nuevo."
        )
        self.nothing.value = "" if applicable else tag("p", text(words))

    def _forget_row(self) -> None:
        """Detect the header of another sheet: a row's number holds for one sheet."""
        with self._updating:
            self.menus["header_row"].value = AUTOMATIC

    def _notify(self) -> None:
        if not self._updating:
            hints = {hint: menu.value for hint, menu in self.menus.items() if menu.value != AUTOMATIC}
            self._changed(hints if self.files.chosen is None else {**hints, "files": self.files.chosen})
