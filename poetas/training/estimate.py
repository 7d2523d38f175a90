"""Estimate of a run's minutes and memory from a dry run, without a model: recomputed while a slider moves.

A batch takes ``a + b * work`` seconds, work being its multiplications: tokens times (frozen weights plus one and a half
times the adapter's, whose own gradients are computed too), and labels times the output matrix. ``a`` and ``b`` come
from the dry run, as does what a new shape of batch costs once. Memory is what the process held before the first
step, plus so many bytes a token of the widest batch, plus 18 bytes for each weight that is trained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from poetas.training.batching import FINE, ShapeGrid
from poetas.training.config import AT_ONCE, TrainingConfig
from poetas.training.workload import Batch, SplitLengths, Workload, workload

BYTES_A_TRAINED_WEIGHT = 18  # itself, its gradient and AdamW's two moments in float32, a copy in bfloat16
MOMENTS = 8  # bytes of AdamW's two, of each weight that is trained
MARGIN = 1.05  # on memory: allocators round up
KEPT_SHAPES = 6  # shapes whose compiled programs are kept (see `process_setup`)


@dataclass(frozen=True, slots=True)
class BatchMeasurement:
    """One measured batch. cold, warm: seconds of its first and of a later step. peak: bytes while it ran."""

    batch: Batch
    cold: float
    warm: float
    peak: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a dry run found out.

    trials: from the smallest to the largest. held: bytes before the first step. frozen: weights of linear layers.
    head: weights of the output matrix. trained_a_rank: adapter's weights for each column. rank: that was measured.
    evaluating: seconds of an evaluation's batch over those of a training step for the same work. update: seconds of an
    optimiser step. sampling: seconds to write the samples once. starting, saving: seconds. shape: bytes that a new
    shape leaves behind. free: bytes free for the whole process, now. recompute: whether it was on. at_once: tokens that
    it sees at once. grid: what shapes of batches are rounded up to. bookkeeping: seconds of a step, the Trainer's.
    """

    trials: tuple[BatchMeasurement, ...]
    held: int
    frozen: int
    head: int
    trained_a_rank: int
    rank: int
    evaluating: float
    update: float
    sampling: float
    starting: float
    saving: float
    shape: int
    free: int
    room: int
    samples: int
    recompute: bool
    train: SplitLengths
    validation: SplitLengths
    at_once: int = AT_ONCE
    grid: ShapeGrid = FINE
    bookkeeping: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return everything as JSON values."""
        plain = {name: getattr(self, name) for name in self.__slots__}
        return {
            **plain,
            "trials": [asdict(trial) for trial in self.trials],
            "train": self.train.to_dict(),
            "validation": self.validation.to_dict(),
            "grid": asdict(self.grid),
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Read a dry run's result back. Raises ValueError where it is something else."""
        try:
            trials = tuple(BatchMeasurement(**{**item, "batch": Batch(**item["batch"])}) for item in value["trials"])
            later = {"at_once": AT_ONCE, "grid": asdict(FINE), "bookkeeping": 0.0, **value}  # later than others
            made: dict[str, Any] = {name: later[name] for name in cls.__slots__}
            made["grid"] = ShapeGrid(**made["grid"])
            made.update({name: SplitLengths.from_dict(value[name]) for name in ("train", "validation")}, trials=trials)
            return cls(**made)
        except (KeyError, TypeError) as error:
            raise ValueError(f"no measurement: {error}") from error


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run would take. seconds: of all; parts: by what is done. memory, free: bytes."""

    seconds: float
    memory: int
    free: int
    steps: int
    parts: Mapping[str, float] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """Whether the memory that was free at the dry run is enough."""
        return self.memory <= self.free


def estimate(measurement: Measurement, config: TrainingConfig, *, free: int = 0) -> Estimate:
    """Estimate a run with this configuration, of one process. free: bytes, 0 for those of the dry run."""
    work = workload(
        config,
        measurement.train,
        measurement.validation,
        room=measurement.room,
        samples=measurement.samples,
        at_once=measurement.at_once,
        grid=measurement.grid,
    )
    start, slope = _line(
        [(_work(trial.batch, measurement, measurement.rank), trial.warm) for trial in measurement.trials],
        proportional=True,
    )
    slower = _recomputing(measurement, config)
    cost = TimeModel(start, slope, measurement, config.lora_rank)
    epoch = cost.of(work.epoch) * slower + (measurement.update + measurement.bookkeeping) * work.steps / work.epochs
    warming = sum(trial.cold - trial.warm for trial in measurement.trials) / max(1, len(measurement.trials))
    parts = {
        "starting": measurement.starting,
        "training": epoch * work.epochs + max(0.0, warming) * work.shapes,
        "evaluating": cost.of(work.evaluation) * measurement.evaluating * work.evaluations,
        "sampling": measurement.sampling * work.samplings,
        "saving": measurement.saving * max(1, work.evaluations),
    }
    return Estimate(sum(parts.values()), memory(measurement, config, work), free or measurement.free, work.steps, parts)


@dataclass(frozen=True, slots=True)
class TimeModel:
    """Seconds of batches on the line that was fitted."""

    start: float
    slope: float
    measurement: Measurement
    rank: int

    def of(self, batches: Iterable[Batch]) -> float:
        """Seconds of all of them."""
        return sum(self.start + self.slope * _work(batch, self.measurement, self.rank) for batch in batches)


def memory(measurement: Measurement, config: TrainingConfig, work: Workload) -> int:
    """Bytes at the highest point of a run."""
    base, slope = _line([(trial.batch.tokens, trial.peak - measurement.held) for trial in measurement.trials])
    widest = work.widest.tokens
    if config.recompute and not measurement.recompute:
        slope *= RECOMPUTED
    trained = BYTES_A_TRAINED_WEIGHT * measurement.trained_a_rank * (config.lora_rank - measurement.rank)
    trained += MOMENTS * measurement.trained_a_rank * measurement.rank  # a dry run takes no step
    shapes = measurement.shape * min(KEPT_SHAPES, max(0, work.shapes - len(measurement.trials)))
    return int(MARGIN * (measurement.held + max(0.0, base + slope * widest) + trained + shapes))


RECOMPUTED = 0.4  # of the bytes a token, and
SLOWER = 1.3  # times the seconds, where activations are computed again instead of kept


def _recomputing(measurement: Measurement, config: TrainingConfig) -> float:
    if config.recompute == measurement.recompute:
        return 1.0
    return SLOWER if config.recompute else 1 / SLOWER


def _work(batch: Batch, measurement: Measurement, rank: int) -> float:
    """Multiplications of a batch, up to a constant factor."""
    return (
        batch.tokens * (measurement.frozen + 1.5 * measurement.trained_a_rank * rank) + batch.labels * measurement.head
    )


def _line(points: list[tuple[float, float]], *, proportional: bool = False) -> tuple[float, float]:
    """Fit ``a + b x`` with neither below zero; proportional: so that relative errors count, not absolute ones.

    >>> [round(value, 6) for value in _line([(1, 3.0), (2, 5.0)])], _line([(2, 8.0)])
    ([1.0, 2.0], (0.0, 4.0))
    """
    x, y = (np.array([point[axis] for point in points], dtype=np.float64) for axis in (0, 1))
    weight = 1 / np.maximum(np.abs(y), 1e-12) if proportional else np.ones_like(y)
    if len(set(x.tolist())) > 1:
        columns = np.stack([np.ones_like(x), x], axis=1) * weight[:, None]
        start, slope = np.linalg.lstsq(columns, y * weight, rcond=None)[0]
        if start >= 0 and slope >= 0:
            return float(start), float(slope)
        if slope < 0:
            return float(max(0.0, y.max())), 0.0
    return 0.0, float(max(0.0, (weight**2 * x * y).sum() / (weight**2 * x * x).sum()))
