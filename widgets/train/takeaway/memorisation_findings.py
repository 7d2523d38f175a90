"""Result of the check of what the training in use recites: one for the steps of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traitlets import Dict

from poetas.evaluation.memorisation.memorisation_words import headline, sentences
from poetas.export.export_request import memorised_of
from widgets.train.dataset_records import adapter_in_use
from widgets.train.takeaway.training_value import TrainingValue


class MemorisationFindings(TrainingValue):
    """The result of the latest finished check, {} before there is one; nothing leaves the page without it."""

    value = Dict()

    def recall(self) -> None:
        """Read the latest check of the training in use; one of another version is no check."""
        adapter = adapter_in_use(self._context)
        result: Mapping[str, Any] = {} if adapter is None else memorised_of(adapter.parent)
        try:
            headline(result), sentences(result), result["recited"], result["data"]
        except (KeyError, TypeError, ValueError):
            result = {}
        self.value = dict(result)
