"""Choice of who does the steps of a run: Python, or a graphics card that plays back what it recorded; by measuring."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from poetas.training.batching import FINE, RECORDED, ShapeGrid
from poetas.training.collator import PaddingCollator
from poetas.training.label_masking import EncodedExample
from poetas.training.loss_choice import seconds_of
from poetas.training.recorded_steps import CudaRecorder, RecordedSteps

PLAIN, PLAYED = "by Python", "recorded"
_WORTH = 0.9  # of the time by Python: where the card is the slower of the two, recordings only take memory
_REPEATS = 3
_log = logging.getLogger("poetas.job")


@dataclass(frozen=True, slots=True)
class StepChoice:
    """steps: None where Python does them. grid: of the batches' shapes. times: milliseconds of each way."""

    steps: RecordedSteps | None = None
    grid: ShapeGrid = FINE
    times: Mapping[str, float] = field(default_factory=dict)
    failure: str = ""

    @property
    def name(self) -> str:
        """The way that was chosen."""
        return PLAIN if self.steps is None else PLAYED


def choose_steps(
    adapted: Any,
    padding: Callable[[ShapeGrid], PaddingCollator],
    items: Sequence[EncodedExample],
    *,
    able: bool,
    chosen: object = None,
) -> StepChoice:
    """Choose, from a batch of usual length. able: see `recordable`. chosen: in an earlier part of the same run."""
    if not able or chosen == PLAIN:
        return StepChoice()
    steps = RecordedSteps(adapted, CudaRecorder())
    return StepChoice(steps, RECORDED) if chosen == PLAYED else measure_steps(steps, padding, items)


def measure_steps(
    steps: RecordedSteps, padding: Callable[[ShapeGrid], PaddingCollator], items: Sequence[EncodedExample]
) -> StepChoice:
    """Time a batch both ways, each with the padding that it would have."""
    fine, coarse = (
        {name: value.to(steps.device) for name, value in padding(grid)(items).items()} for grid in (FINE, RECORDED)
    )
    times: dict[str, float] = {}
    try:
        times[PLAIN] = seconds_of(lambda: steps.learn(fine), steps.device, _REPEATS)
        steps.forget()
        times[PLAYED] = seconds_of(lambda: steps.step(coarse, None), steps.device, _REPEATS)  # the fastest was played
    except torch.OutOfMemoryError as error:  # whether the run fits is found out next, with words for it
        _log.warning("a step could not be timed: %s", error)
        return StepChoice(times=_milliseconds(times), failure="no memory to try a step")
    finally:
        steps.forget()
    worth = not steps.failure and times[PLAYED] < _WORTH * times[PLAIN]
    milliseconds = _milliseconds(times)
    _log.info("a step takes %s ms%s", milliseconds, f" ({steps.failure})" if steps.failure else "")
    if worth:
        return StepChoice(steps, RECORDED, milliseconds)
    return StepChoice(None, FINE, milliseconds, steps.failure)


def _milliseconds(times: Mapping[str, float]) -> dict[str, float]:
    return {name: 1000 * taken for name, taken in times.items()}


def usual_batch(items: Sequence[EncodedExample], rows: int) -> list[EncodedExample]:
    """A batch of the texts around the median length.

    >>> [len(item.input_ids) for item in usual_batch([EncodedExample([0] * n, [], 0) for n in (9, 1, 5, 3, 7)], 2)]
    [3, 5]
    """
    order = sorted(items, key=lambda item: len(item.input_ids))
    start = max(0, min(len(order) - rows, (len(order) - rows) // 2))
    chosen = order[start : start + rows]
    return [chosen[place % len(chosen)] for place in range(rows)]


def usual_labels(items: Sequence[EncodedExample], rows: int) -> int:
    """Labels of such a batch."""
    return max(1, sum(item.learnt for item in usual_batch(items, rows)))
