"""Notice of a training of the dataset in use with another model, and a button that chooses that model."""

from __future__ import annotations

from pathlib import Path

from ipywidgets import VBox

from poetas.i18n import _
from poetas.jobs import Job
from poetas.models.model_store import model_folder, record_of
from widgets.core.elements import html, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext


class TrainingWithOtherModel(VBox):
    """Shown where the model in use has no training of these texts, and another one has."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context, self._model = context, ""
        self.words, self.choose = html(""), make_button("")
        on_click(self.choose, self._choose)
        self.children = (self.words, self.choose)

    def draw(self, job: Job | None) -> None:
        """Say which model was trained, and offer it. job: its training, None where there is nothing to say."""
        show(self, job is not None)
        if job is None:
            return
        folder = Path(str(job.config.get("model", "")))
        record = record_of(folder)
        self._model = record.entry.id if record is not None else ""
        here = bool(self._model) and model_folder(self._context.workspace, self._model) == folder
        title = record.entry.title if record is not None else folder.name
        words = _("Con estos textos ya entrenaste {model}.").format(model=title)
        if not here:
            words += " " + _("Ese modelo ya no está en esta máquina.")
        self.words.value = tag("p", text(words), class_="notice")
        self.choose.description = _("Volver a {model} y ver ese entrenamiento").format(model=title)
        show(self.choose, here)

    def _choose(self) -> None:
        self._context.model = self._model
