"""Progress events of an evaluation: one bar over all the texts to be written or read, and each text once written."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from statistics import fmean

from poetas.jobs import JobContext, Progress, Written
from poetas.util.excerpt import shortened

_TELL_EVERY = 0.5  # seconds between two progress events
_BATCH_COST = (
    10  # texts: what a token of a batch costs beside its texts, since the model's weights are read once for all
)
_SOURCE = 160  # characters of a text that are shown beside what was written for it


@dataclass(slots=True)
class EvaluationProgress:
    """Counts texts, and tells at most twice a second. total: texts of all systems together."""

    context: JobContext
    total: int
    done: float = 0.0
    note: str = ""
    _steps: int = 0
    _ended: int = 0
    _batch: int = 0
    _begun: float = 0.0
    _sizes: list[int] = field(default_factory=list)
    _lengths: list[int] = field(default_factory=list)
    _shown: float = 0.0
    _last_emit: float = float("-inf")

    def begin(self, note: str, *, held: int = 0) -> None:
        """Say what is done from now on; ``held``: texts of it that are there already."""
        self.note = note
        self._steps = self._ended = self._batch = 0
        self._sizes = []
        self.done += held
        self._begun = self.done
        self._tell(self.done)

    def ended(self, *_: object) -> None:
        """Count a finished text."""
        self.done += 1
        self._ended += 1
        if self._sizes and self._ended >= self._sizes[self._batch]:
            self._lengths.append(self._steps)
            self._steps, self._ended, self._batch = 0, 0, min(self._batch + 1, len(self._sizes) - 1)
        if not self._sizes and self._due():
            self._tell(self.done)

    def step(self, rows: int, longest: int, texts: int = 0) -> bool:
        """Count one token of a batch; tell whether to stop.

        rows: texts in a full batch. longest: tokens that a text may have. texts: that are written in all (0: ``rows``).

        A batch takes as long as its longest text, and one of few texts takes nearly as long as a full one: so the bar
        follows the tokens of the batch, not the texts that ended. Expected are as many as the earlier batches took on
        average, the limit counted as one of them; the bar jumps where a batch ends sooner.
        """
        self._steps += 1
        if not self._sizes:
            texts = max(texts, rows)
            self._sizes = [min(rows, texts - start) for start in range(0, texts, rows)] or [1]
        if self._due():
            costs = [size + _BATCH_COST for size in self._sizes]
            expected = min(longest, fmean((longest, *self._lengths)))
            share = sum(costs[: self._batch]) + costs[self._batch] * min(1.0, self._steps / expected)
            self._tell(self._begun + sum(self._sizes) * share / sum(costs))
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
