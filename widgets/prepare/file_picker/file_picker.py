"""File picker («Traé tus textos»): an upload, a file of this machine or a sample in, a read file out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import Widget
from traitlets import Dict, Unicode

from poetas import environment
from poetas.data.errors import CHOOSE
from poetas.data.formats import extensions
from poetas.data.pipeline.limits import DEFAULT
from poetas.dataset_size import Enough, enough_for, level_of, texts_left
from poetas.errors import Explanation
from poetas.i18n import _
from widgets.controls.own_text_offer import note_taken
from widgets.controls.previews import notices, table, understood
from widgets.controls.upload.incoming_file import UnreadCopies, copy_in, write_in
from widgets.controls.upload.upload_field import UploadField
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, is_shown, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.focus import focus_group
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.core.undo import Undo
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.file_picker.first_text import first_text_seen
from widgets.prepare.file_picker.reading_hints import ReadingHints
from widgets.prepare.file_picker.text_ends import TextEnds
from widgets.prepare.file_picker.ways_in import WaysIn
from widgets.prepare.recipe_values import reading_values

OWN_FILE = "mis textos.txt"  # what app 1 keeps, as a file


class FilePicker(Component):
    """Brings a file into the project and shows what was read.

    value: path of the file in use, "" before; setting it reads another one. reading: what the preparation service
    read in it (sentence, columns, rows, encoding, delimiter, head, ...), {} before.
    """

    recipe: ClassVar[str] = "leer"

    value = Unicode()
    reading = Dict()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._path, self._rereading, self._requests = "", False, LatestRequest()
        self._last_request: Callable[[], None] | None = None  # repeated by the error card
        self._to_focus: Widget | None = None  # once the file is read
        self.draft = DatasetDraft.of(context or PageContext.current())
        self.unread = UnreadCopies.of(self.draft.context)
        super().__init__(self.draft.context)
        self.draft.observe(lambda _change: self._show(), ["reading", "source"])
        self.draft.observe(lambda _change: self._describe() if self.draft.reading else None, "mapped")
        self.observe(lambda change: self.read(change.new), "value")
        self._offer_to_continue(self.draft.remembered().get("source", ""))
        self._show()

    def build(self) -> Sequence[Widget]:
        """Make the three sources and the result."""
        borrowed = environment.borrowed()
        lent = _("Ojo: esta página corre en una máquina prestada. Lo que traigas queda en una computadora ajena")
        advice = _("al menos mientras dure la sesión. No traigas textos que no podrías mostrar.")
        self.warning = html(tag("p", text(f"{lent} {advice}"), class_="notice care") if borrowed else "")
        self.continue_button = make_button("")
        self.on_click(self.continue_button, self._continue)
        self.uploader = UploadField(
            lambda: self.context.project.sources,
            limit=DEFAULT.file_bytes,
            endings=extensions(),
            arrived=self.bring,
            failed=self._failed,
            here=self.recall,
            unread=self.unread,
        )
        copy, own = self.unless_busy(self.copy), self.unless_busy(self.bring_own)
        self.choosing = WaysIn(self.context, self.uploader, copy=copy, own=own)
        self.context.observe(lambda _change: self.choosing.offer(), "erased")
        self.status = html("")
        self.hints = ReadingHints(self._read_again)
        self.ends = TextEnds(
            self.draft, lambda way: self._read_again({**self.draft.hints, "division": way}), self._failed
        )
        self.summary = html("", "poetas-read")  # the page brings it into view (`page/clicks.js`)
        self.fix = make_button(_("¿Se ve mal?"), "link")
        on_click(self.fix, self.hints.toggle)
        self.other = make_button(_("Traer otro archivo"))
        on_click(self.other, self._choose_again)
        self.undo = Undo(self, "value")
        self.result = column_of((self.summary, self.ends, row_of((self.other, self.fix, self.undo)), self.hints))
        return (self.warning, self.continue_button, self.choosing, self.result, self.status)

    def refresh(self) -> None:
        """Show the sources or the result, which stays while its file is read with another hint: so does the focus."""
        busy = self.state is State.BUSY
        show(self.choosing, not (busy or self.state is State.DONE))
        show(self.result, self.state is State.DONE or (busy and self._rereading))
        self.other.disabled = busy
        name = Path(self._path).name
        self.draft.opening = name if busy and self.draft.source and not self._rereading else ""
        words = _("Leyendo «{name}»…").format(name=name)
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""
        if busy or self.state is State.DONE:
            show(self.continue_button, False)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return reading_values(self.draft)

    def seen(self) -> str:
        """Return how the first text begins, and in which file."""
        return first_text_seen(self.reading, self.draft.file)

    # -- bringing

    def bring(self, path: str) -> None:
        """Read a file of the project; a copy that cannot be read is removed."""
        self._open(path, {}, refused=lambda: self.unread.discard(Path(path)))

    def copy(self, path: str) -> None:
        """Copy a file of this machine into the project, then read the copy."""
        sources, unread = self.context.project.sources, self.unread
        self._fetch(Path(path).name, lambda: copy_in(Path(path), sources, unread))

    def bring_own(self, words: str) -> None:
        """Write what the learner pasted in app 1 into a file of the project, then read it."""
        note_taken(self.context)
        content = words.replace("\0", "").encode("utf-8", "replace")
        sources, unread = self.context.project.sources, self.unread
        self._to_focus = self.ends.ways  # the button that was clicked goes; the next question is this one
        self._fetch(OWN_FILE, lambda: write_in(content, OWN_FILE, sources, unread))

    def _fetch(self, name: str, fetch: Callable[[], Path]) -> None:
        """Bring the file that ``fetch`` puts into the project."""
        self.clear_error()
        self._path, self._last_request, self._rereading = name, lambda: self._fetch(name, fetch), False
        self.state = State.BUSY
        only = self._requests.begin().only
        self.context.services.ask(fetch, done=only(lambda copy: self.bring(str(copy))), failed=only(self._failed))

    def read(self, path: str) -> None:
        """Read the file that ``value`` was set to with the hints used before, unless it is the one in use."""
        if path and path != self.draft.source:
            self._open(path, None)

    def recall(self) -> None:
        """Restore the file of an earlier visit, if there is one."""
        if not self.draft.source:
            self.context.reload()
            self.choosing.offer()
        state = self.draft.remembered()
        if not state or self.draft.source or self.state is State.BUSY:
            return
        self.clear_error()
        self._path, self._last_request, self._rereading = state["source"], self.recall, False
        self.state = State.BUSY
        request = self._requests.begin()
        self.draft.recall(done=request.only(self._show_unchanged), failed=request.only(self._failed))

    def _read_again(self, hints: dict[str, Any]) -> None:
        if self.value:
            self._open(self.value, hints)

    def _open(self, path: str, hints: dict[str, Any] | None, refused: Callable[[], None] = lambda: None) -> None:
        self.clear_error()
        self._path, self._last_request = path, lambda: self._open(path, hints, refused)
        self._rereading = path == self.draft.source and bool(self.draft.reading)
        self.state = State.BUSY
        request = self._requests.begin()

        def failed(problem: Explanation) -> None:
            if request.current:
                self._failed(problem)
            if problem.action == CHOOSE and path != self.draft.source:
                refused()

        def done(answer: Any) -> None:
            self.unread.keep(Path(path))
            if request.current:
                self._show_unchanged(answer)

        self.draft.open(path, hints, done=done, failed=failed)

    def _show_unchanged(self, _answer: Any = None) -> None:
        """Show the result of a reading that changed nothing, which notifies no observer of the draft."""
        if self.state is State.BUSY:
            self._show()

    def _failed(self, problem: Explanation) -> None:
        if self.draft.reading and problem.code == "wrong-column":
            self._show_unchanged()  # the next step says what is wrong with its columns
            return
        actions = {"restart-service": self._retry, "retry": self._retry}
        if self.draft.reading:  # else the sources are right above the card
            actions["choose-file"] = self._choose_again
        self.fail(problem, actions)
        self._show()

    def _retry(self) -> None:
        if self._last_request is not None:
            self._last_request()

    # -- showing

    def _show(self) -> None:
        reading = self.draft.reading
        if not reading:
            self.state = State.READY
            return
        self.set_trait("reading", reading)
        self.set_trait("value", self.draft.source)
        self.ends.show(reading)
        self._describe()
        self.hints.show(reading, self.draft.hints)
        self._path = self.draft.source
        self.state = State.DONE
        self.done = True
        self.refresh()
        if self._to_focus is not None:
            focus_group(self._to_focus)
            self._to_focus = None

    def _describe(self) -> None:
        """Show what was understood, and what the texts are enough for: those that are left once copies are out."""
        reading, mapped = self.draft.reading, self.draft.mapped
        drawn = "" if is_shown(self.ends) else table(reading["columns"], reading["head"], _("Así empieza:"))
        count, task = int(mapped.get("rows", reading["rows"])), mapped.get("task", reading.get("task"))
        alike = str(mapped.get("few", "")) if level_of(count) is not Enough.NOTHING else ""
        left = texts_left(int(reading["rows"]), count)
        enough = f"{left} {alike or enough_for(count, style=task == 'style')}".strip()
        said = notices(reading.get("notices", ())) + notices([enough], kind="")
        self.summary.value = understood(self.draft.file, reading["sentence"]) + said + drawn

    def _choose_again(self) -> None:
        self.clear_error()
        self._to_focus = None
        self.state = State.READY
        self.choosing.offer()
        self._offer_to_continue(self.draft.source)
        self.refresh()

    def _continue(self) -> None:
        """Show the file in use again, or restore that of an earlier visit."""
        if self.draft.reading:
            self.clear_error()
            self._show()
        else:
            self.recall()

    def _offer_to_continue(self, source: str) -> None:
        self.continue_button.description = _("Seguir con {name}").format(name=Path(source).name) if source else ""
        show(self.continue_button, source)
