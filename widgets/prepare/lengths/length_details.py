"""Requests that take longer than a drag: the windows of a style, or the summaries that name what is cut off."""

from __future__ import annotations

from collections.abc import Callable

from poetas.errors import Explanation
from widgets.core.debouncer import Debouncer
from widgets.core.latest_request import LatestRequest
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.lengths.long_texts import LongTexts


class LengthDetails:
    """Asks once the line has come to rest, and shows the answer in ``view``; only the newest answer counts."""

    def __init__(self, draft: DatasetDraft, view: LongTexts, failed: Callable[[Explanation], object]) -> None:
        self._draft, self._view, self._failed = draft, view, failed
        self._requests = LatestRequest()
        self._model, self._longest = "", 0
        self._debouncer = Debouncer(draft.context.poller, self._ask)

    def moved(self, model: str, longest: int, *, cuts: bool) -> None:
        """Note where the line is, and whether it cuts a text at all."""
        self._requests.cancel()
        self._model, self._longest = model, longest if cuts else 0
        if self._longest:
            self._debouncer.changed()

    def _ask(self) -> None:
        model, longest, draft = self._model, self._longest, self._draft
        if not longest or not draft.task:
            return
        request = self._requests.begin()
        failed = request.only(self._failed)
        if draft.task == "style":
            done = request.only(self._view.show_windows)
            draft.ask(lambda service: service.windows(model, longest), done=done, failed=failed)
        else:
            answered = request.only(self._view.show_beyond)
            draft.ask(lambda service: service.beyond(model, longest), done=answered, failed=failed)
