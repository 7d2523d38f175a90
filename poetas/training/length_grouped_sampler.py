"""Sampler for torch's `DataLoader`: each epoch's shuffled order, examples of like length side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from torch.utils.data import Sampler

from poetas.training.batching import epoch_order


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
