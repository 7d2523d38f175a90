"""Conversion of a folder in the Hub's layout to the cache's: one bf16 safetensors file, config and tokenizer.

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

from poetas.models.convert import WEIGHTS, Say, check_tokenizer
from poetas.models.errors import broken_model, reading, unsafe_weights, unsupported_model
from poetas.models.load_check import check_config, try_loading
from poetas.models.safetensors_stream import (
    Slot,
    TensorLocation,
    read_header,
    read_raw,
    read_rows,
    to_bfloat16,
    write_tensors,
)
from poetas.util.files import read_json, write_json

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
    with reading(name):
        try:
            config = _table(source / "config.json")
            places = {path: read_header(path) for path in _weight_files(source)}
        except OSError as error:
            raise broken_model(name, str(error)) from error
        check_config(config, [place.slot for tensors in places.values() for place in tensors.values()])
        _check_kind(name, config)
        _copy_tokenizer(name, source, folder)
        clean = {key: value for key, value in _without_code(config).items() if key != "torch_dtype"}
        write_json(folder / "config.json", {**clean, "dtype": "bfloat16"}, mode=0o644)
        generation = source / "generation_config.json"
        if generation.is_file():
            write_json(folder / generation.name, _table(generation), mode=0o644)
        parameters = _copy_weights(places, folder, say)
        try_loading(folder)
    return parameters


def _table(path: Path) -> dict[str, Any]:
    table = read_json(path)
    if not isinstance(table, dict):
        raise ValueError(f"{path.name} holds no table")  # noqa: TRY004 - a file's content, not a caller's type
    return table


def _without_code(value: Any) -> Any:
    """Leave out, at every depth, what names code: a repository's files, or a kernel that a library would download."""
    if isinstance(value, dict):
        named = {key for key in value if key in _CODE or key.endswith("_implementation")}
        return {key: _without_code(item) for key, item in value.items() if key not in named}
    return [_without_code(item) for item in value] if isinstance(value, list) else value


def _weight_files(source: Path) -> list[Path]:
    index = source / "model.safetensors.index.json"
    if (source / WEIGHTS).is_file():
        return [source / WEIGHTS]
    names = sorted({str(name) for name in _table(index)["weight_map"].values()}) if index.is_file() else []
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
    if packed := config.get("quantization_config"):
        how = packed.get("quant_method", "quantised") if isinstance(packed, dict) else packed
        raise unsupported_model(name, f"{kind}, {how}")


def _copy_weights(places: dict[Path, dict[str, TensorLocation]], folder: Path, say: Say) -> int:
    """Stream every tensor, floating-point ones as bf16, others as they are; return how many weights."""
    order = [(path, place) for path, tensors in places.items() for place in tensors.values()]
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

    write_tensors(folder / WEIGHTS, slots, blocks(), metadata={"format": "pt"})
    return sum(slot.size // 2 for slot in slots if slot.dtype not in _INTEGERS)


def _copy_tokenizer(name: str, source: Path, folder: Path) -> None:
    """Copy the tokenizer, or have transformers write the fast form of one that comes in an older file."""
    naming = source / "tokenizer_config.json"
    if (source / "tokenizer.json").is_file():
        shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
        check_tokenizer(folder / "tokenizer.json")
        settings = _table(naming) if naming.is_file() else {}
        write_json(folder / naming.name, _without_code(settings), mode=0o644)
        for kept in _KEPT:
            if (source / kept).is_file():
                shutil.copyfile(source / kept, folder / kept)
        return
    from transformers import AutoTokenizer  # noqa: PLC0415

    try:
        tokenizer = AutoTokenizer.from_pretrained(source, trust_remote_code=False, local_files_only=True)
    except Exception as error:  # of any kind: each tokenizer's library has its own
        raise broken_model(name, f"tokenizer: {error}") from error
    tokenizer.save_pretrained(folder)
    if not (folder / "tokenizer.json").is_file():
        raise unsupported_model(name, "tokenizer")
