"""GGUF architectures: tensor names and configuration keys, and the inverse of llama.cpp's weight changes.

llama.cpp renames tensors, adds 1 to Gemma's norm weights (its kernel multiplies by w, Gemma's by 1 + w), and reorders
the rows of Llama's query and key projections (its rotary embedding pairs neighbours, transformers' pairs halves).
Adding an architecture means adding a row to `ARCHITECTURES`; the test compares every tensor with transformers' own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.models.gguf.gguf_file import GGUFFile
from poetas.models.gguf.metadata import count, number, text, texts, token_id

_BLOCK = re.compile(r"blk\.(\d+)\.(\w+)\.(weight|bias)")
_TOP = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_GEMMA_LAYER = _LAYER | {
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "post_attention_norm": "post_attention_layernorm",
    "ffn_norm": "pre_feedforward_layernorm",
    "post_ffw_norm": "post_feedforward_layernorm",
}
_GEMMA_PERIOD = 6  # every sixth layer of Gemma 3 sees the whole text, the others a window; GGUF does not store it


@dataclass(frozen=True, slots=True)
class Architecture:
    """How one architecture is written in a GGUF.

    model_class, model_type: what transformers calls it. layer: names of a layer's tensors. shifted_norms: whether 1
    was added to the norm weights. interleaved: whether query and key rows were reordered. biased: which of a layer's
    tensors have a bias too. settings: what config.json needs and a GGUF does not say.
    """

    model_class: str
    model_type: str
    layer: Mapping[str, str] = field(default_factory=lambda: _LAYER)
    shifted_norms: bool = False
    interleaved: bool = False
    biased: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)


ARCHITECTURES: Mapping[str, Architecture] = {
    "llama": Architecture(
        "LlamaForCausalLM",
        "llama",
        interleaved=True,
        settings={"hidden_act": "silu", "attention_bias": False, "mlp_bias": False},
    ),
    "qwen2": Architecture(
        "Qwen2ForCausalLM",
        "qwen2",
        biased=("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
        settings={"hidden_act": "silu", "use_sliding_window": False},
    ),
    "gemma3": Architecture(
        "Gemma3ForCausalLM",
        "gemma3_text",
        layer=_GEMMA_LAYER,
        shifted_norms=True,
        settings={"hidden_activation": "gelu_pytorch_tanh", "attention_bias": False, "rope_local_base_freq": 10_000.0},
    ),
}


def architecture_of(source: GGUFFile) -> Architecture:
    """Return the architecture of a GGUF. Raises NotImplementedError for one that is not in the table."""
    kind = text(source.metadata, "general.architecture")
    if kind not in ARCHITECTURES:
        raise NotImplementedError(kind)
    return ARCHITECTURES[kind]


def config_of(source: GGUFFile) -> dict[str, Any]:
    """Write the ``config.json`` of a GGUF: sizes from its metadata, the rest from the table.

    Raises ValueError where the metadata lacks a size, or tells another number of layers than the file has.
    """
    metadata, kind, described = source.metadata, text(source.metadata, "general.architecture"), architecture_of(source)

    def value_of(key: str, fallback: int | None = None) -> int:
        return count(metadata, f"{kind}.{key}", fallback)

    heads, width, layers = value_of("attention.head_count"), value_of("embedding_length"), value_of("block_count")
    there = {int(match[1]) for match in map(_BLOCK.fullmatch, source.tensors) if match}
    if layers != len(there) or there != set(range(layers)):  # before anything is made of that many pieces
        raise ValueError(f"{layers} layers are declared, {len(there)} are there")
    head_width = value_of("attention.key_length", max(1, width // heads))
    vocabulary = source.tensors["token_embd.weight"].shape[0]
    if head_width % 2 or vocabulary < len(texts(metadata, "tokenizer.ggml.tokens")):
        raise ValueError(f"heads of {head_width}, or more tokens than the {vocabulary} rows of the embedding")
    config: dict[str, Any] = {
        "architectures": [described.model_class],
        "model_type": described.model_type,
        "vocab_size": vocabulary,
        "hidden_size": width,
        "intermediate_size": value_of("feed_forward_length"),
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": value_of("attention.head_count_kv", heads),
        "head_dim": head_width,
        "max_position_embeddings": value_of("context_length"),
        "rms_norm_eps": _shortest(number(metadata, f"{kind}.attention.layer_norm_rms_epsilon")),
        "rope_theta": _shortest(number(metadata, f"{kind}.rope.freq_base", 10_000.0)),
        "tie_word_embeddings": "output.weight" not in source.tensors,
        "use_cache": True,
        "dtype": "bfloat16",
        **described.settings,
    }
    if described.model_type == "gemma3_text":
        config["sliding_window"] = value_of("attention.sliding_window")
        config["query_pre_attn_scalar"] = config["head_dim"]
        config["layer_types"] = [
            "sliding_attention" if layer % _GEMMA_PERIOD else "full_attention" for layer in range(1, layers + 1)
        ]
    return config | special_ids(metadata)


def special_ids(metadata: Mapping[str, Any]) -> dict[str, int]:
    """Return the ids of the tokens that begin, end and pad, under config.json's names."""
    names = {"bos_token_id": "bos", "eos_token_id": "eos", "pad_token_id": "padding"}
    ids = {name: token_id(metadata, key) for name, key in names.items()}
    return {name: value for name, value in ids.items() if value is not None}


def _shortest(value: float) -> float:
    """Undo the storing as float32: 9.999999974752427e-07 was meant as 1e-06."""
    return float(str(np.float32(value)))


def tensor_name(described: Architecture, name: str) -> str:
    """Translate a tensor's name. Raises NotImplementedError for one that the architecture does not have.

    >>> tensor_name(ARCHITECTURES["gemma3"], "blk.3.ffn_norm.weight")
    'model.layers.3.pre_feedforward_layernorm.weight'
    """
    if name in _TOP:
        return _TOP[name]
    match = _BLOCK.fullmatch(name)
    if match is None or match[2] not in described.layer:
        raise NotImplementedError(f"{described.model_type}: {name}")
    return f"model.layers.{match[1]}.{described.layer[match[2]]}.{match[3]}"


def restored(
    described: Architecture, name: str, values: NDArray[np.float32], config: Mapping[str, Any]
) -> NDArray[np.float32]:
    """Undo what llama.cpp did to a tensor's values. Same shape; reordered tensors must come whole."""
    if described.shifted_norms and name.endswith("norm.weight"):
        return values - np.float32(1)
    if needs_whole(described, name):
        heads = int(config["num_attention_heads" if ".attn_q." in name else "num_key_value_heads"])
        half = values.shape[0] // heads // 2
        # [head, pair, member] -> [head, member, pair]: neighbours become halves again
        return values.reshape(heads, half, 2, -1).swapaxes(1, 2).reshape(values.shape)
    return values


def needs_whole(described: Architecture, name: str) -> bool:
    """Tell whether a tensor's rows change places, so that it cannot be handled block by block."""
    return described.interleaved and (".attn_q." in name or ".attn_k." in name)
