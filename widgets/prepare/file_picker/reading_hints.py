"""Reading hints («¿Se ve mal?»): menus for encoding, delimiter and header, for files that were read wrongly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import Dropdown, VBox

from poetas.i18n import _
from widgets.core.elements import html, is_shown, look, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text

AUTOMATIC = "auto"  # not None, for which a menu of ipywidgets shows nothing
DELIMITED = {"csv", "tsv", "tab"}
UNSTRUCTURED = {"txt", "md"}  # cut into texts at blank lines, or at every line
DECODED = DELIMITED | UNSTRUCTURED | {"html", "htm", "xhtml", "zip", "folder"}
WITH_HEADER = DELIMITED | {"xlsx", "xlsm", "ods"}


def _menus() -> dict[str, tuple[str, list[tuple[str, Any]], set[str]]]:
    # hint -> (label, options, formats that it applies to)
    encodings = [
        (_("Automático"), AUTOMATIC),
        ("UTF-8", "utf-8"),
        (_("Windows-1252 (Excel, Word)"), "cp1252"),
        (_("Mac Roman (Mac antigua)"), "mac_roman"),
        (_("CP850 (DOS antiguo)"), "cp850"),
        ("UTF-16", "utf-16"),
    ]
    delimiters = [
        (_("Automático"), AUTOMATIC),
        (_("coma ,"), ","),
        (_("punto y coma ;"), ";"),
        (_("tabulación"), "\t"),
        (_("barra |"), "|"),
        (_("nada: una sola columna"), ""),
    ]
    headers = [(_("Automático"), AUTOMATIC), (_("son títulos"), True), (_("ya son datos"), False)]
    divisions = [
        (_("Automático"), AUTOMATIC),
        (_("en las líneas en blanco"), "blocks"),
        (_("en cada renglón"), "lines"),
        (_("en ningún lado: es un solo texto"), "whole"),
    ]
    return {
        "encoding": (_("Las letras con acento están en"), encodings, DECODED),
        "delimiter": (_("Las columnas se separan con"), delimiters, DELIMITED),
        "header": (_("Los nombres de la primera fila"), headers, WITH_HEADER),
        "division": (_("Un texto termina"), divisions, UNSTRUCTURED),
    }


class ReadingHints(VBox):
    """Menus, folded at first; each change reads the file again."""

    def __init__(self, changed: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(**look("poetas-hints"))
        self._changed = changed
        self._updating = UpdateGuard()
        self.menus = {
            hint: Dropdown(description=name, options=options) for hint, (name, options, _f) in _menus().items()
        }
        for menu in self.menus.values():
            menu.observe(lambda _change: self._notify(), "value")
        words = _("Si hay letras raras o todo quedó en una columna, decime cómo está escrito y lo leo de nuevo.")
        self.nothing = html("")
        self.children = (html(tag("p", text(words))), *self.menus.values(), self.nothing)
        show(self, False)

    def toggle(self) -> None:
        """Unfold, or fold again."""
        show(self, not is_shown(self))

    def show(self, reading: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
        """Show the menus that apply to a file's format, set to the hints in use."""
        file_format, applicable = str(reading.get("format", "")), False
        for hint, (_name, options, formats) in _menus().items():
            menu = self.menus[hint]
            show(menu, file_format in formats)
            applicable = applicable or file_format in formats
            chosen = hints.get(hint)
            with self._updating:
                menu.value = chosen if chosen in [value for _label, value in options] else AUTOMATIC
        words = _(
            "Este formato dice por sí mismo cómo leerse. Si algo está mal, corregilo en el archivo y traelo de nuevo."
        )
        self.nothing.value = "" if applicable else tag("p", text(words))

    def _notify(self) -> None:
        if not self._updating:
            self._changed({hint: menu.value for hint, menu in self.menus.items() if menu.value != AUTOMATIC})
