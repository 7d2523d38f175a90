"""Grid of model cards: the catalogue's first models and those with a folder here, or all of them."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox

from poetas import environment
from poetas.course.class_plan import current_plan
from poetas.models.catalogue import DEFAULT, Catalogue
from poetas.models.entry import ModelEntry
from poetas.models.model_store import is_ready, model_folder
from widgets.core.elements import look
from widgets.core.focus import focus
from widgets.core.page_context import PageContext
from widgets.explore.model_picker.model_option import ModelOption

INITIAL = 2  # cards shown before «Ver más modelos»


class ModelGrid(VBox):
    """One card a model.

    whole: whether every model of the catalogue has a card. cards: in the order in which they are shown.

    pick, again: called with the model whose button was clicked, to use or fetch it, or to fetch it again.
    """

    def __init__(
        self, context: PageContext, *, pick: Callable[[ModelEntry], None], again: Callable[[ModelEntry], None]
    ) -> None:
        super().__init__((), **look("grid"))
        self._context, self._pick, self._again = context, pick, again
        self.whole = False
        self.cards: list[ModelOption] = []
        self.make()

    def make(self, *, first: str = "", whole: bool | None = None) -> None:
        """Make the cards from the catalogue as it is now.

        first: id of the model whose card leads, "" for its order. whole: whether every model has a card from now on,
        None for as before.
        """
        self.whole = self.whole if whole is None else whole
        plan = current_plan()
        listed, used = Catalogue.load(self._context.workspace), self._context.model
        entries = [entry for entry in listed if plan.offers_model(entry.id) or entry.id == used]
        self.whole = self.whole or bool(plan.models)  # a class sees all of its models, and no way to others
        here = [entry for entry in entries if self._has_folder(entry)]
        shown = entries if self.whole else [*entries[:INITIAL], *(e for e in here if e not in entries[:INITIAL])]
        self.cards = [
            ModelOption(entry, on_pick=self._pick, on_again=self._again, default=entry.id == DEFAULT) for entry in shown
        ]
        if first:
            self.cards.sort(key=lambda card: card.entry.id != first)
        self.children = tuple(self.cards)

    def draw(self, *, busy: bool) -> None:
        """Draw on every card whether the model is here, in use, and fits in the free memory."""
        free = environment.machine(self._context.workspace.root).memory_free
        for card in self.cards:
            ready = is_ready(self._context.workspace, card.entry.id)
            chosen = ready and card.entry.id == self._context.model
            card.draw(ready=ready, chosen=chosen, memory_free=free, busy=busy, broken=self._has_folder(card.entry))

    def focus(self, model: str, *, again: bool) -> None:
        """Move the focus to a card's button: the one that fetches again, or the main one."""
        for card in self.cards:
            if card.entry.id == model:
                focus(card.again if again else card.button)

    def _has_folder(self, entry: ModelEntry) -> bool:
        """Whether a model has a folder, complete or not."""
        return model_folder(self._context.workspace, entry.id).is_dir()
