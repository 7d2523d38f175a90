"""Progress of long calculations: what is done now and how much of it, to a listener that may stop it by raising.

The calculation need not know who listens: `report` does nothing without a listener.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeAlias

Listener: TypeAlias = Callable[[str, float], object]  # a sentence, and the share that is done, from 0 to 1
_listener: ContextVar[Listener | None] = ContextVar("work_progress", default=None)


def report(note: str, done: float) -> None:
    """Say what is being done and which share of it is done; raises what the listener raises, to stop."""
    listener = _listener.get()
    if listener is not None:
        listener(note, done)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Send what is reported in this thread, while the block runs, to a listener.

    >>> shares = []
    >>> with listening(lambda note, done: shares.append(done)): report("Comparo", 0.5)
    >>> report("Comparo", 0.7); shares
    [0.5]
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)
