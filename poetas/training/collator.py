"""Sampler and collator for torch's `DataLoader`: the order of each epoch, and batches padded to a common width."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch
from torch.utils.data import Sampler

from poetas.training.batching import epoch_order, padded_width
from poetas.training.label_masking import IGNORE_INDEX, EncodedExample


class LengthGroupedSampler(Sampler[int]):
    """`batching.epoch_order` as a `torch.utils.data.Sampler`. batch: examples behind one step.

    >>> sorted(LengthGroupedSampler([5, 1, 5, 1], 2, seed=0))
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
        """Set the epoch that the next iteration is for."""
        self._epoch = epoch


class PaddingCollator:
    """Collator of examples: int64 [rows, columns] tensors ``input_ids``, ``attention_mask``, ``labels``.

    Columns are padded on the right (`padded_width`), ids with ``pad``, labels with -100; never beyond ``room``,
    the columns that the model can hold.
    """

    def __init__(self, pad: int, room: int) -> None:
        self._pad = pad
        self._room = room

    def __call__(self, items: Sequence[EncodedExample]) -> dict[str, torch.Tensor]:
        """Pad and mask."""
        ids = self._filled([item.input_ids for item in items], self._pad)
        lengths = torch.tensor([len(item.input_ids) for item in items])
        mask = (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()
        labels = self._filled([item.labels for item in items], IGNORE_INDEX)
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    def _filled(self, rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
        width = padded_width(max(map(len, rows)), self._room)
        filled = torch.full((len(rows), width), value, dtype=torch.long)
        for index, row in enumerate(rows):
            filled[index, : len(row)] = torch.tensor(row, dtype=torch.long)
        return filled
