"""Loss curves of a run, read from its events: few enough points to draw, the best evaluation, the trend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from poetas.jobs.events import Evaluated, Event, Saved, Started, Step
from poetas.training.loss_trend import Trend, loss_trend
from poetas.training.smoothing import smoothed

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
LARGEST = 1e6  # nats: no model is that wrong, so one damaged event would flatten the picture of all the others
SMOOTHED, LEAST_SMOOTHED = 1 / 12, 3  # part of the run that the smoothed line averages over; points at least


@dataclass(slots=True)
class Curve:
    """Training and validation loss by step.

    A run that was killed and resumed continues from its last checkpoint: later points are dropped, and of the last step
    only its number is known until the next one. That a loss is a number, not below zero, is
    checked where events are read (`poetas.jobs.events.decode`).

    >>> curve = Curve(); _ = curve.add([Step(1, 9, .1, 2.0, 1e-4, 10., 8.), Evaluated(1, .1, 1.9)])
    >>> curve.best, curve.last_step.total
    ((1, 1.9), 9)
    """

    _losses: dict[int, float] = field(default_factory=dict)
    _evaluations: dict[int, float] = field(default_factory=dict)
    _saved: int = 0
    last_step: Step | None = None

    def add(self, events: Iterable[Event]) -> bool:
        """Take in new events; tell whether anything changed."""
        changed = False
        for event in events:
            if isinstance(event, Step):
                self._rewind(event.step)
                self._losses[event.step] = event.loss
                self.last_step = event
                changed = True
            elif isinstance(event, Evaluated):
                self._evaluations[event.step] = event.loss
                changed = True
            elif isinstance(event, Saved):
                self._saved = event.step
            elif isinstance(event, Started) and event.resumed and self.last_step is not None:
                self._rewind(self._saved + 1)
                self.last_step = replace(self.last_step, step=self._saved, tokens_per_second=0.0, seconds_left=0.0)
                changed = True
        return changed

    def rest(self) -> None:
        """Set the time left to unknown: no process works on the run now."""
        if self.last_step is not None:
            self.last_step = replace(self.last_step, seconds_left=0.0)

    def _rewind(self, step: int) -> None:
        if self.last_step is not None and step <= self.last_step.step:
            self._losses = {step_number: loss for step_number, loss in self._losses.items() if step_number < step}
            self._evaluations = {
                step_number: loss for step_number, loss in self._evaluations.items() if step_number < step
            }

    def training(self, most: int = 1000) -> Points:
        """Return steps and losses, float64[n] each with n <= ``most``; beyond it, neighbours are averaged.

        What is beyond `LARGEST` is no point of a picture.
        """
        return _thin(self._losses, most)

    def smoothed(self, most: int = 1000) -> Points:
        """Return steps and training losses smoothed over a `SMOOTHED` part of the run, as `training` thins them."""
        steps, losses = self.training(most)
        total = max(self.last_step.total if self.last_step is not None else 0, len(losses))
        points = total * len(losses) / max(len(self._losses), 1)  # of the whole run, so that the line stays as it is
        return steps, smoothed(losses, max(LEAST_SMOOTHED, SMOOTHED * points))

    def sampled(self, most: int = 300) -> Points:
        """Return steps and training losses as they are, evenly picked where they are more than ``most``."""
        steps, losses = _points(self._losses)
        stride = -(-len(steps) // most) or 1
        return steps[::stride], losses[::stride]

    def validation(self, most: int = 1000) -> Points:
        """Return steps and validation losses, as `training` does."""
        return _thin(self._evaluations, most)

    @property
    def best(self) -> tuple[int, float] | None:
        """Step and loss of the lowest validation loss so far, the earliest of equals; None before the first."""
        if not self._evaluations:
            return None
        step = min(self._evaluations, key=lambda step_number: (self._evaluations[step_number], step_number))
        return step, self._evaluations[step]

    @property
    def trend(self) -> Trend:
        """What the two losses say together: see `loss_trend`."""
        return loss_trend(self._losses, self._evaluations)

    @property
    def beginning(self) -> float | None:
        """The loss before there was anything to learn from: of the first evaluation, else of the first step."""
        first = self._evaluations or self._losses
        return first[min(first)] if first else None

    @property
    def now(self) -> float | None:
        """The loss to speak of: the last evaluation, else the smoothed training loss of the last step."""
        if self._evaluations:
            return self._evaluations[max(self._evaluations)]
        losses = self.smoothed()[1]
        return float(losses[-1]) if len(losses) else None

    def rows(self, most: int = 60) -> list[tuple[int, float | None, float | None]]:
        """Return (step, training loss, validation loss), None where there is none, n <= ``most``.

        They are those of the evaluations and of the last step, or of some steps where there is no evaluation.
        """
        if self._evaluations:
            last = max([*self._evaluations, *self._losses])
            steps = sorted({*self._evaluations, last})[-most:]
            return [(step, self._near(step), self._evaluations.get(step)) for step in steps]
        thinned, losses = self.training(most)
        return [(int(step), float(loss), None) for step, loss in zip(thinned, losses, strict=True)]

    def _near(self, step: int) -> float | None:
        before = [step_number for step_number in self._losses if step_number <= step]
        return self._losses[max(before)] if before else None


def _points(values: dict[int, float]) -> Points:
    steps = np.array(sorted(step for step, loss in values.items() if loss <= LARGEST), dtype=np.float64)
    return steps, np.array([values[int(step)] for step in steps], dtype=np.float64)


def _thin(values: dict[int, float], most: int) -> Points:
    steps, losses = _points(values)
    if len(steps) <= most:
        return steps, losses
    edges = np.linspace(0, len(steps), most + 1).astype(np.int64)[:-1]
    counts = np.diff(np.append(edges, len(steps)))
    return np.add.reduceat(steps, edges) / counts, np.add.reduceat(losses, edges) / counts
