"""Conversion of a GGUF or a folder to the cache's layout, tensor by tensor: bf16 safetensors, config, tokenizer.

Only one block of rows is in memory at a time. The folder is built under a temporary name and renamed when whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from poetas.models.errors import reading
from poetas.models.gguf.architectures import (
    Architecture,
    architecture_of,
    config_of,
    needs_whole,
    restored,
    special_ids,
    tensor_name,
)
from poetas.models.gguf.gguf_file import GGUFFile
from poetas.models.gguf.gguf_tokenizer import tokenizer_of
from poetas.models.gguf.shapes import check_shapes, shapes_of
from poetas.models.model_store import is_whole
from poetas.models.safetensors_stream import Slot, to_bfloat16, write_tensors
from poetas.util.atomic_folder import replacing
from poetas.util.files import write_json, writing

Say = Callable[[float, float], None]
WEIGHTS = "model.safetensors"


@contextmanager
def building(folder: Path, *, refetch: bool = False) -> Iterator[Path]:
    """A temporary folder for a model's files that takes the place of ``folder`` at the end, see `replacing`.

    The caller holds the model's lock. A whole model that is already there is kept, unless ``refetch``: a file
    of the right size can be damaged.
    """
    with replacing(
        folder, file_mode=0o644, folder_mode=0o755, keep=lambda: not refetch and is_whole(folder)
    ) as temporary:
        yield temporary


def convert_gguf(path: Path, folder: Path, say: Say, *, title: str = "") -> int:
    """Write a GGUF's weights, config and tokenizer into ``folder``; return the number of parameters.

    say: called with ``(done, total)`` bytes written. Raises UnsupportedModel for an architecture or a tokenizer that
    is not known here, BrokenModel for a file that does not hold what it should.
    """
    with reading(title or path.name), GGUFFile(path) as source:
        described, config = architecture_of(source), config_of(source)
        slots = {name: Slot(tensor_name(described, name), tensor.shape) for name, tensor in source.tensors.items()}
        check_shapes(shapes_of(described, config), {slot.name: slot.shape for slot in slots.values()})
        _write_tokenizer(source, folder)
        write_json(folder / "config.json", config, mode=0o644)
        write_json(folder / "generation_config.json", special_ids(source.metadata), mode=0o644)
        blocks = _blocks(source, described, config, slots, say)
        write_tensors(folder / WEIGHTS, slots.values(), blocks, metadata={"format": "pt"})
        return sum(slot.size for slot in slots.values()) // 2


def _write_tokenizer(source: GGUFFile, folder: Path) -> None:
    tokenizer, naming = tokenizer_of(source.metadata)
    write_json(folder / "tokenizer_config.json", naming, mode=0o644)
    _write_compact(folder / "tokenizer.json", tokenizer)
    check_tokenizer(folder / "tokenizer.json")


def _blocks(
    source: GGUFFile, described: Architecture, config: dict[str, Any], slots: dict[str, Slot], say: Say
) -> Iterator[tuple[Slot, NDArray[np.uint16]]]:
    done, total = 0, sum(slot.size for slot in slots.values())
    for name, slot in slots.items():
        pieces = source.blocks(source.tensors[name])
        if needs_whole(described, name):
            pieces = iter([np.concatenate(list(pieces))])
        for piece in pieces:
            rows = to_bfloat16(restored(described, name, piece, config))
            yield slot, rows
            done += rows.nbytes
            say(done, total)


def check_tokenizer(path: Path) -> None:
    """Read a ``tokenizer.json`` as generation and training do. Raises ValueError where that fails."""
    try:
        Tokenizer.from_file(str(path))
    except Exception as error:
        raise ValueError(f"{path.name}: {error}") from error


def _write_compact(path: Path, value: Any) -> None:
    """Write a large JSON without indentation, piece by piece."""
    with writing(path, mode=0o644) as out:
        for piece in json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).iterencode(value):
            out.write(piece.encode("utf-8"))
