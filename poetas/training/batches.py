"""Putting examples together for torch: the order of each epoch, and batches filled up to a common width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Sampler

from poetas.generation.prompts import IGNORED, Encoded
from poetas.training.batching import epoch_order, filled_up


class LengthGroupedOrder(Sampler[int]):
    """`order.epoch_order` as torch wants it. batch: examples behind one step.

    >>> sorted(LengthGroupedOrder([5, 1, 5, 1], 2, seed=0))
    [0, 1, 2, 3]
    """

    def __init__(self, lengths: Sequence[int], batch: int, seed: int) -> None:
        self._lengths, self._batch, self._seed = list(lengths), batch, seed
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        return iter(epoch_order(self._lengths, self._batch, self._seed, self._epoch))

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes."""
        self._epoch = epoch


class Padding:
    """Makes a batch of examples: int64 [rows, columns] tensors ``input_ids``, ``attention_mask``, ``labels``.

    Columns are filled up on the right (`order.filled_up`), ids with ``pad``, labels with -100; never beyond ``room``,
    the columns that the model can hold.
    """

    def __init__(self, pad: int, room: int) -> None:
        self._pad = pad
        self._room = room

    def __call__(self, items: Sequence[Encoded]) -> dict[str, torch.Tensor]:
        """Pad and mask."""
        ids = self._filled([item.input_ids for item in items], self._pad)
        lengths = torch.tensor([len(item.input_ids) for item in items])
        mask = (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()
        labels = self._filled([item.labels for item in items], IGNORED)
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    def _filled(self, rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
        width = filled_up(max(map(len, rows)), self._room)
        filled = torch.full((len(rows), width), value, dtype=torch.long)
        for at, row in enumerate(rows):
            filled[at, : len(row)] = torch.tensor(row, dtype=torch.long)
        return filled
