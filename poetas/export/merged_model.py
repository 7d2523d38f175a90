"""Merged model as a transformers folder: safetensors in bfloat16 or float32, config and tokenizer."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.export.weight_merging import MergedWeights
from poetas.models.safetensors_stream import BF16, Slot, to_bfloat16, write_tensors
from poetas.util.files import inside, read_json, write_json

Advance = Callable[[int], None]
WEIGHTS = "model.safetensors"
CONFIG = "config.json"
TOKENIZER_FILES = (
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "chat_template.json",
)


def write_merged(weights: MergedWeights, base: Path, folder: Path, dtype: str, advance: Advance) -> None:
    """Write the merged model into ``folder``. dtype: "bfloat16" or "float32".

    advance: called with the number of weights written since the last call; it may raise to end the work.
    """
    kind = "F32" if dtype == "float32" else BF16
    slots = [Slot(name, shape, kind) for name, shape in weights.shapes.items()]
    write_tensors(folder / WEIGHTS, slots, _blocks(weights, slots, advance), metadata={"format": "pt"})
    config: dict[str, Any] = read_json(base / CONFIG)
    config.pop("_name_or_path", None)  # a folder of this machine
    config.pop("torch_dtype", None)
    write_json(folder / CONFIG, {**config, "dtype": dtype}, mode=0o644)
    copy_tokenizer(base, folder)


def copy_tokenizer(base: Path, folder: Path) -> None:
    """Copy the tokenizer's files of a model, and how it writes by default."""
    for name in TOKENIZER_FILES:
        if (base / name).is_file() and inside(base, base / name):
            shutil.copyfile(base / name, folder / name)


def _blocks(weights: MergedWeights, slots: list[Slot], advance: Advance) -> Iterator[tuple[Slot, NDArray[Any]]]:
    for slot in slots:
        for piece in weights.blocks(slot.name):
            yield slot, piece.astype(np.float32, copy=False) if slot.dtype == "F32" else to_bfloat16(piece)
            advance(piece.size)
