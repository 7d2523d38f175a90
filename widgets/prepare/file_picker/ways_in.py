"""Ways to bring texts, as buttons with what each one needs below; a way's widgets are made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import ToggleButtons, VBox, Widget

from poetas import environment
from poetas.data.formats import extensions
from poetas.i18n import _
from widgets.controls.own_text_offer import offered_text
from widgets.core.elements import column_of, look
from widgets.core.event_guards import UpdateGuard
from widgets.core.page_context import PageContext
from widgets.prepare.file_picker.own_text_card import OwnTextCard

OWN, UPLOAD, FOLDERS, SAMPLE = "own", "upload", "folders", "sample"


def _labels() -> dict[str, str]:
    return {
        OWN: _("Seguir con lo que pegaste en la app 1"),
        UPLOAD: _("Subir un archivo"),
        FOLDERS: _("Buscar en mis carpetas"),
        SAMPLE: _("Probar con un ejemplo"),
    }


class WaysIn(VBox):
    """The upload in the open, the other ways a click away; the learner's own text, while app 1 keeps one.

    copy: called with the path of a file that was chosen. own: called with the learner's own text.
    """

    def __init__(
        self, context: PageContext, uploader: Widget, *, copy: Callable[[str], None], own: Callable[[str], None]
    ) -> None:
        self._context, self._copy, self._own = context, copy, own
        self._updating = UpdateGuard()
        self._made = {UPLOAD: uploader}
        self.ways = ToggleButtons(options=self._options(), value=UPLOAD, description=_("¿De dónde los traemos?"))
        self.ways.observe(lambda _change: self._open(), "value")
        self.way = column_of((uploader,))
        super().__init__((self.ways, self.way), **look("stack", "poetas-opened"))  # brought into view

    def _options(self) -> list[tuple[str, str]]:
        left_out = set() if offered_text(self._context) else {OWN}
        if environment.borrowed():  # its folders are not the learner's
            left_out.add(FOLDERS)
        return [(label, way) for way, label in _labels().items() if way not in left_out]

    def offer(self) -> None:
        """Offer the learner's own text, or no longer: another page may have kept or erased one."""
        options, chosen = self._options(), self.ways.value
        if options == list(self.ways.options):
            return
        with self._updating:  # new options choose the first one
            self.ways.options = options
            self.ways.value = chosen if chosen in dict(options).values() else UPLOAD
        self._open()

    def _open(self) -> None:
        way = self.ways.value
        if self._updating or way is None:
            return
        if way not in self._made:
            self._made[way] = self._make(way)
        opened = self._made[way]
        if isinstance(opened, OwnTextCard):
            opened.read()
        self.way.children = (opened,)

    def _make(self, way: str) -> Widget:
        if way == OWN:
            return OwnTextCard(self._context, self._own)
        if way == SAMPLE:
            from widgets.prepare.file_picker.sample_picker import SamplePicker  # noqa: PLC0415  (reads the samples: only when chosen)

            return SamplePicker(self._copy)
        from widgets.controls.file_browser import FileBrowser  # noqa: PLC0415  (reads the folders: only when chosen)

        folders = FileBrowser(endings=extensions())
        folders.observe(lambda change: self._copy(change.new) if change.new else None, "value")
        folders.browse()
        return folders
