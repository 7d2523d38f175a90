"""Collator for torch's `DataLoader`: batches padded to a common width, and where their labels are."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from poetas.training.batching import FINE, ShapeGrid, padded_width
from poetas.training.label_masking import IGNORE_INDEX, EncodedExample


class PaddingCollator:
    """Collator of examples: int64 [rows, columns] tensors ``input_ids``, ``attention_mask``, ``labels``.

    Columns are padded on the right (`padded_width`), ids with ``pad``, labels with -100; never beyond ``room``,
    the columns that the model can hold.

    located: whether int64 [labels] tensors ``places`` and ``targets`` come with it, see `label_places`; a device that
    works beside Python would have to be waited for to count them.
    """

    def __init__(self, pad: int, room: int, *, grid: ShapeGrid = FINE, located: bool = False) -> None:
        self._pad = pad
        self._room = room
        self._grid = grid
        self._located = located

    def __call__(self, items: Sequence[EncodedExample]) -> dict[str, torch.Tensor]:
        """Pad and mask."""
        ids = self._filled([item.input_ids for item in items], self._pad)
        lengths = torch.tensor([len(item.input_ids) for item in items])
        mask = (torch.arange(ids.shape[1])[None, :] < lengths[:, None]).long()
        labels = self._filled([item.labels for item in items], IGNORE_INDEX)
        batch = {"input_ids": ids, "attention_mask": mask, "labels": labels}
        if self._located:
            places, targets = label_places(labels)
            missing = -len(places) % self._grid.labels
            batch["places"] = torch.nn.functional.pad(places, (0, missing))
            batch["targets"] = torch.nn.functional.pad(targets, (0, missing), value=IGNORE_INDEX)
        return batch

    def _filled(self, rows: Sequence[Sequence[int]], value: int) -> torch.Tensor:
        width = padded_width(max(map(len, rows)), self._room, self._grid.columns)
        filled = torch.full((len(rows), width), value, dtype=torch.long)
        for index, row in enumerate(rows):
            filled[index, : len(row)] = torch.tensor(row, dtype=torch.long)
        return filled


def label_places(labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Where in a batch [rows, columns], read row by row, the next token is a label, and these labels: int64 [n] each.

    >>> [found.tolist() for found in label_places(torch.tensor([[-100, -100, 7], [-100, 8, -100]]))]
    [[1, 3], [7, 8]]
    """
    rows, columns = torch.nonzero(labels[:, 1:] != IGNORE_INDEX, as_tuple=True)
    return rows * labels.shape[1] + columns, labels[rows, columns + 1]
