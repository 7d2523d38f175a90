"""Collator for torch's `DataLoader`: batches padded to a common width."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from poetas.training.batching import padded_width
from poetas.training.label_masking import IGNORE_INDEX, EncodedExample


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
