"""Tensor shapes that a configuration asks for, compared with a GGUF's before a weight is written.

A library that loads a model fills what is missing with random numbers and a warning: a file without its layers would
become a model that writes noise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.models.gguf.architectures import Architecture

Shapes = Mapping[str, tuple[int, ...]]


def shapes_of(described: Architecture, config: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """Return the shape of every tensor of a model, rows first, by the name that transformers gives it."""
    width, inner, side = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * side, config["num_key_value_heads"] * side
    known = {
        "self_attn.q_proj": (queries, width),
        "self_attn.k_proj": (keys, width),
        "self_attn.v_proj": (keys, width),
        "self_attn.o_proj": (width, queries),
        "self_attn.q_norm": (side,),
        "self_attn.k_norm": (side,),
        "mlp.gate_proj": (inner, width),
        "mlp.up_proj": (inner, width),
        "mlp.down_proj": (width, inner),
    }
    layer: dict[str, tuple[int, ...]] = {}
    for piece in described.layer.values():
        layer[f"{piece}.weight"] = known.get(piece, (width,))  # the others are norms
    for piece in described.biased:
        layer[f"{piece}.bias"] = known[piece][:1]
    table = (config["vocab_size"], width)
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": table, "model.norm.weight": (width,)}
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = table
    for number in range(config["num_hidden_layers"]):
        shapes |= {f"model.layers.{number}.{name}": shape for name, shape in layer.items()}
    return shapes


def check_shapes(expected: Shapes, actual: Shapes) -> None:
    """Raise ValueError where a tensor is missing or has another shape, NotImplementedError where there is one more."""
    if missing := sorted(expected.keys() - actual.keys()):
        raise ValueError(f"{len(missing)} tensors are missing: {', '.join(missing[:5])}")
    if wrong := [name for name, shape in expected.items() if actual[name] != shape]:
        name = wrong[0]
        raise ValueError(f"{len(wrong)} tensors have another shape: {name} {actual[name]} instead of {expected[name]}")
    if surplus := sorted(actual.keys() - expected.keys()):
        raise NotImplementedError(", ".join(surplus[:5]))
