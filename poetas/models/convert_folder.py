"""Turning a folder in the Hub's layout into the cache's: one bf16 safetensors file, config and tokenizer.

Weights stream from the shards to the new file. The repository's code is never run, and a model whose kind the
installed transformers does not know by itself is refused.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.files import read_json, write_json
from poetas.models.convert import WEIGHTS, Say
from poetas.models.errors import broken_model, unsafe_weights, unsupported_model
from poetas.models.tensorfile import Place, Slot, read_header, read_raw, read_rows, to_bfloat16, write_tensors

_INTEGERS = frozenset({"I64", "I32", "I16", "I8", "U8", "BOOL"})
_KEPT = ("special_tokens_map.json", "added_tokens.json", "chat_template.jinja", "chat_template.json")
_CODE = ("auto_map", "custom_pipelines")  # names of Python files that a repository wants run


def has_chat_template(folder: Path) -> bool:
    """Tell whether a model's tokenizer brings a template for conversations."""
    if (folder / "chat_template.jinja").is_file():
        return True
    try:
        return bool(read_json(folder / "tokenizer_config.json").get("chat_template"))
    except (OSError, ValueError, AttributeError):
        return False


def convert_folder(source: Path, folder: Path, say: Say, *, title: str = "") -> int:
    """Write the weights, config and tokenizer of ``source`` into ``folder``; return the number of parameters.

    say: called with ``(done, total)`` bytes written. Raises BrokenModel where a file is missing or damaged,
    UnsupportedModel for a kind that cannot write text or quantised weights, UnsafeWeights where the model would need
    its repository's own code.
    """
    name = title or source.name
    try:
        config: dict[str, Any] = read_json(source / "config.json")
        places = {path: read_header(path) for path in _weight_files(source)}
    except (OSError, ValueError) as error:
        raise broken_model(name, str(error)) from error
    _check_kind(name, config)
    parameters = _copy_weights(name, places, folder, say)
    clean = {key: value for key, value in config.items() if key not in (*_CODE, "torch_dtype")}
    write_json(folder / "config.json", {**clean, "dtype": "bfloat16"}, mode=0o644)
    _copy_tokenizer(name, source, folder)
    generation = source / "generation_config.json"
    if generation.is_file():
        shutil.copyfile(generation, folder / generation.name)
    return parameters


def _weight_files(source: Path) -> list[Path]:
    index = source / "model.safetensors.index.json"
    if (source / WEIGHTS).is_file():
        return [source / WEIGHTS]
    names = sorted(set(read_json(index)["weight_map"].values())) if index.is_file() else []
    paths = [source / Path(name).name for name in names] or sorted(source.glob("*.safetensors"))
    if not paths:
        raise ValueError("no safetensors")
    return paths


def _check_kind(name: str, config: dict[str, Any]) -> None:
    """Refuse what transformers does not know as a writer of text, and weights that are packed in another way."""
    from transformers.models.auto.modeling_auto import (  # noqa: PLC0415 - heavy, and only the fetching process needs it
        MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
        MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES,
    )

    kind = str(config.get("model_type", "?"))
    both = config.get("is_encoder_decoder", False)
    known = MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES if both else MODEL_FOR_CAUSAL_LM_MAPPING_NAMES
    if kind not in known:
        if any(config.get(key) for key in _CODE):
            raise unsafe_weights(name, files=f"{kind}: auto_map")
        raise unsupported_model(name, kind)
    if config.get("quantization_config"):
        raise unsupported_model(name, f"{kind}, {config['quantization_config'].get('quant_method', 'quantised')}")


def _copy_weights(name: str, places: dict[Path, dict[str, Place]], folder: Path, say: Say) -> int:
    """Stream every tensor, floating-point ones as bf16, others as they are; return how many weights."""
    order = [(path, place) for path, found in places.items() for place in found.values()]
    slots = [
        place.slot if place.slot.dtype in _INTEGERS else Slot(place.slot.name, place.slot.shape) for _, place in order
    ]
    total = sum(slot.size for slot in slots)

    def blocks() -> Iterator[tuple[Slot, NDArray[np.generic]]]:
        done = 0
        for slot, (path, place) in zip(slots, order, strict=True):
            if slot.dtype in _INTEGERS:
                pieces: Iterator[NDArray[np.generic]] = read_raw(path, place)
            else:
                pieces = (to_bfloat16(piece) for piece in read_rows(path, place))
            for piece in pieces:
                yield slot, piece
                done += piece.nbytes
                say(done, total)

    try:
        write_tensors(folder / WEIGHTS, slots, blocks(), metadata={"format": "pt"})
    except ValueError as error:
        raise broken_model(name, str(error)) from error
    return sum(slot.size // 2 for slot in slots if slot.dtype not in _INTEGERS)


def _copy_tokenizer(name: str, source: Path, folder: Path) -> None:
    """Copy the tokenizer, or have transformers write the fast form of one that comes in an older file."""
    naming = source / "tokenizer_config.json"
    if (source / "tokenizer.json").is_file():
        shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
        told = read_json(naming) if naming.is_file() else {}
        write_json(folder / naming.name, {key: value for key, value in told.items() if key not in _CODE}, mode=0o644)
        for kept in _KEPT:
            if (source / kept).is_file():
                shutil.copyfile(source / kept, folder / kept)
        return
    from transformers import AutoTokenizer  # noqa: PLC0415

    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False, local_files_only=True)
        tokenizer.save_pretrained(folder)
    except (OSError, ValueError, ImportError, KeyError, TypeError) as error:
        raise broken_model(name, f"tokenizer: {error}") from error
    if not (folder / "tokenizer.json").is_file():
        raise unsupported_model(name, "tokenizer")
