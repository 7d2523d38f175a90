"""Comparison of what the page to keep would hold with the learner's texts, by the preparation service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from poetas.data.service.comparison_answers import SharedAnswer
from poetas.errors import Explanation
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import dataset_in_use


class PageComparison:
    """What each group of texts shares with those of the dataset in use; of overlapping questions the newest counts.

    answered: called with every answer. failed: called with the problem; the question can be asked again.
    pending: whether an answer is still to come.
    """

    def __init__(
        self, context: PageContext, answered: Callable[[], None], failed: Callable[[Explanation], None]
    ) -> None:
        self._context, self._answered, self._failed = context, answered, failed
        self._requests = LatestRequest()
        self._asked: tuple[Any, ...] = ()
        self._shared: list[SharedAnswer] | None = None
        self.pending = False

    def of(self, groups: Sequence[Sequence[str]], memorised: Mapping[str, Any]) -> list[SharedAnswer] | None:
        """Return what was found in these groups; None before the service, which is asked once, has answered.

        memorised: the check of the training, whose passages are known where the dataset is gone.
        """
        dataset = dataset_in_use(self._context)
        more = tuple(str(passage["written"]) for passage in memorised.get("recited") or ())
        task = "style" if dataset is not None and dataset.style else "summary"
        fingerprint = dataset.fingerprint if dataset is not None else ""
        folder = self._context.dataset if dataset is not None else str(self._context.project.path / "sin-conjunto")
        asked = (folder, task, fingerprint, tuple(map(tuple, groups)), more)
        if asked != self._asked:
            self._asked, self._shared = asked, None
            self._ask(asked)
        return self._shared

    def again(self) -> None:
        """Ask the same once more."""
        if self._asked:
            self._ask(self._asked)

    def _ask(self, asked: tuple[Any, ...]) -> None:
        request, services = self._requests.begin(), self._context.services
        self.pending = True

        def done(answer: list[SharedAnswer]) -> None:
            self._shared, self.pending = answer, False
            self._answered()

        def failed(problem: Explanation) -> None:
            self.pending = False
            self._failed(problem)

        services.ask(lambda: services.preparation.shared(*asked), done=request.only(done), failed=request.only(failed))
