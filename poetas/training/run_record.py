"""Record of a training for comparison: its job's folder in, hyperparameters, losses, minutes and state out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from poetas.errors import PoetasError
from poetas.jobs import JobState
from poetas.jobs.job_view import JobView
from poetas.training.config import TrainingConfig
from poetas.training.loss_curve import Curve
from poetas.training.presets import PRESETS
from poetas.util.files import is_figure

POINTS = 80  # of a small picture


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One training.

    folder: of its job. created: unix seconds. best: step and loss of the lowest validation loss, None without
    validation texts. seconds: of the whole run, None where it did not end. usable: whether it left an adapter.
    """

    folder: Path
    created: float
    config: TrainingConfig
    state: JobState
    best: tuple[int, float] | None = None
    seconds: float | None = None
    usable: bool = False
    training: Sequence[tuple[float, float]] = field(default_factory=tuple)
    validation: Sequence[tuple[float, float]] = field(default_factory=tuple)

    @property
    def preset(self) -> str:
        """The name of the preset that it was made with, "" for hyperparameters of the learner's own.

        >>> quick = PRESETS["rapido"].config
        >>> [RunRecord(Path(), 0.0, quick.within(longest), JobState.FINISHED).preset for longest in (90, 900)]
        ['rapido', 'rapido']
        """
        return next((preset.name for preset in PRESETS.values() if preset.made(self.config)), "")


def read_run(job: JobView) -> RunRecord | None:
    """Return the record of a training job, None where its hyperparameters cannot be read."""
    try:
        config = TrainingConfig.from_dict(job.config.get("training") or {})
    except PoetasError:
        return None
    curve, result = Curve(), job.result() or {}
    curve.add(job.events()[0])
    seconds = result.get("seconds")
    return RunRecord(
        folder=job.dir,
        created=job.record.created,
        config=config,
        state=job.state,
        best=curve.best,
        seconds=float(seconds) if is_figure(seconds) else None,
        usable=job.state.over and (job.dir / "adapter").is_dir(),
        training=_pairs(curve.training(POINTS)),
        validation=_pairs(curve.validation(POINTS)),
    )


def differing(runs: Sequence[RunRecord]) -> list[str]:
    """Return the names of the shown hyperparameters in which the runs differ, in their order.

    >>> config = TrainingConfig()
    >>> runs = [RunRecord(Path(), 0.0, other, JobState.FINISHED) for other in (config, TrainingConfig(epochs=5))]
    >>> differing(runs), differing(runs[:1])
    (['epochs'], [])
    """
    return [name for name in TrainingConfig.names(shown=True) if len({getattr(run.config, name) for run in runs}) > 1]


def best_run(runs: Sequence[RunRecord]) -> RunRecord | None:
    """Return the run with the lowest validation loss among those that left an adapter; of equals, the earliest."""
    known = [run for run in runs if run.usable and run.best is not None]
    return min(known, key=lambda run: (run.best[1] if run.best else 0.0, run.created), default=None)


def _pairs(points: tuple[np.ndarray, np.ndarray]) -> tuple[tuple[float, float], ...]:
    return tuple((float(step), float(loss)) for step, loss in zip(*points, strict=True))
