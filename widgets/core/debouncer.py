"""Debouncing of changes: saves once after the last of many, such as those of a slider that is being moved."""

from __future__ import annotations

import time
from collections.abc import Callable

from widgets.core.poller import Poller

SECONDS = 0.4  # without a change


class Debouncer:
    """Calls ``write`` `SECONDS` after the last of many changes; report each with `changed`.

    >>> written = []
    >>> Debouncer(Poller(inline=True), lambda: written.append("once")).changed(); written
    ['once']
    """

    def __init__(self, poller: Poller, write: Callable[[], None]) -> None:
        self._poller, self._write = poller, write
        self._due, self._waiting = 0.0, False

    def changed(self) -> None:
        """Start the delay, or start it again."""
        self._due = time.monotonic() + SECONDS
        if not self._waiting:
            self._waiting = True
            self._poller.watch(self._poll)

    def _poll(self) -> bool:
        if time.monotonic() < self._due:
            return True
        self._waiting = False
        self._write()
        return False
