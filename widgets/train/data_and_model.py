"""Data and model («¿Con qué trabajamos?»): dataset and model chosen from cards, and whether training fits in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Dict

from poetas import environment
from poetas.course.class_plan import current_plan
from poetas.data.pipeline.pipeline_errors import DatasetBroken
from poetas.data.service.answers import SavedAnswer
from poetas.data.storage.dataset_record import read_record
from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.data.storage.samples import SampleDataset
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number, size
from poetas.models.catalogue import DEFAULT
from poetas.models.entry import ModelEntry, format_parameters
from poetas.models.model_store import ready_models
from widgets.controls.choice_card import ChoiceCard
from widgets.controls.language_notice import language_notice
from widgets.controls.previews import figures
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button
from widgets.core.html import tag, text
from widgets.core.note_conditions import chosen_model, dataset_language
from widgets.core.page_context import PageContext
from widgets.train.dataset_cards import DatasetCards
from widgets.train.dataset_records import dataset_in_use


class DataAndModel(Component):
    """Cards of the prepared datasets and of the models that are here, with a notice whether training fits in memory.

    value: {"dataset": folder, "model": id} once both are chosen and on the disk, else {}.
    """

    recipe: ClassVar[str] = "conjunto"
    value = Dict()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._activity = ""
        super().__init__(context)
        self.context.observe(lambda _change: self.refresh(), ["dataset", "model", "project"])

    def build(self) -> Sequence[Widget]:
        """Make the two groups of cards, and the summary of the choice."""
        self.texts_heading = html("")
        self.texts = DatasetCards(self.context, use=self._use, prepare=self.unless_busy(self._prepare))
        self.status = html("")
        self.model_heading = html("")
        self.models = column_of((), "grid")
        self.again = make_button(_("Mirar de nuevo qué hay"), "link")
        self.on_click(self.again, self._look_again)
        self.summary = html("")
        return (self.texts_heading, self.texts, self.status, self.model_heading, self.models, self.summary, self.again)

    def refresh(self) -> None:
        """Draw the cards and the summary."""
        busy = self.state is State.BUSY
        plan = current_plan()
        work, here = dataset_in_use(self.context), ready_models(self.context.workspace)
        ready = [entry for entry in here if plan.offers_model(entry.id) or entry.id == self.context.model]
        model = next((entry for entry in ready if entry.id == self.context.model), None)
        self.texts.draw(self.texts_heading, work, busy=busy)
        self._draw_models(model, ready, busy=busy)
        self.status.value = tag("p", text(self._activity), class_="soft", role="status") if busy else ""
        self.again.disabled = busy
        broken = "" if work is None else _unusable(work)
        self.summary.value = broken or self._sentence(work, model, ready)
        work = None if broken else work
        both = work is not None and model is not None
        self.value = {"dataset": str(work.folder), "model": model.id} if work and model else {}
        self.done = both
        if not busy:
            self.state = State.DONE if both else State.READY

    def _look_again(self) -> None:
        self.context.relocate_dataset()
        self.refresh()

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        work = dataset_in_use(self.context)
        return {"DATASET": str(work.folder)} if work else {}

    def seen(self) -> str:
        """Return which model is to study how many texts."""
        model = chosen_model(self.context)
        work = dataset_in_use(self.context)
        if work is None or model is None:
            return ""
        words = ngettext(
            "{title} va a estudiar {n} texto de «{name}».",
            "{title} va a estudiar {n} textos de «{name}».",
            work.counts["train"],
        )
        return words.format(title=model.title, n=number(work.counts["train"]), name=work.name)

    # -- the texts

    def _use(self, work: DatasetSummary) -> None:
        def use() -> None:
            read_record(work.folder)  # else a record of another version is refused where it is first worked with
            self.context.dataset = str(work.folder)

        self.run_guarded(use)

    def _prepare(self, sample: SampleDataset) -> None:
        """Read, map, split and save a sample: what app 2 does in six steps, with default choices."""
        self.clear_error()
        self._activity = _("Preparo el ejemplo: lo leo, lo reparto en tres y lo guardo…")
        self.state = State.BUSY
        parent = str(self.context.project.datasets)

        def failed(problem: Explanation) -> None:
            self.fail(
                problem, {"retry": lambda: self._prepare(sample), "restart-service": lambda: self._prepare(sample)}
            )

        def saved(answer: SavedAnswer) -> None:
            self.texts.replace(sample, answer["folder"])
            self.state = State.READY
            self.context.dataset = answer["folder"]

        preparation, roots = self.context.services.preparation, [str(self.context.workspace.root)]

        def prepare() -> SavedAnswer:
            answer = preparation.read(str(sample.path), roots=roots)
            preparation.map(**answer["mapping"])
            return preparation.save_by_default(parent, sample.name)

        self.context.services.ask(prepare, done=saved, failed=failed)

    # -- the model

    def _draw_models(self, chosen: ModelEntry | None, ready: Sequence[ModelEntry], *, busy: bool) -> None:
        self.models.children = tuple(self._model_card(entry, chosen=entry is chosen, busy=busy) for entry in ready)
        words = _("Estos ya están en esta máquina. El que uses acá es también el de las apps 1 y 2. Para traer otro:")
        if not ready:
            words = _("Todavía no hay ninguno en esta máquina. Traelo en la app 1 y volvé.")
        link = tag("a", text(_("Elegí un modelo")), href="1_conocer.ipynb#modelo")
        title = tag("h3", text(_("El modelo")), id="modelo")  # target of the notice of a missing model
        self.model_heading.value = title + tag("p", f"{text(words)} {link}.")

    def _model_card(self, entry: ModelEntry, *, chosen: bool, busy: bool) -> ChoiceCard:
        need = _("{many}. Entrenarlo pide unos {memory} de memoria.")
        need = need.format(many=format_parameters(entry.parameters), memory=size(entry.memory_train))
        words = tag("p", text(_(entry.summary))) + tag("p", text(need), class_="soft")
        verb = _("Usar {title}").format(title=entry.title)
        main = not self.context.model and bool(self.context.dataset)
        card = ChoiceCard(entry.title, words, verb=verb, pick=lambda: self._choose(entry), level=4)
        return card.mark(chosen=chosen, main=main, busy=busy)

    def _choose(self, entry: ModelEntry) -> None:
        self.clear_error()
        self.context.choose_model(entry.id)

    # -- the summary

    def _sentence(self, work: DatasetSummary | None, model: ModelEntry | None, ready: Sequence[ModelEntry]) -> str:
        if work is None and self.context.dataset:
            words = _("El conjunto que usabas ya no está en su carpeta. Elegí otro.")
            return tag("p", text(words), class_="notice care", role="status")
        if work is None or model is None:
            words = _("Elegí unos textos y un modelo, y te digo si entran en esta máquina.")
            return tag("p", text(words), class_="soft")
        free = environment.machine(self.context.workspace.root).memory_free
        values = {
            ngettext("texto para estudiar", "textos para estudiar", work.counts["train"]): number(work.counts["train"]),
            _("para el simulacro"): number(work.counts["validation"]),
            _("para el examen"): number(work.counts["test"]),
            _("de memoria libre"): size(free),
        }
        spoken = dataset_language(str(work.folder))
        where = _("que se trae en la app 1")
        if any(entry.id == DEFAULT for entry in ready):
            where = _("que ya está acá, en una de las tarjetas")
        foreign = language_notice(model, spoken, _("los textos de este conjunto están"), where)
        return figures(values) + foreign + _memory_notice(model, free, ready)


def _unusable(work: DatasetSummary) -> str:
    """Say why the dataset in use cannot be worked with, "" where its record can be read whole."""
    try:
        read_record(work.folder)
    except DatasetBroken as error:
        problem = error.explanation
        return tag("p", text(f"{problem.what} {problem.why} {problem.remedy}"), class_="notice care", role="status")
    return ""


def _memory_notice(model: ModelEntry, free: int, ready: Sequence[ModelEntry]) -> str:
    need = {"title": model.title, "need": size(model.memory_train), "free": size(free)}
    if model.memory_train <= free:
        words = _("Entra: entrenar {title} pide unos {need} y acá hay {free} libres.").format(**need)
        return tag("p", text(words), class_="notice", role="status")
    words = _("No entra: entrenar {title} con las perillas de siempre pide unos {need}, y acá hay {free} libres.")
    sentence = words.format(**need)
    smaller = [entry.title for entry in ready if entry.memory_train <= free]
    if smaller:
        sentence += " " + _("{title} sí entra.").format(title=smaller[0])
    sentence += " " + _("En «Las perillas» te digo qué se puede achicar.")
    return tag("p", text(sentence), class_="notice care", role="status")
