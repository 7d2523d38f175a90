"""Order of the examples in an epoch and width of their batches: plain arithmetic, for training and for estimates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MULTIPLE = 16  # lengths are padded to it: each new shape of batch costs time and memory (see `process_setup`)
COARSE = 128  # the same where each shape is recorded once and played back (`recorded_steps`): few shapes count more
COARSE_LABELS = 256
POOL = 8  # batches that are sorted by length together: more pads less, fewer mixes better


@dataclass(frozen=True, slots=True)
class ShapeGrid:
    """What the shapes of batches are rounded up to: columns, and labels of the whole batch."""

    columns: int = MULTIPLE
    labels: int = 1


FINE, RECORDED = ShapeGrid(), ShapeGrid(COARSE, COARSE_LABELS)


def padded_width(length: int, room: int, multiple: int = MULTIPLE) -> int:
    """Columns of a batch whose longest row has ``length`` tokens, for a model that holds ``room``.

    >>> padded_width(33, 4096), padded_width(33, 40), padded_width(48, 48), padded_width(33, 4096, 128)
    (48, 40, 48, 128)
    """
    return max(length, min(room, -(-length // multiple) * multiple))


def epoch_order(lengths: NDArray[Any] | Sequence[int], batch: int, seed: int, epoch: int) -> list[int]:
    """Indices of all examples for an epoch: shuffled, grouped by length, the groups shuffled.

    Batches are consecutive pieces of ``batch``, the incomplete one last. It depends on the seed and the epoch alone,
    not on earlier draws, so that a resumed run continues with exactly the same batches. In the first
    epoch the batch with the longest text comes first: what does not fit in memory shows at once.

    >>> epoch_order([5, 1, 5, 1, 9], 2, seed=0, epoch=0)[0]
    4
    """
    sizes = np.asarray(lengths, dtype=np.int64)
    rng = np.random.default_rng([seed, epoch])
    shuffled = rng.permutation(len(sizes))
    batches: list[list[int]] = []
    for start in range(0, len(shuffled), batch * POOL):
        piece = shuffled[start : start + batch * POOL]
        piece = piece[np.argsort(-sizes[piece], kind="stable")]
        batches += [piece[position : position + batch].tolist() for position in range(0, len(piece), batch)]
    rest = batches.pop() if batches and len(batches[-1]) < batch else []
    order = [batches[position] for position in rng.permutation(len(batches))]
    if epoch == 0 and order:
        longest = max(range(len(order)), key=lambda position: int(sizes[order[position]].max()))
        order.insert(0, order.pop(longest))
    return [index for members in order for index in members] + rest


def by_length(lengths: Sequence[int]) -> list[int]:
    """Indices from the longest to the shortest: the least padding, where the order does not matter.

    >>> by_length([2, 9, 5])
    [1, 2, 0]
    """
    order: list[int] = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable").tolist()
    return order


def batches_of(order: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    """Cut an order into batches."""
    for start in range(0, len(order), size):
        yield order[start : start + size]
