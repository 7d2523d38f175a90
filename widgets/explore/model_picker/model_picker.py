"""Model picker («Elegí un modelo»): cards of the catalogue's models; a click fetches one and uses it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Unicode

from poetas.course.class_plan import current_plan
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.jobs import Job
from poetas.models.catalogue import Catalogue
from poetas.models.entry import ModelEntry, format_parameters
from poetas.models.fetch import accept_licence, licence_accepted, start_fetch, start_inquiry
from poetas.models.fetch_request import REFETCH
from poetas.models.model_store import is_ready
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.focus import focus
from widgets.core.html import tag, text
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import CHOSEN_IN, PageContext
from widgets.explore.model_picker.fetch_status import FetchStatus
from widgets.explore.model_picker.hub_box import HubBox
from widgets.explore.model_picker.hub_token import HubToken
from widgets.explore.model_picker.licence_question import LicenceQuestion
from widgets.explore.model_picker.model_grid import ModelGrid


class ModelPicker(Component):
    """Cards of the available models; the chosen one is fetched if it is not here yet.

    value: id of the model in use, "" while there is none (the same as the context's).
    """

    recipe: ClassVar[str] = "modelo"
    value = Unicode()

    def __init__(self, context: PageContext | None = None) -> None:
        super().__init__(context)
        self.context.observe(lambda _change: self.draw(), "model")
        self._reattach()

    def build(self) -> Sequence[Widget]:
        """Make the cards, the licence question, the box for another model and the job card."""
        self.grid = ModelGrid(
            self.context,
            pick=self.unless_busy(self._clicked),
            again=self.unless_busy(lambda entry: self._bring(entry, refetch=True)),
        )
        self.more = make_button(_("Ver más modelos"))
        on_click(self.more, self._show_all)
        self.other = HubBox(ask=self.unless_busy(self._inquire), edited=self.clear_error)
        self.licence = LicenceQuestion(yes=lambda: self.run_guarded(self._accepted), no=self._refused)
        self.token = HubToken(self.context.workspace)
        self.on_click(self.token.button, partial(self.run_guarded, self.token.save))
        self.status = FetchStatus(self.context.poller, self._running)
        self.about, self.job = self.status.about, self.status.job
        self.licence.close_question()
        self.origin = html("")
        return (self.origin, self.grid, self.more, self.other, self.licence, self.token, self.about, self.job)

    def refresh(self) -> None:
        """Draw the cards."""
        self.draw()

    def clear_error(self) -> None:
        """Remove the error cards, also that of a failed job, so that one is shown at a time."""
        super().clear_error()
        if self.state is not State.BUSY:
            self.status.drop_failed()

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return model_values(self.context)

    def seen(self) -> str:
        """Return which model was chosen, and how many numbers it is made of."""
        entry = chosen_model(self.context)
        if entry is None or not entry.parameters:
            return ""
        words = _("Elegiste {title}: {parameters}, y ya están en esta máquina.")
        return words.format(title=entry.title, parameters=format_parameters(entry.parameters))

    def draw(self) -> None:
        """Draw the cards, and what is beside them."""
        busy = self.state is State.BUSY
        self.grid.draw(busy=busy)
        self.value = self.context.model
        self.origin.value = _origin(self.context)
        show(self.origin, self.origin.value)
        show(self.more, not self.grid.whole)
        show(self.other, self.grid.whole and not current_plan().models)
        self.other.search.disabled = busy
        if self.context.model and is_ready(self.context.workspace, self.context.model):
            self.done = True

    def _show_all(self) -> None:
        self.grid.make(whole=True)
        self.draw()

    def _clicked(self, entry: ModelEntry) -> None:
        self.clear_error()
        if is_ready(self.context.workspace, entry.id):
            whole = self.grid.whole
            self._use(entry.id)
            # The button that was clicked is gone; a download that ends leaves the focus where it is.
            if whole and not self.grid.whole:
                focus(self.more)
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
        self.status.say("")
        self.context.choose_model(model)
        self.state = State.DONE
        self.context.services.warm(self.context.model)
        if self.grid.whole:  # the long list closes again; the model that was chosen keeps its card
            self.grid.make(whole=False)
        self.draw()

    def _refused(self) -> None:
        pending = self.licence.pending
        self.licence.close_question()
        if pending is not None:  # return the focus to the button that asked, because the one that had it is gone
            self.grid.focus(pending[0].id, again=pending[1])

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

    def _running(self, running: bool) -> None:  # noqa: FBT001
        self.state = State.BUSY if running else State.READY

    def _follow(self, job: Job, model: str) -> None:
        refetch = job.config.get("task") == REFETCH
        known = Catalogue.load(self.context.workspace).entries.get(model)  # a job's folder may name anything

        def finished() -> None:
            if not refetch or model == self.context.model:
                self._use(model)

        title = known.title if known is not None else model
        self.status.follow(job, title, finished=finished, actions=self._error_actions(model, refetch=refetch))

    def _error_actions(self, model: str, *, refetch: bool = False) -> dict[str, Callable[[], None]]:
        """Return what the buttons of error cards do, by action."""

        def again() -> None:
            entry = Catalogue.load(self.context.workspace).entry_for(model)
            self._bring(entry, refetch=True) if refetch else self._clicked(entry)

        def retry() -> None:
            self.run_guarded(again)

        return {
            "accept-licence": retry,
            "hub-token": lambda: self.token.ask(retry),
            "choose-model": self._show_all,
            "smaller": self._show_all,
            "ask-hub": lambda: self._inquire(model),
            "restart": retry,
        }

    def _inquire(self, name: str = "") -> None:
        """Ask the Hub for the licence and the size of a model (the typed one), in a job: the page has no network."""
        self.clear_error()
        try:
            entry = Catalogue.load(self.context.workspace).entry_for(name or self.other.name)
            if entry.parameters:
                self._show_one(entry, already=True)
                return
            job = start_inquiry(self.context.workspace, entry.id)
        except (PoetasError, OSError) as error:
            actions = {"choose-model": self._show_all, "smaller": self._show_all}
            self.fail(self.context.explain_error(error), {**actions, "retry": lambda: self._inquire(name)})
            return
        about = _("Le pregunto a Hugging Face por {model}.").format(model=entry.id)
        listed = partial(self._show_one, entry, already=False)
        self.status.follow(job, about, finished=listed, actions=self._error_actions(entry.id))
        self.job.look()

    def _show_one(self, entry: ModelEntry, *, already: bool) -> None:
        self.status.say_listed(entry.title, already=already)
        self.grid.make(first=entry.id)
        self.draw()

    def _reattach(self) -> None:
        """Show a download that was running when the page was opened."""
        job = Job.latest(self.context.workspace.jobs, "fetch")
        if job is not None and not job.state.over and isinstance(job.config.get("model"), str):
            self._follow(job, job.config["model"])


def _origin(context: PageContext) -> str:
    """Say that the model in use was chosen in app 3, "" where it was not."""
    if not context.model or context.state().get(CHOSEN_IN) != "entrenar":
        return ""
    words = _("El que está en uso lo elegiste en la app 3: es el mismo en las tres. Si acá elegís otro, cambia allá.")
    return tag("p", text(words), class_="notice", role="status")
