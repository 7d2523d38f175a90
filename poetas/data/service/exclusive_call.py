"""Context of a long call of the preparation service: its session's lock, and progress for a caller who can stop it."""

from __future__ import annotations

import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from poetas.services.session import Session as ServiceSession
from poetas.util.work_progress import listening

_BETWEEN = 0.2  # seconds between two items of progress


@contextmanager
def followed(session: MutableMapping[str, Any]) -> Iterator[None]:
    """Send the progress of what is done inside to the caller, who can stop the call; other calls go on beside it.

    A plain mapping has one user and needs no progress.
    """
    if not isinstance(session, ServiceSession):
        yield
        return
    sent = 0.0

    def send(note: str, done: float) -> None:
        nonlocal sent
        session.check()
        if time.monotonic() - sent >= _BETWEEN:
            session.emit({"note": note, "done": done})
            sent = time.monotonic()

    with listening(send):
        yield


@contextmanager
def exclusive(session: MutableMapping[str, Any]) -> Iterator[None]:
    """The lock of a session of the service, and its progress; see `followed`. A plain mapping needs neither."""
    if not isinstance(session, ServiceSession):
        yield
        return
    with session.turn(), followed(session):
        yield
