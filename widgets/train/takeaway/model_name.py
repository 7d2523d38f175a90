"""Name that the learner gives to a trained model: one for the page's steps, saved for the training in use."""

from __future__ import annotations

from typing import Any

from ipywidgets import Text
from traitlets import Unicode, link, observe

from poetas.i18n import _
from widgets.core.event_guards import UpdateGuard
from widgets.core.page_context import PageContext
from widgets.train.takeaway.training_value import TrainingValue

NAME = "model_name"  # in the state of the training


class ModelName(TrainingValue):
    """The name of the model of the training in use, "" before it has one; what sets it saves it."""

    value = Unicode()

    def __init__(self, context: PageContext) -> None:
        self._recalling = UpdateGuard()
        super().__init__(context)

    def box(self) -> Text:
        """Return a text box for it; what is typed into one box stands in all of them."""
        box = Text(description=_("¿Cómo se llama tu modelo?"), continuous_update=False)
        link((self, "value"), (box, "value"))
        return box

    def recall(self) -> None:
        """Read the name of the training in use."""
        with self._recalling:
            self.value = str(self._context.dataset_state.get(NAME) or "")

    @observe("value")
    def _save(self, change: Any) -> None:
        if not self._recalling:
            self._context.dataset_state.save(**{NAME: change.new})
