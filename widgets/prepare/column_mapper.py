"""Column mapper («¿Qué va a aprender?»): columns of text and summary in, task and a preview of rows out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import Dropdown, Widget
from traitlets import Dict, Unicode

from poetas.data.service.answers import PreviewAnswer
from poetas.data.storage.written_file import COLUMN
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from widgets.controls.previews import notices, pair
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.core.undo import Undo
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.pair_writer.pair_writer import PairWriter
from widgets.prepare.recipe_values import column_values
from widgets.prepare.task_sentence import task_sentence

SHOWN = 3
STYLE, WRITE = 0, 1  # values of "none" in the summary's menu; column names are strings


class ColumnMapper(Component):
    """Two menus, set to the recognised columns, and three rows as the model will get them.

    Where there are no summaries, the learner can write them here (`PairWriter`).

    value: {"text": column, "summary": column or None}, {} before a file is read. task: "summary", "style" or "".
    """

    needs: ClassVar[tuple[str, ...]] = ("source",)
    recipe: ClassVar[str] = "columnas"

    source = Unicode()
    value = Dict()
    task = Unicode()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._updating, self._first, self._requests, self._undo_source = UpdateGuard(), 0, LatestRequest(), ""
        self._writer: PairWriter | None = None
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self.draft.observe(lambda _change: self._take(), ["mapping", "mapped", "reading"])
        self.observe(lambda change: self._choose(change.new), "value")
        self._take()

    def build(self) -> Sequence[Widget]:
        """Make the menus, the sentence about the task, and the preview."""
        self.text_menu = Dropdown(description=_("El texto está en"))
        self.summary_menu = Dropdown(description=_("El resumen está en"))
        for menu in (self.text_menu, self.summary_menu):
            menu.observe(lambda _change: self._moved(), "value")
        self.undo = Undo(self, "value")
        self.message = html("")
        self.warnings = html("")
        self.writing = column_of((), "poetas-opened")  # brought into view
        self.preview = html("")
        self.more = make_button(_("Ver otros tres"))
        on_click(self.more, lambda: self._show_rows(self._first + SHOWN))
        self.accept = make_button(_("Está bien así"), kind="primary")
        on_click(self.accept, self._accept)
        done = _("Listo: quedó así. Si cambiás algo, te lo vuelvo a preguntar.")
        self.settled = html(tag("p", text(done), class_="soft", role="status"), shown=False)
        self.write = make_button(_("Escribir yo un resumen para cada uno"), "link")
        on_click(self.write, lambda: self.summary_menu.set_trait("value", WRITE))
        row = row_of((self.accept, self.settled, self.more, self.write, self.undo))
        line = self.draft.mapping_line
        choices = (self.text_menu, self.summary_menu, line, self.message, self.writing)
        return (*choices, self.warnings, self.preview, row)

    def refresh(self) -> None:
        """Show only the controls that apply in the present state."""
        waiting = self.state is State.WAITING
        for part in self.parts:
            show(part, not (waiting))
        usable = bool(self.task)
        self.accept.disabled = self.more.disabled = not usable or self.state is State.BUSY
        if waiting:
            return
        single = len(self.text_menu.options) < 2  # noqa: PLR2004  (nothing to choose between)
        show(self.text_menu, not (single and usable))
        show(self.summary_menu, not (single) or usable)
        unused = self._writes and self.task == "style"  # what is written is no summary of the dataset yet
        show(self.accept, not (self.done or unused))
        show(self.settled, self.done and not unused)
        show(self.more, self.draft.texts > SHOWN and not unused)
        show(self.write, self.task == "style" and not self._writes)
        show(self.preview, not unused)
        show(self.warnings, not unused)
        show(self.writing, self._writes)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return column_values(self.draft)

    def seen(self) -> str:
        """Return how many texts the model gets, and from which columns."""
        chosen, count = self.draft.mapping, self.draft.texts
        if not self.task or not count:
            return ""
        if self.task == "style":
            words = ngettext("De «{file}» salió {n} texto.", "De «{file}» salieron {n} textos.", count)
            return words.format(file=self.draft.file, n=number(count))
        if chosen.get("summary") == COLUMN:
            words = ngettext(
                "Con lo que escribiste se formó {n} par: un texto y su resumen.",
                "Con lo que escribiste se formaron {n} pares: cada texto con su resumen.",
                count,
            )
            return words.format(n=number(count))
        words = ngettext(
            "De «{text}» y «{summary}» salió {n} par: un texto y su resumen.",
            "De «{text}» y «{summary}» salieron {n} pares: cada texto con su resumen.",
            count,
        )
        return words.format(text=chosen["text"], summary=chosen.get("summary"), n=number(count))

    def note_conditions(self) -> Mapping[str, str]:
        """Return the facts about the page, with the task of the texts that are being prepared."""
        return {**super().note_conditions(), "task": self.draft.task}

    # -- choosing

    @property
    def _writes(self) -> bool:
        """Whether the learner writes the summaries here."""
        return bool(self.summary_menu.value == WRITE)

    def _moved(self) -> None:
        if self._updating:
            return
        self.context.save(writing=Path(self.source).name if self._writes else "")
        chosen = self.summary_menu.value
        self.value = {"text": self.text_menu.value, "summary": chosen if isinstance(chosen, str) else None}
        self._show_writer()

    def _show_writer(self) -> None:
        """Show the texts beside the boxes where their summaries are written, where that is chosen."""
        if self._writes and self.draft.task:
            if self._writer is None:
                self._writer = PairWriter(self.draft, use=self._use_written, failed=self._failed)
                self.writing.children = (self._writer,)
            self._writer.start()
        self.message.value = self._sentence()
        self.refresh()

    def _use_written(self) -> None:
        """Make what was written the summaries of the dataset."""
        chosen = {"text": self.text_menu.value, "summary": COLUMN}
        if self.value == chosen:  # written since: the same column, with more in it
            self.state = State.BUSY
            self.draft.choose(chosen, done=lambda _answer: None, failed=self._failed)
        self.value = chosen

    def _choose(self, mapping: Mapping[str, Any]) -> None:
        if not mapping or mapping == self.draft.mapping:
            return
        self.clear_error()
        self.done = False
        self.state = State.BUSY
        self.draft.choose(mapping, done=lambda _answer: None, failed=self._failed)

    def _failed(self, problem: Explanation) -> None:
        self.preview.value = self.message.value = ""  # the error card says it
        self.fail(
            problem, {"restart-service": self._retry, "retry": self._retry, "choose-columns": self._reset_mapping}
        )

    def _retry(self) -> None:
        if self.value:
            self.clear_error()
            self.state = State.BUSY
            self.draft.choose(self.value, done=lambda _answer: None, failed=self._failed)

    def _reset_mapping(self) -> None:
        """Go back to the columns that the service recognised."""
        recognised = self.draft.reading.get("mapping") or {}
        self.value = {"text": recognised.get("text"), "summary": recognised.get("summary")}

    def _accept(self) -> None:
        self.done = True
        self.refresh()

    # -- showing

    def _take(self) -> None:
        """Show the draft's present state."""
        reading, mapping = self.draft.reading, self.draft.mapping
        if not reading:
            self.state = State.WAITING
            return
        if self.source != self.draft.source:
            self.set_trait("source", self.draft.source)
            self.alert.clear()  # of another file
            self.done = self.draft.recalled and "columnas" in self.context.steps
        columns = [str(name) for name in reading["columns"]]
        with self._updating:
            if list(self.text_menu.options) != columns:
                self.text_menu.options = columns
                self.summary_menu.options = [
                    (_("ninguna columna: quiero que escriba en este estilo"), STYLE),
                    (_("ninguna columna: los resúmenes los escribo yo"), WRITE),
                    *zip(columns, columns, strict=True),
                ]
            self.text_menu.value = mapping.get("text") if mapping.get("text") in columns else None
            written = mapping.get("summary") == COLUMN or self.context.state().get("writing") == self.draft.file
            none = WRITE if written and COLUMN not in columns else STYLE
            self.summary_menu.value = mapping.get("summary") if mapping.get("summary") in columns else none
        if mapping:
            self.value = dict(mapping)
            if self._undo_source != self.source:  # the history is of another file
                self._undo_source = self.source
                self.undo.clear()
        self.task = self.draft.task
        self.message.value = self._sentence()
        mapped = self.draft.mapped
        findings = [finding["sentence"] for finding in mapped.get("findings", ())]
        self.warnings.value = notices([*findings, mapped.get("few", "")]) + notices(mapped.get("steps", ()), kind="")
        if self.task:
            self.clear_error()
            self._show_rows(0)
        else:
            self._requests.cancel()  # drop answers about the earlier texts
            self.preview.value = ""
        self.state = State.READY if self.task or not mapping else self.state
        if self._writes and (self._writer is None or self._writer.source != self.source):
            self._show_writer()
        self.refresh()

    def _sentence(self) -> str:
        return task_sentence(self.draft, writes=self._writes, refused=self.alert.problem is not None)

    def _show_rows(self, first: int) -> None:
        """Show three rows from ``first`` on."""
        first = 0 if first >= self.draft.texts else first
        self._first = first
        request = self._requests.begin()

        def show(answer: PreviewAnswer) -> None:
            style = self.task == "style"
            cards = [pair(row["text"], None if style else row.get("summary") or "") for row in answer["rows"]]
            self.preview.value = tag("div", "".join(cards), class_="grid poetas-pairs")

        done, failed = request.only(show), request.only(self._failed)
        self.draft.ask(lambda service: service.preview(first, SHOWN), done=done, failed=failed)
