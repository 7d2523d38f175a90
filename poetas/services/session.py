"""What a handler is given with every call: the caller's own memory, its turn, and whether it still wants the answer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

_LOOK_EVERY = 0.1  # seconds between two looks at a cancellation while waiting for a turn


class CallCancelled(BaseException):
    """Raised in a handler whose caller cancelled or left; it ends the call and nothing else.

    Not an Exception, so that a handler's own error handling lets it through.
    """


class Running(threading.local):
    """The call that the present thread works on."""

    cancelled: threading.Event | None = None


running = Running()


class FairLock:
    """A fair lock: first come, first served, so that no page waits for ever behind a busier one.

    A handler that takes a turn for each piece of a long answer lets the others in between.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._owner: int | None = None

    @contextmanager
    def take(self, abandoned: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Wait for the turn and hold it; nested use in one thread is one turn. Raises CallCancelled."""
        if self._owner == threading.get_ident():
            yield
            return
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            try:
                while self._owner is not None or self._waiting[0] is not ticket:
                    if abandoned():
                        raise CallCancelled
                    self._changed.wait(_LOOK_EVERY)
                if abandoned():
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
    """One connection's own memory, dropped when it ends; nothing of it is seen by another.

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
        """Hold the service's one turn; the others wait. Raises CallCancelled if the caller stops waiting."""
        with self._turns.take(lambda: self.cancelled):
            yield

    @property
    def cancelled(self) -> bool:
        """Whether the caller of the present call cancelled it or left. Look at it in long loops."""
        return running.cancelled is not None and running.cancelled.is_set()

    def check(self) -> None:
        """End the present call if its caller cancelled it or left. Raises CallCancelled."""
        if self.cancelled:
            raise CallCancelled

    def on_close(self, action: Callable[[], object]) -> None:
        """Do something when the connection ends: give back what was loaded for it."""
        self._on_close.append(action)

    def drop(self) -> None:
        """Forget everything; the server calls it when the connection has ended and its calls are done."""
        while self._on_close:
            with suppress(Exception):
                self._on_close.pop()()
        self.clear()
