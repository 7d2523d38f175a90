"""Name that the learner gives to a trained model: one for the page's steps, saved for the training in use."""

from __future__ import annotations

from typing import Any

from ipywidgets import Text
from traitlets import HasTraits, Unicode, link, observe

from poetas.i18n import _
from widgets.core.event_guards import UpdateGuard
from widgets.core.page_context import PageContext

NAME = "model_name"  # in the state of the training


class ModelName(HasTraits):
    """The name of the model of the training in use, "" before it has one; what sets it saves it."""

    value = Unicode()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context, self._recalling = context, UpdateGuard()
        context.observe(lambda _change: self._recall(), ["dataset", "model", "training", "project"])
        self._recall()

    @classmethod
    def of(cls, context: PageContext) -> ModelName:
        """Return the page's name of the model in use."""
        return context.shared(cls, cls)

    def box(self) -> Text:
        """Return a text box for it; what is typed into one box stands in all of them."""
        box = Text(description=_("¿Cómo se llama tu modelo?"), continuous_update=False)
        link((self, "value"), (box, "value"))
        return box

    def _recall(self) -> None:
        with self._recalling:
            self.value = str(self._context.dataset_state.get(NAME) or "")

    @observe("value")
    def _save(self, change: Any) -> None:
        if not self._recalling:
            self._context.dataset_state.save(**{NAME: change.new})
