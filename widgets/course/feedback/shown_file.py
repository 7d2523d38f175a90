"""File that is shown whole before it can be saved: a button that shows it, then its text and a download."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ipywidgets import Widget

from poetas.i18n import _
from poetas.util.files import private_folder
from widgets.controls.download.download import Download
from widgets.core.component import Component
from widgets.core.elements import column_of, html, make_button, show
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext

FOLDER = "respuestas"  # of the project


class ShownFile(Component):
    """A button that shows the file; only then one that saves it, as it was shown.

    shown: the text that is on the page, "" before the first click.
    """

    def __init__(self, *, context: PageContext | None = None) -> None:
        self.shown = ""
        super().__init__(context)

    def build(self) -> Sequence[Widget]:
        """Make the sentence and the button; the preview and the download come with the first click."""
        self.about = html(tag("p", text(self.purpose())))
        self.look = make_button(self.label())
        self.on_click(self.look, lambda: self.run_guarded(self._preview))
        self.preview = html("")
        self.place = column_of((), shown=False)
        return (self.about, self.look, self.preview, self.place)

    def purpose(self) -> str:
        """Return what the file is for, before the button."""
        raise NotImplementedError

    def label(self) -> str:
        """Return the label of the button that shows the file."""
        return _("Ver el archivo")

    def make(self) -> str:
        """Return the file's text as it is now."""
        raise NotImplementedError

    def explanation(self) -> str:
        """Return the HTML before the text."""
        raise NotImplementedError

    def write(self, folder: Path) -> Path:
        """Write what is shown into a folder, and return the file. Raises OSError."""
        raise NotImplementedError

    def forget(self) -> None:
        """Remove the preview: the download may be waiting for a file that does not come."""
        self.shown, self.preview.value = "", ""
        self.place.children = ()
        show(self.place, False)

    def _preview(self) -> None:
        self.shown = self.make()
        drawn = tag("pre", text(self.shown), tabindex="0", class_="poetas-answers", aria_label=_("El archivo, entero"))
        self.preview.value = self.explanation() + drawn
        if not self.place.children:
            self.place.children = (Download(_("Bajar el archivo"), self._give, failed=self.fail, primary=True),)
        show(self.place, True)
        self.look.description = _("Volver a mirar")

    def _give(self, give: Callable[[Path], None]) -> None:
        if self.shown:
            give(self.write(private_folder(self.context.path(FOLDER))))
