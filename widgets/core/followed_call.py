"""Blocking call of a typed client as the poller reads it: its progress while it lasts, then its answer, or a stop."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, Generic, TypeVar

from poetas.data.service.answers import WorkDone
from poetas.services.call import Call
from poetas.services.errors import CallCancelled

AnswerT = TypeVar("AnswerT")


class FollowedCall(Generic[AnswerT]):
    """A question in a thread of the page, and the call that it has become.

    answer: the thread's future. progress: gets the newest item of each poll.
    """

    def __init__(
        self,
        progress: Callable[[WorkDone], object],
        done: Callable[[AnswerT], object],
        failed: Callable[[BaseException], None],
        stopped: Callable[[], object],
    ) -> None:
        self._progress, self._done, self._failed, self._stopped = progress, done, failed, stopped
        self.answer: Future[AnswerT] | None = None
        self._call: Call[WorkDone, Any] | None = None
        self.cancelled = False

    def started(self, call: Call[WorkDone, Any]) -> None:
        """Take the call that the client is about to wait for (in the thread)."""
        self._call = call
        if self.cancelled:
            call.cancel()

    def cancel(self) -> None:
        """Stop it; ``stopped`` is called on the next poll."""
        self.cancelled = True
        if self._call is not None:
            self._call.cancel()
        elif self.answer is not None:
            self.answer.cancel()

    def poll(self) -> bool:
        """Hand on what is new; return True while there is more to come."""
        answer, call = self.answer, self._call
        if answer is None:
            return True
        if not answer.done():
            items = call.items() if call is not None and not self.cancelled else []
            if items:
                self._progress(items[-1])
            return True
        try:
            value = answer.result()
        except (Exception, CallCancelled, CancelledError) as problem:  # noqa: BLE001 (any error is shown as a card)
            if self.cancelled:
                self._stopped()
            else:
                self._failed(problem)
            return False
        if self.cancelled:
            self._stopped()
        else:
            self._done(value)
        return False
