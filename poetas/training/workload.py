"""Workload of a run: every batch of an epoch, counted from the lengths of its texts, without a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from poetas.training.batching import FINE, ShapeGrid, batches_of, by_length, epoch_order, padded_width
from poetas.training.config import AT_ONCE, TrainingConfig, parts_of

Lengths = NDArray[np.int64]
_ARRAYS = ("texts", "rest", "labels")
_FULL = 0.85  # share of a window that is used, because it ends with a sentence; 0.84 to 0.88 in stories of 3,000 tokens
_EPOCHS = 2  # epochs that are laid out; the others are much like them


@dataclass(frozen=True, slots=True)
class Batch:
    """What a batch asks of the machine: rows x columns tokens, padding included, and so many labels."""

    rows: int
    columns: int
    labels: int

    @property
    def tokens(self) -> int:
        """Tokens worked through, padding included."""
        return self.rows * self.columns


@dataclass(frozen=True, slots=True, eq=False)
class SplitLengths:
    """Lengths of the examples of a split, in tokens: int64 [n] each.

    texts: of the texts, uncut. rest: of what is beside them in a row (instruction, summary). labels: of what is
    to be predicted; in a style corpus the text itself, so that a cut text has fewer. rows: of each window, the index of
    its text; [0] where texts are not studied in windows. longest: of the windows.
    """

    texts: Lengths
    rest: Lengths
    labels: Lengths
    rows: Lengths = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    longest: int = 0

    @classmethod
    def of(
        cls,
        texts: Iterable[int],
        rest: Iterable[int],
        labels: Iterable[int],
        rows: Iterable[int] = (),
        longest: int = 0,
    ) -> Self:
        """Make it of any integers."""
        arrays = [np.fromiter(values, dtype=np.int64) for values in (texts, rest, labels, rows)]
        return cls(arrays[0], arrays[1], arrays[2], arrays[3], longest)

    def to_dict(self) -> dict[str, Any]:
        """Return the lengths as JSON values."""
        arrays = {name: getattr(self, name).tolist() for name in _ARRAYS}
        return {**arrays, **({"rows": self.rows.tolist(), "longest": self.longest} if len(self.rows) else {})}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Read them back. Raises KeyError, TypeError, ValueError where it is something else."""
        rows, longest = map(int, value.get("rows") or ()), int(value.get("longest") or 0)
        texts, rest, labels = (map(int, value[name]) for name in _ARRAYS)
        made = cls.of(texts, rest, labels, rows, longest)
        if {len(made.rest), len(made.labels), len(made.rows) or len(made.texts)} != {len(made.texts)}:
            raise ValueError("lengths of different length")
        return made

    def cut(self, longest: int, room: int) -> tuple[Lengths, Lengths]:
        """Return the lengths of whole rows, and their labels, where texts are cut at ``longest`` tokens.

        Texts that are studied in windows are parted again: about as many windows as they will be.
        """
        if len(self.rows):
            return self._parted(longest, room)
        kept = np.minimum(self.texts, longest)
        styled = self.labels >= self.texts
        labels = np.where(styled, self.labels - (self.texts - kept), self.labels)
        return np.minimum(kept + self.rest, room), labels

    def _parted(self, longest: int, room: int) -> tuple[Lengths, Lengths]:
        texts, rest, labels = self.texts, self.rest, self.labels
        if longest != self.longest:
            _rows, first, place = np.unique(self.rows, return_index=True, return_inverse=True)
            whole = np.bincount(place, weights=self.texts).astype(np.int64)
            many = np.where(whole > longest, -(-whole // max(1, round(_FULL * longest))), 1)
            texts = np.repeat(-(-whole // many), many)
            rest, labels = np.repeat(self.rest[first], many), texts
        return np.minimum(texts + rest, room), labels

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, slots=True)
class Workload:
    """A whole run. epoch: the batches of one epoch, micro batch by micro batch. shapes: widths that occur, in all.

    steps: optimiser steps. evaluation: the batches of one evaluation. evaluations, samples: how often.
    """

    epoch: tuple[Batch, ...]
    shapes: int
    steps: int
    epochs: int
    evaluation: tuple[Batch, ...]
    evaluations: int
    samplings: int

    @property
    def widest(self) -> Batch:
        """The batch that needs the most memory."""
        return max(self.epoch, key=lambda batch: batch.tokens)


def workload(
    config: TrainingConfig,
    train: SplitLengths,
    validation: SplitLengths,
    *,
    room: int,
    samples: int = 0,
    at_once: int = AT_ONCE,
    grid: ShapeGrid = FINE,
) -> Workload:
    """Lay out a run in one process. at_once: tokens that it sees at once. grid: what shapes are rounded up to.

    >>> corpus = SplitLengths.of([100, 20], [30, 30], [10, 10])
    >>> work = workload(TrainingConfig(batch_size=2, epochs=3), corpus, corpus, room=4096)
    >>> work.steps, work.epoch, work.evaluations
    (3, (Batch(rows=2, columns=144, labels=20),), 4)
    """
    lengths, labels = train.cut(config.longest, room)
    parts = parts_of(config.batch_size, config, at_once)
    micro = config.batch_size // parts
    orders = [
        epoch_order(lengths, config.batch_size, config.seed, epoch) for epoch in range(min(_EPOCHS, config.epochs))
    ]
    laid_out = [[_batch(part, lengths, labels, room, grid) for part in batches_of(order, micro)] for order in orders]
    steps_an_epoch = -(-len(laid_out[0]) // parts)
    exam_lengths, exam_labels = validation.cut(config.longest, room)
    exam = [
        _batch(part, exam_lengths, exam_labels, room, grid)
        for part in batches_of(by_length(exam_lengths.tolist()), 2 * micro)
    ]
    steps = steps_an_epoch * config.epochs
    every = max(1, round(config.evaluate_every * steps_an_epoch))
    pauses = -(-steps // every) if exam else 0
    sampled = pauses if samples and config.sample_every else 0
    recorded = grid != FINE  # then each number of labels is a shape of its own
    shapes = {(batch.rows, batch.columns, batch.labels * recorded) for batches in laid_out for batch in batches}
    return Workload(
        epoch=tuple(laid_out[-1]),
        shapes=len(shapes),
        steps=steps,
        epochs=config.epochs,
        evaluation=tuple(exam),
        evaluations=pauses + bool(exam),  # one before the first step
        samplings=-(-sampled // config.sample_every) + 1 if sampled else 0,  # one before the first step, too
    )


def _batch(indices: Sequence[int], lengths: Lengths, labels: Lengths, room: int, grid: ShapeGrid) -> Batch:
    rows = np.asarray(indices)
    learnt = -(-int(labels[rows].sum()) // grid.labels) * grid.labels
    return Batch(len(rows), padded_width(int(lengths[rows].max()), room, grid.columns), learnt)
