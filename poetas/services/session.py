"""Session of a connection, as a handler gets it with each call: per-client memory, a fair lock, cancellation."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from poetas.services.errors import CallCancelled

_POLL_SECONDS = 0.1  # between two checks for a cancellation while waiting for the lock


class Running(threading.local):
    """The call that the current thread works on."""

    cancelled: threading.Event | None = None
    emit: Callable[[Any], None] | None = None


running = Running()


class FairLock:
    """A first-in, first-out lock, so that no page waits for ever behind a busier one.

    A handler that takes it for each piece of a long answer lets the others in between.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._owner: int | None = None

    @contextmanager
    def take(self, cancelled: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Acquire it and hold it; reentrant in one thread. Raises CallCancelled when ``cancelled()`` turns true."""
        if self._owner == threading.get_ident():
            yield
            return
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._owner is not None or self._waiting[0] is not ticket:
                    if cancelled():
                        raise CallCancelled
                    self._changed.wait(_POLL_SECONDS)
                if cancelled():
                    raise CallCancelled
                self._owner = threading.get_ident()
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._owner = None
                self._changed.notify_all()


class Session(dict[str, Any]):
    """Memory of one connection, dropped when it ends; no other connection sees it.

    >>> session = Session(1, FairLock()); session["model"] = "gemma3-270m"
    >>> with session.turn(): session["model"]
    'gemma3-270m'
    """

    def __init__(self, number: int, turns: FairLock) -> None:
        super().__init__()
        self.number = number
        self._turns = turns
        self._on_close: list[Callable[[], object]] = []

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the service's lock; other calls wait. Raises CallCancelled if the caller cancels or leaves."""
        with self._turns.take(lambda: self.cancelled):
            yield

    @property
    def cancelled(self) -> bool:
        """Whether the caller of the current call cancelled it or left; check it in long loops."""
        return running.cancelled is not None and running.cancelled.is_set()

    def check(self) -> None:
        """Raise CallCancelled if the caller of the current call cancelled it or left."""
        if self.cancelled:
            raise CallCancelled

    def emit(self, item: Any) -> None:
        """Stream an item of the current call, as a generator's yield does. Raises CallCancelled as `check`."""
        self.check()
        if running.emit is not None:
            running.emit(item)

    def on_close(self, action: Callable[[], object]) -> None:
        """Register an action for the end of the connection, such as freeing what was loaded for it."""
        self._on_close.append(action)

    def drop(self) -> None:
        """Run the registered actions and clear the memory; called when the connection and its calls have ended."""
        while self._on_close:
            with suppress(Exception):
                self._on_close.pop()()
        self.clear()
