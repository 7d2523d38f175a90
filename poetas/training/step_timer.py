"""Times of training steps and evaluations: the speed now, the seconds left, and the totals that a checkpoint keeps."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

_WINDOW = 30  # steps over which the speed is averaged
_OUTLIER = 10  # times the median: the machine was suspended in such a step, which predicts nothing


@dataclass(slots=True)
class StepTimer:
    """Times of steps and evaluations. seconds, tokens: of training steps alone, since the run first began."""

    seconds: float = 0.0
    tokens: int = 0
    spent: float = 0.0  # all seconds of earlier processes
    begun: float = field(default_factory=time.monotonic)
    steps: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    pauses: deque[float] = field(default_factory=lambda: deque(maxlen=_WINDOW))

    def step(self, seconds: float, tokens: int) -> None:
        """Note a training step."""
        self.steps.append((seconds, tokens))
        self.seconds += seconds
        self.tokens += tokens

    @property
    def speed(self) -> float:
        """Tokens a second of the last steps, padding not counted."""
        limit = _OUTLIER * median([seconds for seconds, _tokens in self.steps] or [0.0])
        kept = [(seconds, tokens) for seconds, tokens in self.steps if seconds <= limit]
        total = sum(seconds for seconds, _tokens in kept)
        return sum(tokens for _seconds, tokens in kept) / total if total else 0.0

    def left(self, steps: int, pauses: int) -> float:
        """Estimate the seconds that so many steps and evaluations still take."""
        return steps * _usual([seconds for seconds, _tokens in self.steps]) + pauses * _usual(self.pauses)

    @property
    def total(self) -> float:
        """Seconds since the run first began, the time between processes left out."""
        return self.spent + time.monotonic() - self.begun

    def totals(self) -> dict[str, float]:
        """Return what a checkpoint keeps, for `restore`."""
        return {"seconds": self.seconds, "tokens": self.tokens, "spent": self.total}

    def restore(self, saved: Mapping[str, Any]) -> None:
        """Go on from the totals of an earlier process."""
        self.seconds, self.spent = float(saved.get("seconds", 0)), float(saved.get("spent", 0))
        self.tokens = int(saved.get("tokens", 0))


def _usual(seconds: Collection[float]) -> float:
    """Mean without those that a suspension of the machine made long; 0 for none.

    >>> _usual([3.0, 5.0, 1.0, 600.0]), _usual([])
    (3.0, 0.0)
    """
    return fmean(value for value in seconds if value <= _OUTLIER * median(seconds)) if seconds else 0.0
