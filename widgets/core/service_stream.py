"""Streaming call of a service as the poller reads it: items in as they arrive, callbacks out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from poetas.services.call import Call
from poetas.services.errors import CallCancelled

ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")


class ServiceStream(Generic[ItemT, AnswerT]):
    """A streaming call as the poller polls it."""

    def __init__(
        self,
        starting: Future[Call[ItemT, AnswerT]],
        each: Callable[[list[ItemT]], object],
        done: Callable[[AnswerT | None], object],
        failed: Callable[[BaseException], None],
    ) -> None:
        self._starting, self._each, self._done, self._failed = starting, each, done, failed
        self.cancelled = False

    def cancel(self) -> None:
        """Stop; what has arrived stays, and ``done`` is called with None."""
        self.cancelled = True
        self._starting.cancel()

    def poll(self) -> bool:
        """Pass on what is new; return True while there is more to come."""
        if not self._starting.done():
            return True
        try:
            call = None if self._starting.cancelled() else self._starting.result()
            if call is not None:
                if self.cancelled:
                    call.cancel()
                ended = call.done()  # before the items: what comes after it is read on the next poll
                if items := call.items():
                    self._each(items)
                if not ended:
                    return True
            answer = None if call is None else call.result(0)
        except (Exception, CallCancelled) as problem:  # noqa: BLE001  (any error of the service is shown as a card)
            if self.cancelled:
                self._done(None)
            else:
                self._failed(problem)
            return False
        self._done(answer)
        return False
