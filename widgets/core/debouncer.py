"""Writing down what is chosen once it stands still: a slider that is being moved is one change, not sixty."""

from __future__ import annotations

import time
from collections.abc import Callable

from widgets.core.poller import Poller

SECONDS = 0.4  # without a change


class Debouncer:
    """Calls ``write`` a moment after the last of many changes; each is told with `changed`.

    >>> written = []
    >>> Debouncer(Poller(inline=True), lambda: written.append("once")).changed(); written
    ['once']
    """

    def __init__(self, poller: Poller, write: Callable[[], None]) -> None:
        self._poller, self._write = poller, write
        self._due, self._waiting = 0.0, False

    def changed(self) -> None:
        """Begin to wait, or wait again from now on."""
        self._due = time.monotonic() + SECONDS
        if not self._waiting:
            self._waiting = True
            self._poller.watch(self._look)

    def _look(self) -> bool:
        if time.monotonic() < self._due:
            return True
        self._waiting = False
        self._write()
        return False
