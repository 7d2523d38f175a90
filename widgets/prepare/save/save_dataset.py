"""Saving of the dataset («Guardá tu conjunto»): a summary of the choices and a name in, a dataset folder out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from ipywidgets import Text, Widget
from traitlets import Unicode

from poetas.data.service.answers import SavedAnswer
from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.errors import Explanation
from poetas.i18n import _, number
from widgets.controls.work_line import WorkLine
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, show
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.draft_store import plain_name
from widgets.prepare.recipe_values import column_values
from widgets.prepare.save.choices_card import choices_card
from widgets.prepare.save.dataset_import import DatasetImport
from widgets.prepare.save.row_account_table import RowAccountTable
from widgets.prepare.save.saved_result import SavedResult


class SaveDataset(Component):
    """Names the dataset, saves it, offers it for download, and imports one that was downloaded.

    value: folder of the dataset that was saved, "" before.
    """

    needs: ClassVar[tuple[str, ...]] = ("source",)
    recipe: ClassVar[str] = "guardar"

    source = Unicode()
    value = Unicode()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self.draft = DatasetDraft.of(context or PageContext.current())
        self._requests = LatestRequest()  # cancelled where another file is in use by now
        super().__init__(self.draft.context)
        self.draft.observe(lambda _change: self._requests.cancel(), "source")
        self.draft.observe(lambda _change: self._take(), ["mapped", "cut", "parted", "split", "split_error"])
        self.draft.observe(lambda _change: self.alert.clear(), "mapped")  # of other texts
        self.draft.observe(lambda _change: self.account.update(), "mapped")
        self.draft.observe(lambda _change: self._update_notice(), ["source", "mapping"])
        self.draft.observe(lambda _change: self.refresh(), "opening")
        self._recall()
        self._take()

    def build(self) -> Sequence[Widget]:
        """Make the summary card, the name, the button, and the result."""
        self.summary = html("")
        self.name = Text(description=_("Nombre"), continuous_update=True)
        self.name.observe(lambda change: self._named(change.new), "value")
        self.button = make_button(_("Guardar el conjunto"), kind="primary")
        self.on_click(self.button, self._save)
        self.line = WorkLine()
        self.status = html("")
        self.account = RowAccountTable(self.draft, self._show_failed)
        self.after = SavedResult(self.draft, self._show_failed)
        self.importer = DatasetImport(self.draft, self.bring)
        return (self.summary, self.account, self.name, self.button, self.line, self.status, self.after, self.importer)

    def refresh(self) -> None:
        """Show what applies now; a saved dataset can be changed and saved again under another name."""
        busy = self.state is State.BUSY
        for part in (self.summary, self.account, self.name, self.button):
            show(part, self.source and not self.draft.opening)  # else the name would be the earlier file's
        self.name.disabled = busy
        reason = _("Guardando…") if busy else self._blocking_reason() if self.source else ""
        if opening := self.draft.opening:
            reason = _("Estoy leyendo «{name}». Cuando termine, le ponés nombre.").format(name=opening)
        self.button.disabled = bool(reason)
        self.button.button_style = "" if self.done and self.value else "primary"
        self.button.description = _("Guardar otra vez") if self.value else _("Guardar el conjunto")
        self.status.value = tag("p", text(reason), class_="soft", role="status") if reason else ""
        show(self.after, self.value and not self.draft.opening)
        self.after.warn(self._stale_notice() if self.value and self.source else "")

    def _blocking_reason(self) -> str:
        """Return why nothing can be saved now, "" where it can."""
        if self.draft.few:
            return _("Así no se puede guardar. {reason}").format(reason=self.draft.few)
        name = self.name.value.strip()
        if not name:
            return _("Ponele un nombre, para poder guardarlo.")
        saved = self.draft.saved
        same = (saved.get("folder"), saved.get("name")) == (Path(self.value).name, name) and not self.draft.changed
        if same and Path(self.value).name != self._imported() and Path(self.value).is_dir():
            return _("Ya está guardado así. Para guardar otro, cambiale el nombre o algo de lo que está acá arriba.")
        return ""

    def _stale_notice(self) -> str:
        """Return the notice that the dataset in use does not have the choices above, "" where it has."""
        if Path(self.value).name == self._imported():
            return _("Este conjunto vino en el ZIP. Lo que está acá arriba es de tu archivo, y no está guardado en él.")
        if self.draft.changed:
            return _("Después cambiaste algo de lo que está acá arriba. Si querés que valga, guardalo otra vez.")
        return ""

    def seen(self) -> str:
        """Return what is in the dataset, by its name."""
        saved = DatasetSummary.read(Path(self.value)) if self.value else None
        if saved is None:
            return ""
        words = _("En «{name}» hay {train} para estudiar y {test} para el examen.")
        train, test = (number(saved.counts[part]) for part in ("train", "test"))
        return words.format(name=saved.name, train=train, test=test)

    def missing_prerequisite(self) -> str:
        """Return "" where a dataset was imported."""
        return "" if self.value else self.draft.refine_need(super().missing_prerequisite())

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        split = self.draft.effective_split
        shares = {"VALIDATION": split["validation"], "TEST": split["test"], "SEED": split["seed"]}
        named = {"NAME": self.name.value.strip()} if self.name.value.strip() else {}
        return {**column_values(self.draft), **shares, **named}

    # -- the choices

    def _take(self) -> None:
        source = self.draft.source if self.draft.task else ""
        if source != self.source:
            self.set_trait("source", source)
            self.value, self.done = "", False
            self.name.value = self.draft.name or Path(source).stem
            self._recall()
        if not self.source:
            self.state = State.DONE if self.value else State.WAITING
        elif self.state is State.WAITING:
            self.state = State.READY
        self.summary.value = choices_card(self.draft) if self.source else ""
        self.refresh()

    def _named(self, name: str) -> None:
        if self.source:
            self.draft.name = name.strip()[:80]
        self.refresh()

    # -- saving

    def _save(self) -> None:
        self.clear_error()
        self.importer.alert.clear()
        self.state = State.BUSY
        self.done = False
        request, split, chosen = self._requests.begin(), self.draft.effective_split, self.draft.dataset_choices
        name = self.name.value.strip()

        def done(answer: SavedAnswer) -> None:
            if request.current:
                self.draft.saved = {"folder": Path(answer["folder"]).name, "name": name, "choices": chosen}
            self._use(answer)

        def failed(problem: Explanation) -> None:
            if request.current:
                self._failed(problem)
            else:
                self.state = State.READY

        parent, draft = str(self.context.project.datasets), self.draft
        longest, parted, measured = draft.cut, draft.windows, dict(draft.measured)
        draft.ask(
            lambda service: service.save(parent, name, longest=longest, parted=parted, measured=measured, **split),
            done=done,
            failed=failed,
            line=self.line,
        )

    def bring(self, answer: SavedAnswer) -> None:
        """Show an imported dataset; it stays until another one is saved or another file is read."""
        self._use(answer, brought=Path(str(answer["folder"])).name)

    def _use(self, answer: SavedAnswer, *, brought: str = "") -> None:
        """Make a dataset the one in use, which app 3 works with."""
        self.context.save(brought=brought)
        self.context.dataset = str(answer["folder"])
        self._show_result(self.context.dataset, str(answer["name"]), answer["counts"], answer["steps"])
        self.state = State.DONE
        self.refresh()

    def _imported(self) -> str:
        """Return the folder name of an imported dataset, "" where there is none."""
        return plain_name(self.context.state().get("brought"))

    def _recall(self) -> None:
        """Show what was imported or saved on an earlier visit, without changing the dataset in use."""
        for name in filter(None, (self._imported(), self.draft.dataset)):
            work = DatasetSummary.read(self.context.project.datasets / name)
            if work is not None:
                self._show_result(str(work.folder), work.name, work.counts)
                return
        if self.source:
            self.context.reopen("guarda")  # no longer on the disk, or never saved

    def _show_result(self, folder: str, name: str, counts: Mapping[str, int], steps: Iterable[str] = ()) -> None:
        imported = Path(folder).name == self._imported()
        self.value = folder
        self.after.show(Path(folder), name, counts, steps, imported=imported)
        self.done = True
        self._update_notice()

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._save, "retry": self._save})
        self.done = bool(self.value)
        self.refresh()

    def _show_failed(self, problem: Explanation) -> None:
        """Show why a copy or the account could not be made; its button is right above."""
        self.alert.show(problem, {"restart-service": self.clear_error, "retry": self.clear_error})
