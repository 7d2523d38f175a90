"""Progress events of an evaluation: one bar over all the texts to be written or read."""

from __future__ import annotations

import time
from dataclasses import dataclass

from poetas.jobs import JobContext, Progress

_TELL_EVERY = 0.5  # seconds between two progress events


@dataclass(slots=True)
class EvaluationProgress:
    """Counts texts, and tells at most twice a second. total: texts of all systems together."""

    context: JobContext
    total: int
    done: float = 0.0
    note: str = ""
    _steps: int = 0
    _shown: float = 0.0
    _last_emit: float = float("-inf")

    def begin(self, note: str, *, held: int = 0) -> None:
        """Say what is done from now on; ``held``: texts of it that are there already."""
        self.note, self._steps = note, 0
        self.done += held
        self._tell(self.done)

    def ended(self, *_: object) -> None:
        """Count a finished text."""
        self.done += 1
        if self._due():
            self._tell(self.done)

    def step(self, rows: int, longest: int) -> bool:
        """Count one token of a batch of ``rows`` texts of at most ``longest`` tokens; tell whether to stop."""
        self._steps += 1
        if self._due():
            # A batch counts by its share of tokens, and by half, since most of its texts end before the limit.
            self._tell(self.done + rows * (self._steps % longest) / (2 * longest))
        return self.context.stop_requested()

    def _due(self) -> bool:
        return time.monotonic() - self._last_emit >= _TELL_EVERY

    def _tell(self, done: float) -> None:
        self._last_emit = time.monotonic()
        self._shown = max(self._shown, min(done, self.total))  # a bar does not go back
        self.context.emit(Progress(round(self._shown, 1), self.total, self.note))
