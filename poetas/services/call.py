"""One call on the caller's side: a future with streamed items, cancellation and callbacks."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar, cast

from poetas.services.errors import CallCancelled

_log = logging.getLogger("poetas.services")
ItemT = TypeVar("ItemT")
AnswerT = TypeVar("AnswerT")


class Call(Generic[ItemT, AnswerT]):
    """A pending call that may stream items before its answer. Every method may be called from any thread."""

    def __init__(self, cancel: Callable[[Call[ItemT, AnswerT]], None]) -> None:
        self._cancel = cancel
        self._changed = threading.Condition()
        self._items: list[ItemT] = []
        self._taken = 0
        self._done = False
        self._value: AnswerT | None = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Call[ItemT, AnswerT]], object]] = []

    def done(self) -> bool:
        """Return whether it has ended: with an answer, an error or a cancellation."""
        return self._done

    def cancelled(self) -> bool:
        """Return whether it ended because it was cancelled."""
        return isinstance(self._error, CallCancelled)

    def error(self) -> BaseException | None:
        """Return the exception that it ended with, else None; never waits."""
        return self._error

    def result(self, timeout: float | None = None) -> AnswerT:
        """Wait for the answer. Raises RemoteError, ServiceDied, CallCancelled, or TimeoutError after ``timeout`` s."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._done, timeout):
                raise TimeoutError
        if self._error is not None:
            raise self._error
        return cast("AnswerT", self._value)

    def items(self) -> list[ItemT]:
        """Return what was streamed since this was last asked; never waits."""
        with self._changed:
            new = self._items[self._taken :]
            self._taken = len(self._items)
            return new

    def stream(self) -> Iterator[ItemT]:
        """Yield every streamed item as it comes, then end, or raise what the call ended with."""
        position = 0
        while True:
            with self._changed:
                while not self._done and len(self._items) == position:
                    self._changed.wait()
                new, done = self._items[position:], self._done
            yield from new
            position += len(new)
            if done and not new:
                self.result()
                return

    def cancel(self) -> None:
        """End it now and tell the service to stop; no effect when it has ended."""
        if self.finish(error=CallCancelled()):
            self._cancel(self)

    def add_done_callback(self, callback: Callable[[Call[ItemT, AnswerT]], object]) -> None:
        """Call ``callback(call)`` when it ends, from the thread that reads the socket; at once if it has ended."""
        with self._changed:
            if not self._done:
                self._callbacks.append(callback)
                return
        callback(self)

    def add_item(self, value: ItemT) -> None:
        """Take one streamed item (the client's reader calls this)."""
        with self._changed:
            if not self._done:
                self._items.append(value)
                self._changed.notify_all()

    def finish(self, value: Any = None, error: BaseException | None = None) -> bool:
        """End it, once; False if it had ended (the client's reader calls this)."""
        with self._changed:
            if self._done:
                return False
            self._value, self._error, self._done = value, error, True
            callbacks, self._callbacks = self._callbacks, []
            self._changed.notify_all()
        for callback in callbacks:
            try:
                callback(self)
            except Exception:  # noqa: BLE001 (a callback's error must not end the reader)
                _log.exception("a callback failed")
        return True
