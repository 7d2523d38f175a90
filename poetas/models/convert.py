"""Turning what a source brought into the cache's layout, tensor by tensor: bf16 safetensors, config, tokenizer.

Only one block of rows is in memory at a time. The folder is built under a temporary name and renamed when whole.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.files import sync_folder, write_json, writing
from poetas.models.cache import is_whole
from poetas.models.errors import broken_model, unsupported_model
from poetas.models.gguf_architectures import architecture_of, config_of, needs_whole, restored, special_ids, tensor_name
from poetas.models.gguf_file import GGUFFile
from poetas.models.gguf_tokenizer import tokenizer_of
from poetas.models.tensorfile import Slot, to_bfloat16, write_tensors

Say = Callable[[float, float], None]
WEIGHTS = "model.safetensors"


@contextmanager
def building(folder: Path) -> Iterator[Path]:
    """Give a temporary folder beside ``folder`` that takes its place at the end, or vanishes on an error.

    A whole model that is already there when we finish (another job was faster) is left alone.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent))
    try:
        yield temporary
        temporary.chmod(0o755)
        sync_folder(temporary)
        if folder.exists() and not is_whole(folder):
            shutil.rmtree(folder)
        if not folder.exists():
            temporary.replace(folder)
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def convert_gguf(path: Path, folder: Path, say: Say, *, title: str = "") -> int:
    """Write a GGUF's weights, config and tokenizer into ``folder``; return the number of parameters.

    say: called with ``(done, total)`` bytes written. Raises UnsupportedModel for an architecture or a tokenizer that
    is not known here, BrokenModel for a file that does not hold what it should.
    """
    name = title or path.name
    try:
        source = GGUFFile(path)
    except ValueError as error:
        raise broken_model(name, str(error)) from error
    with source:
        kind = str(source.metadata.get("general.architecture", "?"))
        try:
            described = architecture_of(source)
            names = {tensor: tensor_name(described, tensor) for tensor in source.tensors}
            config = config_of(source)
            tokenizer, naming = tokenizer_of(source.metadata)
        except (KeyError, ValueError) as error:
            raise unsupported_model(name, f"{kind}: {error}") from error
        slots = [Slot(names[tensor.name], tensor.shape) for tensor in source.tensors.values()]
        total = sum(slot.size for slot in slots)

        def blocks() -> Iterator[tuple[Slot, NDArray[np.uint16]]]:
            done = 0
            for slot, tensor in zip(slots, source.tensors.values(), strict=True):
                pieces = source.blocks(tensor)
                if needs_whole(described, tensor.name):
                    pieces = iter([np.concatenate(list(pieces))])
                for piece in pieces:
                    rows = to_bfloat16(restored(described, tensor.name, piece, config))
                    yield slot, rows
                    done += rows.nbytes
                    say(done, total)

        write_tensors(folder / WEIGHTS, slots, blocks(), metadata={"format": "pt"})
        write_json(folder / "config.json", config, mode=0o644)
        write_json(folder / "generation_config.json", special_ids(source.metadata), mode=0o644)
        write_json(folder / "tokenizer_config.json", naming, mode=0o644)
        _write_compact(folder / "tokenizer.json", tokenizer)
        return total // 2


def _write_compact(path: Path, value: Any) -> None:
    """Write a large JSON without indentation, piece by piece."""
    with writing(path, mode=0o644) as out:
        for piece in json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).iterencode(value):
            out.write(piece.encode("utf-8"))
