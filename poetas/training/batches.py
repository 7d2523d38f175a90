"""Putting examples together: batches of similar length, padded to a common one, the same in every run of a seed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch.utils.data import Sampler

from poetas.generation.prompts import IGNORED, Encoded

MULTIPLE = 16  # lengths are filled up to it: each new shape of batch costs time and memory (see `process`)
POOL = 8  # batches that are sorted by length together: more pads less, fewer mixes better


class LengthGroupedOrder(Sampler[int]):
    """The order of examples in an epoch: shuffled, then grouped by length, then the groups shuffled.

    It depends on the seed and the epoch alone, never on what was drawn before, so that a resumed run goes on with
    exactly the batches that were due. The longest texts come first in the first epoch: what does not fit shows at once.

    >>> order = LengthGroupedOrder([5, 1, 5, 1], 2, seed=0)
    >>> sorted(list(order)), list(order) == list(order)
    ([0, 1, 2, 3], True)
    """

    def __init__(self, lengths: Sequence[int], batch: int, seed: int) -> None:
        self._lengths = np.asarray(lengths, dtype=np.int64)
        self._batch = batch
        self._seed = seed
        self._epoch = 0

    def __len__(self) -> int:
        return len(self._lengths)

    def __iter__(self) -> Iterator[int]:
        return iter(self.of_epoch(self._epoch))

    def set_epoch(self, epoch: int) -> None:
        """Say which epoch comes."""
        self._epoch = epoch

    def of_epoch(self, epoch: int) -> list[int]:
        """Indices in the order of an epoch; batches are consecutive pieces of it, the incomplete one last."""
        chance = np.random.default_rng([self._seed, epoch])
        shuffled = chance.permutation(len(self._lengths))
        batches: list[list[int]] = []
        pool = self._batch * POOL
        for start in range(0, len(shuffled), pool):
            piece = shuffled[start : start + pool]
            piece = piece[np.argsort(-self._lengths[piece], kind="stable")]
            batches += [piece[at : at + self._batch].tolist() for at in range(0, len(piece), self._batch)]
        whole = [batch for batch in batches if len(batch) == self._batch]
        rest = [index for batch in batches if len(batch) < self._batch for index in batch]
        order = [whole[at] for at in chance.permutation(len(whole))]
        if epoch == 0 and order:
            longest = max(range(len(order)), key=lambda at: self._lengths[order[at]].max())
            order.insert(0, order.pop(longest))
        return [index for batch in order for index in batch] + rest


def by_length(lengths: Sequence[int]) -> list[int]:
    """Indices from the longest to the shortest: the least padding, where the order does not matter."""
    order: list[int] = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable").tolist()
    return order


class Padding:
    """Makes a batch of examples: int64 [rows, columns] tensors ``input_ids``, ``attention_mask``, ``labels``.

    Columns are filled up on the right to a multiple of `MULTIPLE`, ids with ``pad``, labels with -100; never beyond
    ``room``, the columns that the model can hold.
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
        longest = max(map(len, rows))
        width = max(longest, min(self._room, -(-longest // MULTIPLE) * MULTIPLE))
        filled = torch.full((len(rows), width), value, dtype=torch.long)
        for at, row in enumerate(rows):
            filled[at, : len(row)] = torch.tensor(row, dtype=torch.long)
        return filled
