"""Cards of the prepared datasets of the project and of the examples that one click prepares."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import HTML, VBox

from poetas.course.class_plan import current_plan
from poetas.data.storage.dataset_summary import DatasetSummary, prepared
from poetas.data.storage.samples import SampleDataset, samples
from poetas.i18n import _
from widgets.controls.choice_card import ChoiceCard
from widgets.controls.sample_card import sample_card
from widgets.core.elements import look
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext

OFFERED = ("noticias", "coplas")  # samples that are prepared with one click


class DatasetCards(VBox):
    """The cards. use: called with a prepared dataset; prepare: with an example."""

    def __init__(
        self, context: PageContext, *, use: Callable[[DatasetSummary], None], prepare: Callable[[SampleDataset], None]
    ) -> None:
        super().__init__(**look("grid"))
        self._context, self._use, self._prepare = context, use, prepare
        self._places: list[str] = []  # of the cards as they were drawn last: datasets' folders, examples' names

    def draw(self, heading: HTML, work: DatasetSummary | None, *, busy: bool) -> None:
        """Draw the cards, with their heading. work: the dataset in use."""
        here = prepared(self._context.project)
        cards = {
            str(dataset.folder): self._prepared_card(
                dataset, chosen=work is not None and dataset.folder == work.folder, busy=busy
            )
            for dataset in here
        }
        known = {dataset.source for dataset in here}
        offered = current_plan().samples or OFFERED
        cards |= {
            sample.name: self._sample_card(sample, main=not here and sample.name == offered[0], busy=busy)
            for sample in samples()
            if sample.name in offered and sample.path.name not in known
        }
        # A card stays where it was drawn first: one that is used does not leave another below the pointer.
        self._places = sorted(cards, key=lambda name: self._places.index(name) if name in self._places else -1)
        self.children = tuple(cards[name] for name in self._places)
        if here:
            words = text(
                _("Estos son los textos que preparaste en este proyecto. Para preparar otros, andá a la app 2.")
            )
        else:
            words = text(
                _("Todavía no preparaste ninguno. Podés empezar con un ejemplo, o preparar el tuyo en la app 2.")
            )
        link = tag("a", text(_("Prepará tus datos")), href="2_preparar.ipynb")
        heading.value = tag("h3", text(_("Los textos"))) + tag("p", f"{words} {link}.")

    def replace(self, example: SampleDataset, folder: str) -> None:
        """Let the dataset that was made of an example take its place."""
        self._places = [folder if name == example.name else name for name in self._places]

    def _prepared_card(self, work: DatasetSummary, *, chosen: bool, busy: bool) -> ChoiceCard:
        about = _("Para que escriba con ese estilo.") if work.style else _("Para enseñarle a resumir.")
        words = tag("p", text(about)) + tag("p", text(work.sizes), class_="soft")
        verb = _("Usar «{name}»").format(name=work.name)
        title = next((sample.title for sample in samples() if sample.name == work.name), work.name)
        card = ChoiceCard(title, words, verb=verb, pick=lambda: self._use(work), level=4)
        return card.mark(chosen=chosen, busy=busy)

    def _sample_card(self, sample: SampleDataset, *, main: bool, busy: bool) -> ChoiceCard:
        about = {
            "summary": _("Un ejemplo ya listo: noticias cortas, cada una con su resumen."),
            "style": _("Un ejemplo ya listo: coplas de una misma voz, para que escriba parecido."),
        }[sample.task]
        verb = _("Usar el ejemplo {name}").format(name=sample.name)
        words = tag("p", text(about)) + tag("p", text(sample.origin), class_="soft")
        words += sample_card(sample, level=5)
        card = ChoiceCard(sample.title, words, verb=verb, pick=lambda: self._prepare(sample), level=4)
        return card.mark(main=main, busy=busy)
