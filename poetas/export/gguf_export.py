"""GGUF file of a merged model, in float16 or Q8_0: the inverse of what `poetas.models.gguf` reads.

Written with the ``gguf`` package of llama.cpp, one tensor at a time. What GGUF cannot hold (another shape of the rotary
embedding, another tokenizer) is refused: the configuration read back must be the model's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType, GGUFValueType
from gguf.quants import quantize
from numpy.typing import NDArray
from transformers import AutoConfig

from poetas.export.gguf_vocabulary import vocabulary_metadata
from poetas.export.weight_merging import MergedWeights
from poetas.models.gguf.architectures import ARCHITECTURES, Architecture, config_of, tensor_name
from poetas.models.gguf.gguf_file import GGUFFile
from poetas.models.gguf.shapes import check_shapes, shapes_of

Advance = Callable[[int], None]
KINDS = {"f16": (GGMLQuantizationType.F16, 1), "q8_0": (GGMLQuantizationType.Q8_0, 7)}  # and general.file_type
_LARGEST_HALF = 65504.0
_BLOCK = 32  # values that share a scale in Q8_0
# Keys of a configuration that change nothing of what a model computes, or that have another place in a GGUF.
_IGNORED = frozenset(
    {"_name_or_path", "architectures", "dtype", "torch_dtype", "transformers_version", "initializer_range", "use_cache"}
    | {"bos_token_id", "eos_token_id", "pad_token_id", "attention_dropout", "pretraining_tp", "cache_implementation"}
    | {"max_window_layers", "id2label", "label2id", "chunk_size_feed_forward", "is_encoder_decoder"}
    | {"use_bidirectional_attention", "_attn_implementation", "attn_implementation", "output_attentions"}
)


def architecture_for(model_type: str) -> tuple[str, Architecture]:
    """Return the GGUF name and description of a transformers model type. Raises NotImplementedError.

    >>> architecture_for("gemma3_text")[0]
    'gemma3'
    """
    for name, described in ARCHITECTURES.items():
        if described.model_type == model_type:
            return name, described
    raise NotImplementedError(model_type)


def write_gguf(
    weights: MergedWeights,
    base: Path,
    path: Path,
    kind: str,
    *,
    name: str,
    tokenizer: Mapping[str, Any],
    naming: Mapping[str, Any],
    advance: Advance,
    licence: str = "",
) -> None:
    """Write ``path``. kind: "f16" or "q8_0". tokenizer, naming: see `vocabulary_metadata`.

    advance: called with the number of weights written since the last call; it may raise to end the work. Raises
    NotImplementedError for what GGUF, or this program, cannot say of the model.
    """
    config = AutoConfig.from_pretrained(base, local_files_only=True)
    architecture, described = architecture_for(str(config.model_type))
    names = _names(described, weights, int(config.num_hidden_layers))
    metadata = _config_metadata(architecture, config)
    metadata |= vocabulary_metadata(
        tokenizer, naming, {"architecture": architecture, "vocab_size": int(config.vocab_size)}
    )
    writer = GGUFWriter(path, architecture)
    try:
        writer.add_name(name)
        writer.add_type("model")
        if licence:
            writer.add_license(licence)
        writer.add_file_type(KINDS[kind][1])
        writer.add_quantization_version(2)
        for key, value in metadata.items():
            _add(writer, key, value)
        plans = {name_: _stored_as(name_, shape, kind) for name_, shape in weights.shapes.items()}
        for name_, shape in weights.shapes.items():
            size = _bytes(shape, plans[name_])
            writer.add_tensor_info(names[name_], shape, np.dtype(np.float32), size, raw_dtype=plans[name_])
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for name_, shape in weights.shapes.items():
            pieces = _laid_out(described, names[name_], weights.blocks(name_), config, shape)
            writer.write_tensor_data(_packed(pieces, shape, plans[name_], advance, names[name_]))
    finally:
        writer.close()
    _check_config(path, config)


def _names(described: Architecture, weights: MergedWeights, layers: int) -> dict[str, str]:
    """Return the GGUF name of every tensor. Raises NotImplementedError where one has none."""
    candidates = ["token_embd.weight", "output_norm.weight", "output.weight"]
    for layer in range(layers):
        candidates += [f"blk.{layer}.{short}.{end}" for short in described.layer for end in ("weight", "bias")]
    known = {tensor_name(described, candidate): candidate for candidate in candidates}
    if unknown := sorted(weights.shapes.keys() - known.keys()):
        raise NotImplementedError(f"{described.model_type}: {unknown[0]}")
    return {name: known[name] for name in weights.shapes}


def _rope_base(config: Any) -> float:
    """Return the base of the rotary embedding (of Gemma 3, that of the layers that see the whole text)."""
    rope = getattr(config, "rope_parameters", None) or {}
    rope = rope.get("full_attention", rope)
    return float(rope.get("rope_theta", 10_000.0))


def _config_metadata(architecture: str, config: Any) -> dict[str, Any]:
    heads = int(config.num_attention_heads)
    side = int(getattr(config, "head_dim", None) or config.hidden_size // heads)
    sizes: dict[str, Any] = {
        "context_length": int(config.max_position_embeddings),
        "embedding_length": int(config.hidden_size),
        "block_count": int(config.num_hidden_layers),
        "feed_forward_length": int(config.intermediate_size),
        "attention.head_count": heads,
        "attention.head_count_kv": int(config.num_key_value_heads),
        "attention.key_length": side,
        "attention.value_length": side,
        "attention.layer_norm_rms_epsilon": float(config.rms_norm_eps),
        "rope.freq_base": _rope_base(config),
        "vocab_size": int(config.vocab_size),
    }
    if architecture == "gemma3":
        sizes["attention.sliding_window"] = int(config.sliding_window)
    else:
        sizes["rope.dimension_count"] = side
    return {f"{architecture}.{key}": value for key, value in sizes.items()}


def _add(writer: GGUFWriter, key: str, value: Any) -> None:
    if isinstance(value, list):
        writer.add_array(key, value)
    elif isinstance(value, bool):
        writer.add_key_value(key, value, GGUFValueType.BOOL)
    elif isinstance(value, int):
        writer.add_key_value(key, value, GGUFValueType.UINT32)
    elif isinstance(value, float):
        writer.add_key_value(key, value, GGUFValueType.FLOAT32)
    else:
        writer.add_key_value(key, value, GGUFValueType.STRING)


def _stored_as(name: str, shape: tuple[int, ...], kind: str) -> GGMLQuantizationType:
    """Norms and biases stay float32, as llama.cpp keeps them; rows that fill no whole block are float16."""
    if len(shape) == 1 or name.endswith("norm.weight"):
        return GGMLQuantizationType.F32
    if kind == "q8_0" and shape[-1] % _BLOCK:
        return GGMLQuantizationType.F16
    return KINDS[kind][0]


def _bytes(shape: tuple[int, ...], kind: GGMLQuantizationType) -> int:
    block, size = GGML_QUANT_SIZES[kind]
    return prod(shape) // block * size


def _laid_out(
    described: Architecture, name: str, pieces: Iterator[NDArray[np.float32]], config: Any, shape: tuple[int, ...]
) -> Iterator[NDArray[np.float32]]:
    """Change values as llama.cpp wants them: see `poetas.models.gguf.architectures.restored`, its inverse."""
    if described.interleaved and (".attn_q." in name or ".attn_k." in name):
        heads = int(config.num_attention_heads if ".attn_q." in name else config.num_key_value_heads)
        whole = np.concatenate(list(pieces)).reshape(heads, 2, shape[0] // heads // 2, -1)
        yield whole.swapaxes(1, 2).ravel()
        return
    shift = np.float32(described.shifted_norms and name.endswith("norm.weight"))
    for piece in pieces:
        yield piece + shift if shift else piece


def _packed(
    pieces: Iterator[NDArray[np.float32]],
    shape: tuple[int, ...],
    kind: GGMLQuantizationType,
    advance: Advance,
    name: str,
) -> NDArray[np.uint8]:
    packed = np.empty(_bytes(shape, kind), dtype=np.uint8)
    offset = 0
    for piece in pieces:
        if kind == GGMLQuantizationType.F16 and piece.size and float(np.abs(piece).max()) > _LARGEST_HALF:
            raise NotImplementedError(f"{name}: a weight is too large for float16")
        rows = piece.reshape(-1, _BLOCK) if kind == GGMLQuantizationType.Q8_0 else piece
        data = np.ascontiguousarray(quantize(np.ascontiguousarray(rows, dtype=np.float32), kind)).view(np.uint8).ravel()
        packed[offset : offset + data.size] = data
        offset += data.size
        advance(piece.size)
    if offset != packed.size:
        raise ValueError(f"{name}: {offset} bytes instead of {packed.size}")
    return packed


def _check_config(path: Path, config: Any) -> None:
    """Raise NotImplementedError where the configuration read back from the file is not the model's own."""
    with GGUFFile(path) as source:
        described = config_of(source)
        check_shapes(
            shapes_of(ARCHITECTURES[str(source.metadata["general.architecture"])], described),
            {
                tensor_name(ARCHITECTURES[str(source.metadata["general.architecture"])], name): tensor.shape
                for name, tensor in source.tensors.items()
            },
        )
    kind = str(described.pop("model_type"))
    back = AutoConfig.for_model(kind, **described).to_dict()
    own = config.to_dict()
    wrong = [
        f"{key}: {own[key]!r} and {back[key]!r}"
        for key in sorted(own.keys() & back.keys() - _IGNORED)
        if not _same(own[key], back[key])
    ]
    if wrong:
        raise NotImplementedError("; ".join(wrong)[:300])


def _same(own: Any, other: Any) -> bool:
    if isinstance(own, dict) and isinstance(other, dict):
        return all(_same(own.get(key), other.get(key)) for key in own.keys() | other.keys())
    if isinstance(own, float) or isinstance(other, float):
        return own is not None and other is not None and abs(own - other) <= 1e-6 * max(abs(own), abs(other), 1e-12)
    return bool(own == other)
