"""Trend of a run from its two losses: learning, memorising (only validation rises), or steps that are too large.

The thresholds are set so that a run which learns is not stopped for its noise; `tests/unit/training/test_loss_trend.py`
simulates runs and holds the rates of false alarms and of detection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from math import sqrt

import numpy as np
from numpy.typing import NDArray

AFTER_BEST = 2  # evaluations after the best one before anything is said: a single one may be noise
RISE = 0.03  # of the loss around the best evaluation: the smallest rise that counts
NOISES = 2.5  # times the noise of the evaluations that a rise must exceed, where there are enough to estimate it
ENOUGH = 6  # evaluations from which their noise is estimated; with fewer the curve's own bend would count as noise
NORMAL = 0.6745  # median of the absolute value of a standard normal variable
EXPLODED, SURE = 0.1, 4.0  # share, and standard errors, by which the training loss must have risen by itself
FEWEST_STEPS = 16  # of training before its losses alone say anything: eight at each end


class Trend(StrEnum):
    """What two curves say together.

    UNKNOWN: too early, or no validation loss. LEARNING: nothing rises. MEMORISING: the validation loss rises and the
    training loss does not. STEP_TOO_LARGE: both rise, or a loss is no number any more.
    """

    UNKNOWN = "unknown"
    LEARNING = "learning"
    MEMORISING = "memorising"
    STEP_TOO_LARGE = "step-too-large"


def loss_trend(training: Mapping[int, float], validation: Mapping[int, float]) -> Trend:
    """Decide what a run does. training, validation: loss in nats by step, in any order; validation may be empty.

    >>> loss_trend({1: 3.0, 2: 2.8, 3: 2.6, 4: 2.4}, {0: 3.0, 1: 2.7, 2: 2.5, 3: 2.7, 4: 2.9})
    <Trend.MEMORISING: 'memorising'>
    >>> loss_trend({1: 3.0, 2: float("nan")}, {})
    <Trend.STEP_TOO_LARGE: 'step-too-large'>
    """
    losses = [training[step] for step in sorted(training)]
    if not np.isfinite([*losses, *validation.values()]).all() or _exploded(losses):
        return Trend.STEP_TOO_LARGE
    if len(validation) <= 1:
        return Trend.UNKNOWN
    steps = sorted(validation)
    evaluated = np.array([validation[step] for step in steps])
    if not _rises(evaluated):
        return Trend.LEARNING
    best = int(evaluated.argmin())
    around = _between(training, steps[best - 1] if best else -1, steps[best])
    around = around or _between(training, *steps[best : best + 2])  # the best one is the one before the first step
    latest = _between(training, *steps[-2:])
    return Trend.STEP_TOO_LARGE if _higher(latest, around, errors=1.0) else Trend.MEMORISING


def _rises(evaluated: NDArray[np.float64]) -> bool:
    """Whether the validation loss has left its lowest point and still rises.

    The last two evaluations are compared in the mean with the median of those around the best: the best alone is the
    luckiest of many, so that all others seem to have risen.
    """
    best = int(evaluated.argmin())
    if len(evaluated) - 1 - best < AFTER_BEST or evaluated[-1] < evaluated[-2]:
        return False
    reference = float(np.median(evaluated[max(0, best - 1) : best + 2]))
    return float(evaluated[-2:].mean()) - reference > max(RISE * reference, NOISES * _noise(evaluated))


def _noise(evaluated: NDArray[np.float64]) -> float:
    """Estimate the standard deviation of the evaluations about a smooth curve; 0 where there are too few.

    It is the median distance of each from the middle of its neighbours, whose variance is 1.5 times that of one.
    """
    if len(evaluated) < ENOUGH:
        return 0.0
    distances = np.abs(evaluated[1:-1] - (evaluated[:-2] + evaluated[2:]) / 2)
    return float(np.median(distances)) / NORMAL / sqrt(1.5)


def _exploded(losses: Sequence[float]) -> bool:
    """Whether the training loss alone shows that steps are too large: its end is far above its beginning."""
    if len(losses) < FEWEST_STEPS:
        return False
    few = max(FEWEST_STEPS // 2, len(losses) // 5)
    first, last = losses[:few], losses[-few:]
    return float(np.mean(last)) > (1 + EXPLODED) * float(np.mean(first)) and _higher(last, first, errors=SURE)


def _higher(later: Sequence[float], earlier: Sequence[float], *, errors: float) -> bool:
    """Whether one mean is above another by so many standard errors of their difference; False where one is empty."""
    if not (later and earlier):
        return False
    variance = sum(float(np.var(part, ddof=1)) / len(part) for part in (later, earlier) if len(part) > 1)
    return float(np.mean(later)) - float(np.mean(earlier)) > errors * sqrt(variance)


def _between(training: Mapping[int, float], first: int, last: int) -> list[float]:
    """Training losses of the steps after ``first``, up to ``last``."""
    return [loss for step, loss in training.items() if first < step <= last]
