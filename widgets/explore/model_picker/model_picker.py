"""«Elegí un modelo»: cards with languages, size, licence and memory; one click brings the default here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from ipywidgets import Button, HBox, Password, VBox, Widget
from traitlets import Unicode

from poetas import environment
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.jobs import Job, JobState
from poetas.models.cache import is_ready, model_folder
from poetas.models.catalogue import DEFAULT, Catalogue
from poetas.models.entry import ModelEntry
from poetas.models.fetch import accept_licence, licence_accepted, save_token, start_fetch, start_inquiry
from poetas.models.fetch_request import ANEW
from widgets.controls.job_card import JobCard
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.focus import focus
from widgets.core.html import html, tag, text
from widgets.core.page_context import PageContext
from widgets.explore.model_picker.hub_box import HubBox
from widgets.explore.model_picker.licence_question import LicenceQuestion
from widgets.explore.model_picker.model_card import ModelCard

AT_FIRST = 2  # cards shown before «Ver más modelos»


class ModelPicker(Component):
    """Cards of the models there are; the chosen one is fetched if it is not here yet.

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
        self.shelf = VBox(())
        self.shelf.add_class("grid")
        self.more = Button(description=_("Ver más modelos"))
        self.more.on_click(lambda _button: self._show_all())
        self.other = HubBox(ask=self._inquire, edited=self.clear_error)
        self.licence = LicenceQuestion(yes=lambda: self.run_guarded(self._accepted), no=self._refused)
        self.token = Password(description=_("Tu clave de Hugging Face"), placeholder="hf_…")
        self.keep = Button(description=_("Guardar la clave y volver a intentar"))
        self.keep.on_click(lambda _button: self.run_guarded(self._keep_token))
        self.token_row = HBox((self.token, self.keep))
        self.token_row.add_class("row")
        self.token_row.layout.display = "none"
        self.about = html("", "poetas-about")  # what the job below is about
        self.job = JobCard(self.context.poller)
        self._all = False
        self._say("")
        self.licence.close_question()
        self._fill()
        return (self.shelf, self.more, self.other, self.licence, self.token_row, self.about, self.job)

    def refresh(self) -> None:
        """Draw the cards as things are now."""
        self.draw()

    def clear_error(self) -> None:
        """Take the error cards away, that of a job that failed as well: one at a time."""
        super().clear_error()
        if self.job.alert.problem is not None and self.state is not State.BUSY:
            self.job.leave()
            self._say("")

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return model_values(self.context)

    def draw(self) -> None:
        """Say on every card whether the model is here, in use, and fits in the memory that is free now."""
        free = environment.machine(self.context.workspace.root).memory_free
        busy = self.state is State.BUSY
        for card in self._cards:
            ready = is_ready(self.context.workspace, card.entry.id)
            chosen = ready and card.entry.id == self.context.model
            card.draw(ready=ready, chosen=chosen, memory_free=free, busy=busy, broken=self._lies_here(card.entry))
        self.value = self.context.model
        self.more.layout.display = "none" if self._all else ""
        self.other.layout.display = "" if self._all else "none"
        self.other.look.disabled = busy
        if self.context.model and is_ready(self.context.workspace, self.context.model):
            self.done = True

    def _fill(self) -> None:
        entries = list(Catalogue.load(self.context.workspace))
        here = [entry for entry in entries if self._lies_here(entry)]
        shown = entries if self._all else [*entries[:AT_FIRST], *(e for e in here if e not in entries[:AT_FIRST])]
        self._cards = [
            ModelCard(
                entry,
                on_click=self._clicked,
                on_again=lambda entry: self._bring(entry, anew=True),
                default=entry.id == DEFAULT,
            )
            for entry in shown
        ]
        self.shelf.children = tuple(self._cards)

    def _lies_here(self, entry: ModelEntry) -> bool:
        """Whether there is a folder of a model, whole or not."""
        return model_folder(self.context.workspace, entry.id).is_dir()

    def _show_all(self) -> None:
        self._all = True
        self._fill()
        self.draw()

    def _clicked(self, entry: ModelEntry) -> None:
        self.clear_error()
        if is_ready(self.context.workspace, entry.id):
            self._use(entry.id)
        else:
            self._bring(entry)

    def _bring(self, entry: ModelEntry, *, anew: bool = False) -> None:
        """Fetch a model, once its licence is accepted. anew: one that is here; it stays until the new one is whole."""
        self.clear_error()
        if entry.must_accept and not licence_accepted(self.context.workspace, entry.id):
            self.licence.ask(entry, anew=anew)
        else:
            self._fetch(entry, anew=anew)

    def _use(self, model: str) -> None:
        self.licence.close_question()
        self._say("")
        self.context.model = model
        self.state = State.DONE
        self.context.services.warm(self.context.model)
        self.draw()

    def _refused(self) -> None:
        wanted = self.licence.wanted
        self.licence.close_question()
        for card in self._cards:  # the button that asked takes the focus back: the one that had it is gone
            if wanted is not None and card.entry.id == wanted[0].id:
                focus(card.again if wanted[1] else card.button)

    def _accepted(self) -> None:
        if self.licence.wanted is not None:
            entry, anew = self.licence.wanted
            accept_licence(self.context.workspace, entry.id)  # the question stays until the answer is written down
            self.licence.close_question()
            self._fetch(entry, anew=anew)

    def _fetch(self, entry: ModelEntry, *, anew: bool) -> None:
        self.licence.close_question()  # a question about another model would seem to be about this one
        try:
            job = start_fetch(self.context.workspace, entry.id, anew=anew)
        except (PoetasError, OSError) as error:
            ways = self._ways_out(entry.id, anew=anew)
            self.fail(self.context.explain_error(error), {**ways, "retry": ways["restart"]})
            return
        self._follow(job, entry.id)
        self.job.look()

    def _follow(self, job: Job, model: str) -> None:
        anew = job.config.get("task") == ANEW
        self.state = State.BUSY
        known = Catalogue.load(self.context.workspace).entries.get(model)  # a job's folder may name anything
        self._say(known.title if known is not None else model)

        def over(state: JobState) -> None:
            self.state = State.READY
            if state is JobState.FINISHED:
                self.job.layout.display = "none"
                if not anew or model == self.context.model:
                    self._use(model)

        self.job.follow(job, over=over, actions=self._ways_out(model, anew=anew))

    def _ways_out(self, model: str, *, anew: bool = False) -> dict[str, Callable[[], None]]:
        """What the button of a failed job's card does."""

        def again() -> None:
            entry = Catalogue.load(self.context.workspace).entry_for(model)
            self._bring(entry, anew=True) if anew else self._clicked(entry)

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
        self.token_row.layout.display = ""

    def _keep_token(self) -> None:
        save_token(self.context.workspace, self.token.value)
        self.token.value = ""
        self.token_row.layout.display = "none"
        self._after_token()

    def _inquire(self, name: str = "") -> None:
        """Ask the Hub for the licence and the size of a model (the typed one), in a job: this page has no network."""
        self.clear_error()
        try:
            entry = Catalogue.load(self.context.workspace).entry_for(name or self.other.name)
            if entry.parameters:
                self._say(_("{model} ya está en la lista: es la primera tarjeta.").format(model=entry.title))
                self._show_one(entry.id)
                return
            job = start_inquiry(self.context.workspace, entry.id)
        except (PoetasError, OSError) as error:
            ways = {"choose-model": self._show_all, "smaller": self._show_all}
            self.fail(self.context.explain_error(error), {**ways, "retry": lambda: self._inquire(name)})
            return
        self.state = State.BUSY
        self._say(_("Le pregunto a Hugging Face por {model}.").format(model=entry.id))

        def over(state: JobState) -> None:
            self.state = State.READY
            if state is JobState.FINISHED:
                self.job.layout.display = "none"
                self._say(_("{model} está en la primera tarjeta.").format(model=entry.title))
                self._show_one(entry.id)

        self.job.follow(job, over=over, actions=self._ways_out(entry.id))
        self.job.look()

    def _say(self, words: str) -> None:
        self.about.layout.display = "" if words else "none"
        self.about.value = tag("p", text(words), role="status") if words else ""

    def _show_one(self, model: str) -> None:
        self._fill()
        self._cards.sort(key=lambda card: card.entry.id != model)
        self.shelf.children = tuple(self._cards)
        self.draw()

    def _reattach(self) -> None:
        """Show a download that goes on since before the page was opened."""
        job = Job.latest(self.context.workspace.jobs, "fetch")
        if job is not None and not job.state.over and isinstance(job.config.get("model"), str):
            self._follow(job, job.config["model"])
