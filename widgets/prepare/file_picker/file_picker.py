"""«Traé tus textos»: from the learner's computer, from this machine's folders, or an example."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import Button, HBox, ToggleButtons, VBox, Widget
from traitlets import Dict, Unicode

from poetas import environment
from poetas.data.errors import CHOOSE
from poetas.data.formats import extensions
from poetas.data.pipeline.limits import DEFAULT
from poetas.errors import Explanation
from poetas.i18n import _
from widgets.controls.previews import notices, table, understood
from widgets.controls.upload.incoming_file import commit, copy_in, discard
from widgets.controls.upload.upload_field import UploadField
from widgets.core.component import Component, State
from widgets.core.html import html, tag, text
from widgets.core.page_context import PageContext
from widgets.core.undo import Undo
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.file_picker.reading_hints import ReadingHints
from widgets.prepare.recipe_values import reading_values

UPLOAD, FOLDERS, SAMPLE = "upload", "folders", "sample"


class FilePicker(Component):
    """Brings a file into the project and shows what was understood of it.

    value: path of the file in use, "" before; setting it reads another one. reading: what the preparation service
    found in it (sentence, columns, rows, encoding, delimiter, head, ...), {} before.
    """

    recipe: ClassVar[str] = "leer"

    value = Unicode()
    reading = Dict()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._asked = ""
        self._again: Callable[[], None] | None = None  # does once more what was asked for last
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self.draft.observe(lambda _change: self._show(), ["reading", "source"])
        self.observe(lambda change: self.read(change.new), "value")
        self._offer_to_go_on(self.draft.remembered().get("source", ""))
        self._show()

    def build(self) -> Sequence[Widget]:
        """Make the three ways in, and the place for what was understood."""
        borrowed = environment.borrowed()
        lent = _("Ojo: esta página corre en una máquina prestada. Lo que traigas queda en una computadora ajena")
        advice = _("mientras dure la sesión. No traigas textos que no podrías mostrar.")
        self.warning = html(tag("p", text(f"{lent} {advice}"), class_="notice care") if borrowed else "")
        self.go_on = Button(description="")
        self.go_on.on_click(lambda _button: self._go_on())
        ways = [(_("Subir un archivo"), UPLOAD), (_("Probar con un ejemplo"), SAMPLE)]
        if not borrowed:  # whose folders would they be?
            ways.insert(1, (_("Buscar en mis carpetas"), FOLDERS))
        self.ways = ToggleButtons(options=ways, value=UPLOAD, description=_("¿De dónde los traemos?"))
        self.ways.observe(lambda _change: self._open_way(), "value")
        self.uploader = UploadField(
            lambda: self.context.project.sources,
            limit=DEFAULT.file_bytes,
            endings=extensions(),
            arrived=self.bring,
            failed=self._failed,
            here=self.recall,
        )
        self.way = VBox((self.uploader,))
        self._made: dict[str, Widget] = {UPLOAD: self.uploader}
        self.choosing = VBox((self.ways, self.way))
        self.choosing.add_class("stack")
        self.status = html("")
        self.hints = ReadingHints(self._reread)
        self.told = html("")
        self.wrong = Button(description=_("¿Se ve mal?"))
        self.wrong.add_class("link")
        self.wrong.on_click(lambda _button: self.hints.toggle())
        self.other = Button(description=_("Traer otro archivo"))
        self.other.on_click(lambda _button: self._choose_again())
        self.undo = Undo(self, "value")
        row = HBox((self.other, self.wrong, self.undo))
        row.add_class("row")
        self.result = VBox((self.told, row, self.hints))
        return (self.warning, self.go_on, self.choosing, self.status, self.result)

    def refresh(self) -> None:
        """Show the ways in, or what was understood."""
        busy = self.state is State.BUSY
        self.choosing.layout.display = "none" if busy or self.state is State.DONE else ""
        self.result.layout.display = "" if self.state is State.DONE else "none"
        words = _("Leyendo «{name}»…").format(name=Path(self._asked).name)
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""
        if busy or self.state is State.DONE:
            self.go_on.layout.display = "none"

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return reading_values(self.draft)

    # -- bringing

    def bring(self, path: str) -> None:
        """Read a file that has come into the project; a copy of what cannot be read does not stay there."""
        self._open(path, {}, refused=lambda: discard(Path(path)))

    def copy(self, path: str) -> None:
        """Copy a file of this machine into the project, then read the copy."""
        self.clear_error()
        self._asked, self._again = path, lambda: self.copy(path)
        self.state = State.BUSY
        sources = self.context.project.sources
        self.context.services.ask(
            lambda: copy_in(Path(path), sources), done=lambda copy: self.bring(str(copy)), failed=self._failed
        )

    def read(self, path: str) -> None:
        """Read the file that ``value`` was set to as it was read before, unless it is the one that was just read."""
        if path and path != self.draft.source:
            self._open(path, None)

    def recall(self) -> None:
        """Go on with the file of an earlier visit, if there is one."""
        if not self.draft.source:
            self.context.reread()
        state = self.draft.remembered()
        if not state or self.draft.source or self.state is State.BUSY:
            return
        self.clear_error()
        self._asked, self._again = state["source"], self.recall
        self.state = State.BUSY
        self.draft.recall(done=lambda _answer: self._read_anew(state["source"]), failed=self._failed)

    def _reread(self, hints: dict[str, Any]) -> None:
        if self.value:
            self._open(self.value, hints)

    def _open(self, path: str, hints: dict[str, Any] | None, refused: Callable[[], None] = lambda: None) -> None:
        self.clear_error()
        self._asked, self._again = path, lambda: self._open(path, hints, refused)
        self.state = State.BUSY

        def failed(problem: Explanation) -> None:
            self._failed(problem)
            if problem.action == CHOOSE and path != self.draft.source:
                refused()

        def done(_answer: Any) -> None:
            commit(Path(path))
            self._read_anew(path)

        self.draft.open(path, hints, done=done, failed=failed)

    def _read_anew(self, path: str) -> None:
        """Show a file that was read just as it was before: then nothing of the draft has changed."""
        if self.state is State.BUSY and self._asked == path:
            self._show()

    def _failed(self, problem: Explanation) -> None:
        if self.draft.reading and problem.code == "wrong-column":
            self._read_anew(self.draft.source)  # the next step says what is wrong with its columns
            return
        again = {"restart-service": self._retry, "retry": self._retry}
        if self.draft.reading:  # else the ways in stand right above the card
            again["choose-file"] = self._choose_again
        self.fail(problem, again)
        self._show()

    def _retry(self) -> None:
        if self._again is not None:
            self._again()

    # -- showing

    def _show(self) -> None:
        reading = self.draft.reading
        if not reading:
            self.state = State.READY
            return
        self.set_trait("reading", reading)
        self.set_trait("value", self.draft.source)
        caption = _("Así empieza:")
        self.told.value = (
            understood(self.draft.file, reading["sentence"])
            + notices(reading.get("notices", ()))
            + table(reading["columns"], reading["head"], caption)
        )
        self.hints.show(reading, self.draft.hints)
        self._asked = self.draft.source
        self.state = State.DONE
        self.done = True
        self.refresh()

    def _choose_again(self) -> None:
        self.clear_error()
        self.state = State.READY
        self._offer_to_go_on(self.draft.source)
        self.refresh()

    def _go_on(self) -> None:
        """Go back to the file in use, or on with that of an earlier visit."""
        if self.draft.reading:
            self.clear_error()
            self._show()
        else:
            self.recall()

    def _open_way(self) -> None:
        way = self.ways.value
        if way not in self._made:
            self._made[way] = self._make(way)
        self.way.children = (self._made[way],)

    def _make(self, way: str) -> Widget:
        if way == SAMPLE:
            from widgets.prepare.file_picker.sample_picker import SamplePicker  # noqa: PLC0415  (reads the samples: only when asked for)

            return SamplePicker(self.copy)
        from widgets.controls.file_browser import FileBrowser  # noqa: PLC0415  (looks at the folders: only when asked for)

        folders = FileBrowser(endings=extensions())
        folders.observe(lambda change: self.copy(change.new) if change.new else None, "value")
        folders.browse()
        return folders

    def _offer_to_go_on(self, source: str) -> None:
        self.go_on.description = _("Seguir con {name}").format(name=Path(source).name) if source else ""
        self.go_on.layout.display = "" if source else "none"
