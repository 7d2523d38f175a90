"""Progress events of an evaluation: one bar over all the texts to be written or read, and each text once written."""

from __future__ import annotations

import time
from dataclasses import dataclass

from poetas.jobs import JobContext, Progress, Written
from poetas.util.excerpt import shortened

_TELL_EVERY = 0.5  # seconds between two progress events
_SOURCE = 160  # characters of a text that are shown beside what was written for it


@dataclass(slots=True)
class EvaluationProgress:
    """Counts texts, and tells at most twice a second. total: texts of all systems together."""

    context: JobContext
    total: int
    done: float = 0.0
    note: str = ""
    _steps: int = 0
    _rows: int = 0
    _ended: int = 0
    _shown: float = 0.0
    _last_emit: float = float("-inf")

    def begin(self, note: str, *, held: int = 0) -> None:
        """Say what is done from now on; ``held``: texts of it that are there already."""
        self.note = note
        self._steps = self._rows = self._ended = 0
        self.done += held
        self._tell(self.done)

    def ended(self, *_: object) -> None:
        """Count a finished text."""
        self.done += 1
        self._ended += 1
        if self._ended >= self._rows:  # the next one begins a batch
            self._steps = self._ended = 0
        if self._due():
            self._tell(self.done)

    def step(self, rows: int, longest: int) -> bool:
        """Count one token of a batch of ``rows`` texts of at most ``longest`` tokens; tell whether to stop."""
        self._steps += 1
        self._rows = rows
        if self._due():
            # Texts that ended count whole, the others by their share of the longest that they can be: so the bar is as
            # fast at the beginning of a batch as at its end where all are written to the limit.
            self._tell(self.done + max(0, rows - self._ended) * min(1.0, self._steps / longest))
        return self.context.stop_requested()

    def written(self, system: str, index: int, source: str, text: str, *, cut: bool) -> None:
        """Show a text that was written."""
        self.context.emit(Written(system, index, shortened(source, _SOURCE), text, cut))

    def _due(self) -> bool:
        return time.monotonic() - self._last_emit >= _TELL_EVERY

    def _tell(self, done: float) -> None:
        self._last_emit = time.monotonic()
        self._shown = max(self._shown, min(done, self.total))  # a bar does not go back
        self.context.emit(Progress(round(self._shown, 1), self.total, self.note))
