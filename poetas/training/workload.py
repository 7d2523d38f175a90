"""Workload of a run: every batch of an epoch, counted from the lengths of its texts, without a model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from poetas.training.batching import batches_of, by_length, epoch_order, padded_width
from poetas.training.config import TrainingConfig

Lengths = NDArray[np.int64]
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
    to be predicted; in a style corpus the text itself, so that a cut text has fewer.
    """

    texts: Lengths
    rest: Lengths
    labels: Lengths

    @classmethod
    def of(cls, texts: Iterable[int], rest: Iterable[int], labels: Iterable[int]) -> Self:
        """Make it of any integers."""
        return cls(*(np.fromiter(values, dtype=np.int64) for values in (texts, rest, labels)))

    def to_dict(self) -> dict[str, list[int]]:
        """Return the lengths as JSON values."""
        return {"texts": self.texts.tolist(), "rest": self.rest.tolist(), "labels": self.labels.tolist()}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Self:
        """Read them back. Raises KeyError, TypeError, ValueError where it is something else."""
        made = cls.of(*(map(int, value[name]) for name in ("texts", "rest", "labels")))
        if not len(made.texts) == len(made.rest) == len(made.labels):
            raise ValueError("lengths of different length")
        return made

    def cut(self, longest: int, room: int) -> tuple[Lengths, Lengths]:
        """Return the lengths of whole rows, and their labels, where texts are cut at ``longest`` tokens."""
        kept = np.minimum(self.texts, longest)
        styled = self.labels >= self.texts
        labels = np.where(styled, self.labels - (self.texts - kept), self.labels)
        return np.minimum(kept + self.rest, room), labels

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
    config: TrainingConfig, train: SplitLengths, validation: SplitLengths, *, room: int, samples: int = 0
) -> Workload:
    """Lay out a run in one process.

    >>> corpus = SplitLengths.of([100, 20], [30, 30], [10, 10])
    >>> work = workload(TrainingConfig(batch_size=2, epochs=3), corpus, corpus, room=4096)
    >>> work.steps, work.epoch, work.evaluations
    (3, (Batch(rows=2, columns=144, labels=20),), 4)
    """
    lengths, labels = train.cut(config.longest, room)
    laid_out = [
        [_batch(part, lengths, labels, room) for part in _parts(lengths, config, epoch)]
        for epoch in range(min(_EPOCHS, config.epochs))
    ]
    steps_an_epoch = -(-len(laid_out[0]) // config.parts)
    exam_lengths, exam_labels = validation.cut(config.longest, room)
    exam = [
        _batch(part, exam_lengths, exam_labels, room)
        for part in batches_of(by_length(exam_lengths.tolist()), 2 * config.micro_batch)
    ]
    steps = steps_an_epoch * config.epochs
    every = max(1, round(config.evaluate_every * steps_an_epoch))
    pauses = -(-steps // every) if exam else 0
    samplings = -(-pauses // config.sample_every) if samples and config.sample_every else 0
    shapes = {(batch.rows, batch.columns) for batches in laid_out for batch in batches}
    return Workload(
        epoch=tuple(laid_out[-1]),
        shapes=len(shapes),
        steps=steps,
        epochs=config.epochs,
        evaluation=tuple(exam),
        evaluations=pauses + bool(exam),  # one before the first step
        samplings=samplings,
    )


def _parts(lengths: Lengths, config: TrainingConfig, epoch: int) -> Iterable[Sequence[int]]:
    order = epoch_order(lengths, config.batch_size, config.seed, epoch)
    return batches_of(order, config.micro_batch)


def _batch(indices: Sequence[int], lengths: Lengths, labels: Lengths, room: int) -> Batch:
    rows = np.asarray(indices)
    return Batch(len(rows), padded_width(int(lengths[rows].max()), room), int(labels[rows].sum()))
