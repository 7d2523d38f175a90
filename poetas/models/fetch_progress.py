"""Progress events of a fetch: one bar over downloaded and converted bytes, a few a second."""

from __future__ import annotations

import time
from collections.abc import Callable

from poetas.jobs import Progress

_EVERY = 0.25  # seconds


class FetchProgress:
    """Adds up the two stages of a fetch.

    emit: where events go. download, convert: bytes that each stage is expected to take (0 = not known yet: then
    the total that the stage reports is used, and both stages weigh the same).

    >>> events = []; meter = FetchProgress(events.append, download=100, convert=300)
    >>> meter.downloading(100, 100, "a"); meter.converting(150, 300, "b")
    >>> [(event.done, event.total) for event in events]
    [(100.0, 400.0), (250.0, 400.0)]
    """

    def __init__(self, emit: Callable[[Progress], None], *, download: int, convert: int) -> None:
        self._emit, self._download, self._convert = emit, download, convert
        self._last_emit = 0.0
        self._note = ""
        self._reached = 0.0

    def downloading(self, done: float, total: float, note: str) -> None:
        """Tell that ``done`` of ``total`` bytes have arrived (total 0 = unknown)."""
        if total <= 0:
            self._tell(self._reached, self._download + self._convert, note)
            return
        whole = self._download or total
        self._tell(round(whole * min(1.0, done / total)), whole + (self._convert or whole), note)

    def converting(self, done: float, total: float, note: str) -> None:
        """Tell that ``done`` of ``total`` bytes are converted."""
        whole = self._convert or total
        before = self._download or whole
        self._tell(before + round(whole * (done / total if total else 1.0)), before + whole, note)

    def _tell(self, done: float, total: float, note: str) -> None:
        now = time.monotonic()
        self._reached = max(self._reached, float(done))  # a bar never goes back, e.g. when a second source takes over
        if note != self._note or now - self._last_emit >= _EVERY or done >= total:
            self._last_emit, self._note = now, note
            self._emit(Progress(min(self._reached, float(total)), float(total), note))
