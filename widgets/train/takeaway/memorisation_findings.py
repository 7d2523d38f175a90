"""Result of the check of what the training in use recites: one for the steps of a page."""

from __future__ import annotations

from traitlets import Dict

from poetas.errors import Explanation
from poetas.evaluation.memorisation.memorisation_result import CheckUnreadable
from poetas.export.export_request import memorised_of
from widgets.train.dataset_records import adapter_in_use
from widgets.train.takeaway.training_value import TrainingValue


class MemorisationFindings(TrainingValue):
    """The result of the latest finished check, {} before there is one; nothing leaves the page without it.

    problem: why the latest cannot be read, None where it can.
    """

    value = Dict()
    problem: Explanation | None = None

    def recall(self) -> None:
        """Read the latest check of the training in use; one that is damaged is no check."""
        adapter = adapter_in_use(self._context)
        self.problem = None
        try:
            self.value = {} if adapter is None else dict(memorised_of(adapter.parent))
        except CheckUnreadable as error:
            self.problem = error.explanation
            self.value = {}
