"""Result of the check of what the training in use recites: one for the steps of a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from traitlets import Dict, HasTraits

from poetas.evaluation.memorisation.memorisation_words import headline, sentences
from poetas.export.export_request import memorised_of
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use


class MemorisationFindings(HasTraits):
    """The result of the latest finished check, {} before there is one; nothing leaves the page without it."""

    value = Dict()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        context.observe(lambda _change: self.recall(), ["dataset", "model", "training", "project"])
        self.recall()

    @classmethod
    def of(cls, context: PageContext) -> MemorisationFindings:
        """Return the page's findings for the training in use."""
        return context.shared(cls, cls)

    def recall(self) -> None:
        """Read the latest check of the training in use; one of another version is no check."""
        adapter = adapter_in_use(self._context)
        result: Mapping[str, Any] = {} if adapter is None else memorised_of(Path(adapter).parent)
        try:
            headline(result), sentences(result), result["recited"], result["data"]
        except (KeyError, TypeError, ValueError):
            result = {}
        self.value = dict(result)
