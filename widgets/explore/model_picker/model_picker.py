"""Model picker («Elegí un modelo»): cards of the catalogue's models; a click fetches one and uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from ipywidgets import Password, Widget
from traitlets import Unicode

from poetas import environment
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.jobs import Job, JobState
from poetas.models.catalogue import DEFAULT, Catalogue
from poetas.models.entry import ModelEntry
from poetas.models.fetch import accept_licence, licence_accepted, save_token, start_fetch, start_inquiry
from poetas.models.fetch_request import REFETCH
from poetas.models.model_store import is_ready, model_folder
from widgets.controls.job_card import JobCard
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.focus import focus
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.explore.model_picker.hub_box import HubBox
from widgets.explore.model_picker.licence_question import LicenceQuestion
from widgets.explore.model_picker.model_card import ModelCard

INITIAL = 2  # cards shown before «Ver más modelos»


class ModelPicker(Component):
    """Cards of the available models; the chosen one is fetched if it is not here yet.

    value: id of the model in use, "" while there is none (the same as the context's).
    """

    recipe: ClassVar[str] = "modelo"
    value = Unicode()

    def __init__(self, context: PageContext | None = None) -> None:
        self._after_token: Callable[[], None] = self.draw
        self._cards: list[ModelCard] = []
        super().__init__(context)
        self.context.observe(lambda _change: self.draw(), "model")
        self._reattach()

    def build(self) -> Sequence[Widget]:
        """Make the cards, the licence question, the box for another model and the job card."""
        self.grid = column_of((), "grid")
        self.more = make_button(_("Ver más modelos"))
        on_click(self.more, self._show_all)
        self.other = HubBox(ask=self.unless_busy(self._inquire), edited=self.clear_error)
        self.licence = LicenceQuestion(yes=lambda: self.run_guarded(self._accepted), no=self._refused)
        self.token = Password(description=_("Tu clave de Hugging Face"), placeholder="hf_…")
        self.save_token_button = make_button(_("Guardar la clave y volver a intentar"))
        self.on_click(self.save_token_button, partial(self.run_guarded, self._save_token))
        self.token_row = row_of((self.token, self.save_token_button))
        show(self.token_row, False)
        self.about = html("", "poetas-about")  # says what the job below does
        self.job = JobCard(self.context.poller)
        self._all = False
        self._show_about("")
        self.licence.close_question()
        self._make_cards()
        return (self.grid, self.more, self.other, self.licence, self.token_row, self.about, self.job)

    def refresh(self) -> None:
        """Draw the cards."""
        self.draw()

    def clear_error(self) -> None:
        """Remove the error cards, also that of a failed job, so that one is shown at a time."""
        super().clear_error()
        if self.job.alert.problem is not None and self.state is not State.BUSY:
            self.job.leave()
            self._show_about("")

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return model_values(self.context)

    def draw(self) -> None:
        """Draw on every card whether the model is here, in use, and fits in the free memory."""
        free = environment.machine(self.context.workspace.root).memory_free
        busy = self.state is State.BUSY
        for card in self._cards:
            ready = is_ready(self.context.workspace, card.entry.id)
            chosen = ready and card.entry.id == self.context.model
            card.draw(ready=ready, chosen=chosen, memory_free=free, busy=busy, broken=self._has_folder(card.entry))
        self.value = self.context.model
        show(self.more, not (self._all))
        show(self.other, self._all)
        self.other.search.disabled = busy
        if self.context.model and is_ready(self.context.workspace, self.context.model):
            self.done = True

    def _make_cards(self) -> None:
        entries = list(Catalogue.load(self.context.workspace))
        here = [entry for entry in entries if self._has_folder(entry)]
        shown = entries if self._all else [*entries[:INITIAL], *(e for e in here if e not in entries[:INITIAL])]
        self._cards = [
            ModelCard(
                entry,
                on_pick=self.unless_busy(self._clicked),
                on_again=self.unless_busy(lambda entry: self._bring(entry, refetch=True)),
                default=entry.id == DEFAULT,
            )
            for entry in shown
        ]
        self.grid.children = tuple(self._cards)

    def _has_folder(self, entry: ModelEntry) -> bool:
        """Whether a model has a folder, complete or not."""
        return model_folder(self.context.workspace, entry.id).is_dir()

    def _show_all(self) -> None:
        self._all = True
        self._make_cards()
        self.draw()

    def _clicked(self, entry: ModelEntry) -> None:
        self.clear_error()
        if is_ready(self.context.workspace, entry.id):
            self._use(entry.id)
        else:
            self._bring(entry)

    def _bring(self, entry: ModelEntry, *, refetch: bool = False) -> None:
        """Fetch a model, once its licence is accepted. refetch: one that is here; it stays until then."""
        self.clear_error()
        if entry.must_accept and not licence_accepted(self.context.workspace, entry.id):
            self.licence.ask(entry, refetch=refetch)
        else:
            self._fetch(entry, refetch=refetch)

    def _use(self, model: str) -> None:
        self.licence.close_question()
        self._show_about("")
        self.context.model = model
        self.state = State.DONE
        self.context.services.warm(self.context.model)
        self.draw()

    def _refused(self) -> None:
        pending = self.licence.pending
        self.licence.close_question()
        for card in self._cards:  # return the focus to the button that asked, because the one that had it is gone
            if pending is not None and card.entry.id == pending[0].id:
                focus(card.again if pending[1] else card.button)

    def _accepted(self) -> None:
        if self.licence.pending is not None:
            entry, refetch = self.licence.pending
            accept_licence(self.context.workspace, entry.id)  # the question stays until the answer is saved
            self.licence.close_question()
            self._fetch(entry, refetch=refetch)

    def _fetch(self, entry: ModelEntry, *, refetch: bool) -> None:
        self.licence.close_question()  # a question about another model would seem to be about this one
        try:
            job = start_fetch(self.context.workspace, entry.id, refetch=refetch)
        except (PoetasError, OSError) as error:
            actions = self._error_actions(entry.id, refetch=refetch)
            self.fail(self.context.explain_error(error), {**actions, "retry": actions["restart"]})
            return
        self._follow(job, entry.id)
        self.job.look()

    def _follow(self, job: Job, model: str) -> None:
        refetch = job.config.get("task") == REFETCH
        self.state = State.BUSY
        known = Catalogue.load(self.context.workspace).entries.get(model)  # a job's folder may name anything
        self._show_about(known.title if known is not None else model)

        def over(state: JobState) -> None:
            self.state = State.READY
            if state is JobState.FINISHED:
                show(self.job, False)
                if not refetch or model == self.context.model:
                    self._use(model)

        self.job.follow(job, over=over, actions=self._error_actions(model, refetch=refetch))

    def _error_actions(self, model: str, *, refetch: bool = False) -> dict[str, Callable[[], None]]:
        """Return what the buttons of error cards do, by action."""

        def again() -> None:
            entry = Catalogue.load(self.context.workspace).entry_for(model)
            self._bring(entry, refetch=True) if refetch else self._clicked(entry)

        def retry() -> None:
            self.run_guarded(again)

        return {
            "accept-licence": retry,
            "hub-token": lambda: self._ask_token(retry),
            "choose-model": self._show_all,
            "smaller": self._show_all,
            "ask-hub": lambda: self._inquire(model),
            "restart": retry,
        }

    def _ask_token(self, then: Callable[[], None]) -> None:
        self._after_token = then
        show(self.token_row, True)

    def _save_token(self) -> None:
        save_token(self.context.workspace, self.token.value)
        self.token.value = ""
        show(self.token_row, False)
        self._after_token()

    def _inquire(self, name: str = "") -> None:
        """Ask the Hub for the licence and the size of a model (the typed one), in a job: the page has no network."""
        self.clear_error()
        try:
            entry = Catalogue.load(self.context.workspace).entry_for(name or self.other.name)
            if entry.parameters:
                self._show_about(_("{model} ya está en la lista: es la primera tarjeta.").format(model=entry.title))
                self._show_one(entry.id)
                return
            job = start_inquiry(self.context.workspace, entry.id)
        except (PoetasError, OSError) as error:
            actions = {"choose-model": self._show_all, "smaller": self._show_all}
            self.fail(self.context.explain_error(error), {**actions, "retry": lambda: self._inquire(name)})
            return
        self.state = State.BUSY
        self._show_about(_("Le pregunto a Hugging Face por {model}.").format(model=entry.id))

        def over(state: JobState) -> None:
            self.state = State.READY
            if state is JobState.FINISHED:
                show(self.job, False)
                self._show_about(_("{model} está en la primera tarjeta.").format(model=entry.title))
                self._show_one(entry.id)

        self.job.follow(job, over=over, actions=self._error_actions(entry.id))
        self.job.look()

    def _show_about(self, sentence: str) -> None:
        show(self.about, sentence)
        self.about.value = tag("p", text(sentence), role="status") if sentence else ""

    def _show_one(self, model: str) -> None:
        self._make_cards()
        self._cards.sort(key=lambda card: card.entry.id != model)
        self.grid.children = tuple(self._cards)
        self.draw()

    def _reattach(self) -> None:
        """Show a download that was running when the page was opened."""
        job = Job.latest(self.context.workspace.jobs, "fetch")
        if job is not None and not job.state.over and isinstance(job.config.get("model"), str):
            self._follow(job, job.config["model"])
