"""File browser of this machine's folders: ipyfilechooser, wrapped to work around its faults.

Worked around: its labels are English constants, a file's name reaches HTML unescaped, ``value`` is no trait, walking
the list with the keyboard opens every folder on the way, a folder without permission is a warning in a log, and a
link that leads out of the sandbox is a traceback. Version 0.6.0 is pinned, because its private parts are used.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ipywidgets import VBox
from traitlets import Bool, Unicode

from poetas.i18n import _
from poetas.util.files import inside
from widgets.core.elements import html, look
from widgets.core.html import tag, text

try:
    Path.cwd()
except FileNotFoundError:  # ipyfilechooser calls os.getcwd() at import
    os.chdir(Path.home())

from ipyfilechooser import FileChooser
from ipyfilechooser.errors import ParentPathError


class _Escaped(str):
    """Template of the chooser's label that escapes the file name, which is untrusted input."""

    __slots__ = ()

    def format(self, *parts: object, **_named: object) -> str:
        return tag("span", text(parts[0])) if parts[0] else ""


class _Chooser(FileChooser):
    """The chooser itself. note: a sentence about what could not be opened."""

    _LBL_TEMPLATE = _Escaped()
    _LBL_NOFILE = ""
    note = Unicode()

    def __init__(self, root: Path, patterns: Sequence[str]) -> None:
        self._picked = ""
        super().__init__(
            path=str(root),
            sandbox_path=str(root),
            filter_pattern=list(patterns) or None,
            select_desc=_("Buscar un archivo"),
            change_desc=_("Buscar otro"),
            dir_icon="/",
            dir_icon_append=True,
        )
        self.layout.width = "auto"
        self._cancel.description = _("Cerrar")
        self._pathlist.description = _("Carpeta")
        self._dircontent.description = _("Contenido")
        self._dircontent.rows = 10
        self._filename.layout.display = "none"
        self._gb.layout.grid_template_columns = "minmax(0, 1fr)"
        self._gb.layout.grid_template_areas = "'pathlist' 'dircontent'"
        for button in (self._select, self._cancel):
            button.layout.width = button.layout.min_width = None
        self._gb.add_class("poetas-folders-list")
        self._select.button_style = "primary"

    def _set_form_values(self, path: str, filename: str) -> None:
        self.note = ""
        try:
            next(Path(path).iterdir(), None)
            super()._set_form_values(path, filename)
            self._rename_parent()
            self._rename_folders()
        except (OSError, ParentPathError) as problem:
            name = Path(path).name
            denied = _("No tengo permiso para abrir «{name}».") if isinstance(problem, PermissionError) else ""
            outside = _("«{name}» está fuera de tu carpeta, o ya no está.")
            self.note = (denied or outside).format(name=name)
        self._name_button()

    def _rename_parent(self) -> None:
        """Replace the list's ".." with a label."""
        up = self._map_name_to_disp.get(os.pardir)
        if up is None:
            return
        label = _("Subir una carpeta")
        self._map_name_to_disp[os.pardir], self._map_disp_to_name[label] = label, os.pardir
        self._dircontent.unobserve(self._on_dircontent_select, names="value")
        self._dircontent.options = [label if name == up else name for name in self._dircontent.options]
        self._dircontent.value = None
        self._dircontent.observe(self._on_dircontent_select, names="value")

    def _rename_folders(self) -> None:
        """Show folder names instead of paths in the menu; say so where there is nothing to choose."""
        self._pathlist.unobserve(self._on_pathlist_select, names="value")
        selected = self._pathlist.value
        paths = [path[1] if isinstance(path, tuple) else path for path in self._pathlist.options]
        self._pathlist.options = [(_folder_name(path), path) for path in paths]
        self._pathlist.value = selected
        self._pathlist.observe(self._on_pathlist_select, names="value")
        if not set(self._map_name_to_disp) - {os.pardir}:
            self.note = _("En esta carpeta no hay textos que sepa leer, ni otras carpetas.")

    def _on_dircontent_select(self, change: Mapping[str, Any]) -> None:
        """Select without opening: only the button opens, so that arrow keys can move over folders."""
        self._picked = self._map_disp_to_name.get(change["new"], "")
        path = Path(self._expand_path(self._pathlist.value)) / self._picked
        self._filename.unobserve(self._on_filename_change, names="value")
        self._filename.value = "" if path.is_dir() else self._picked
        self._filename.observe(self._on_filename_change, names="value")
        self.note = ""
        self._name_button()

    def _is_folder(self) -> bool:
        return bool(self._picked) and (Path(self._expand_path(self._pathlist.value)) / self._picked).is_dir()

    def _name_button(self) -> None:
        if self._gb.layout.display == "none":
            return
        self._select.description = _("Abrir la carpeta") if self._is_folder() else _("Usar este archivo")
        self._select.disabled = not (self._is_folder() or self._filename.value)

    def _on_select_click(self, button: Any) -> None:
        if self._gb.layout.display != "none" and self._is_folder():
            path = os.path.realpath(Path(self._expand_path(self._pathlist.value)) / self._picked)
            self._picked = ""
            self._set_form_values(path, "")
        else:
            super()._on_select_click(button)

    def _show_dialog(self) -> None:
        self._picked = ""
        super()._show_dialog()
        self._name_button()


def _folder_name(path: str) -> str:
    """Return the label of a folder below the sandbox.

    >>> _folder_name(os.sep), _folder_name(os.path.join(os.sep, "cartas", "2024"))
    ('Tu carpeta personal', 'cartas › 2024')
    """
    return " › ".join(Path(path).parts[1:]) or _("Tu carpeta personal")


class FileBrowser(VBox):
    """Chooser of a file of this machine, never outside ``root``.

    value: path of the chosen file, "" before.
    """

    value = Unicode()
    disabled = Bool(default_value=False)

    def __init__(self, root: Path | None = None, *, endings: Sequence[str] = ()) -> None:
        super().__init__(**look("poetas-folders"))
        self.root = (root or Path.home()).resolve()
        self.chooser = _Chooser(self.root, [f"*{ending}" for ending in endings])
        self.chooser.register_callback(self._chosen)
        self.note = html("", "poetas-folders-note")
        self.chooser.observe(lambda change: self._show_note(change.new), "note")
        self.children = (self.chooser, self.note)

    def browse(self) -> None:
        """Show the folders at once, without the button that opens them."""
        self.chooser._show_dialog()  # noqa: SLF001  (this class wraps it)

    def _show_note(self, sentence: str) -> None:
        self.note.value = tag("p", text(sentence), class_="notice care", role="status") if sentence else ""

    def _chosen(self, chooser: _Chooser) -> None:
        chosen = Path(chooser.selected or "")
        if not chosen.is_file() or not inside(self.root, chosen):
            self._show_note(_("«{name}» está fuera de tu carpeta, o ya no está.").format(name=chosen.name))
            return
        self.value = ""  # so that choosing the same file again is a change
        self.value = str(chosen)
