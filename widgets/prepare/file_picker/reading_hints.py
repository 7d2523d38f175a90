"""«¿Se ve mal?»: how a file is read, said by the learner where guessing went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ipywidgets import Dropdown, VBox

from poetas.i18n import _
from widgets.core.html import html, tag, text
from widgets.core.tasks import UpdateGuard

GUESS = "guess"  # a menu of ipywidgets shows nothing at all where its value is None
DELIMITED = {"csv", "tsv", "tab"}
RUNNING = {"txt", "md"}  # cut into texts at blank lines, or at every line
DECODED = DELIMITED | RUNNING | {"zip", "folder"}
TITLED = DELIMITED | {"xlsx", "xlsm", "ods"}


def _menus() -> dict[str, tuple[str, list[tuple[str, Any]], set[str]]]:
    # hint -> (what it is called, its choices, the formats that have it)
    encodings = [
        (_("Automático"), GUESS),
        ("UTF-8", "utf-8"),
        (_("Windows-1252 (Excel, Word)"), "cp1252"),
        (_("Mac Roman (Mac antigua)"), "mac_roman"),
        (_("CP850 (DOS antiguo)"), "cp850"),
        ("UTF-16", "utf-16"),
    ]
    delimiters = [
        (_("Automático"), GUESS),
        (_("coma ,"), ","),
        (_("punto y coma ;"), ";"),
        (_("tabulación"), "\t"),
        (_("barra |"), "|"),
        (_("nada: una sola columna"), ""),
    ]
    headers = [(_("Automático"), GUESS), (_("son títulos"), True), (_("ya son datos"), False)]
    divisions = [
        (_("Automático"), GUESS),
        (_("en las líneas en blanco"), "blocks"),
        (_("en cada renglón"), "lines"),
        (_("en ningún lado: es un solo texto"), "whole"),
    ]
    return {
        "encoding": (_("Las letras con acento están en"), encodings, DECODED),
        "delimiter": (_("Las columnas se separan con"), delimiters, DELIMITED),
        "header": (_("Los nombres de la primera fila"), headers, TITLED),
        "division": (_("Un texto termina"), divisions, RUNNING),
    }


class ReadingHints(VBox):
    """A few menus, folded until they are asked for; each change reads the file again."""

    def __init__(self, changed: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self.add_class("poetas-hints")
        self._changed = changed
        self._updating = UpdateGuard()
        self.menus = {
            hint: Dropdown(description=name, options=options) for hint, (name, options, _f) in _menus().items()
        }
        for menu in self.menus.values():
            menu.observe(lambda _change: self._tell(), "value")
        words = _("Si hay letras raras o todo quedó en una columna, decime cómo está escrito y lo leo de nuevo.")
        self.nothing = html("")
        self.children = (html(tag("p", text(words))), *self.menus.values(), self.nothing)
        self.layout.display = "none"

    def toggle(self) -> None:
        """Unfold, or fold again."""
        self.layout.display = "none" if self.layout.display == "" else ""

    def show(self, reading: Mapping[str, Any], hints: Mapping[str, Any]) -> None:
        """Show the menus that make sense for a format, at what was said before."""
        form, some = str(reading.get("format", "")), False
        for hint, (_name, options, formats) in _menus().items():
            menu = self.menus[hint]
            menu.layout.display = "" if form in formats else "none"
            some = some or form in formats
            chosen = hints.get(hint)
            with self._updating:
                menu.value = chosen if chosen in [value for _label, value in options] else GUESS
        words = _(
            "Este formato dice por sí mismo cómo leerse. Si algo está mal, corregilo en el archivo y traelo de nuevo."
        )
        self.nothing.value = "" if some else tag("p", text(words))

    def _tell(self) -> None:
        if not self._updating:
            self._changed({hint: menu.value for hint, menu in self.menus.items() if menu.value != GUESS})
