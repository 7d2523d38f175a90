"""Weights of a decoder of a known architecture, read from a transformers model: for a decoding step of our own.

Known are the causal architectures of the catalogue: Llama, Qwen2 and Gemma 3. Others, and known ones with a setting
that the step does not compute, are left to transformers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

Array = NDArray[np.float32]
_KNOWN = frozenset({"LlamaForCausalLM", "Qwen2ForCausalLM", "Gemma3ForCausalLM"})
_ONE_MORE = "Gemma3RMSNorm"  # multiplies by 1 + weight
_CHANGING = frozenset({"dynamic", "longrope"})  # rotations that depend on the text's length


@dataclass(frozen=True, slots=True)
class Norm:
    """A norm: what it gives is ``x * scale * factors(x)[:, None]``. scale: with the root of the width in it."""

    scale: Array
    least: float

    def factors(self, vectors: Array) -> Array:
        """Return the inverse of each vector's length, never taken for shorter than the root of ``least``.

        >>> Norm(np.full(2, 2**0.5, np.float32), 0.0).factors(np.array([[3.0, 4.0], [0.0, 2.0]])).tolist()
        [0.2, 0.5]
        """
        inverses: Array = 1 / np.sqrt(np.einsum("vc,vc->v", vectors, vectors) + np.float32(self.least))
        return inverses


@dataclass(frozen=True, slots=True)
class DecoderBlock:
    """One layer.

    products: its linear layers, those together that read the same vector (query, key, value; output; gate, up; down).
    of_heads: the norms of query and key. after_attention, after_mlp: norms of what is added, where there are any.
    window: how many tokens it sees, None = all. kind: name of its rotation.
    """

    products: tuple[tuple[nn.Module, ...], ...]
    activation: Callable[[torch.Tensor], torch.Tensor]
    before_attention: Norm
    before_mlp: Norm
    after_attention: Norm | None
    after_mlp: Norm | None
    of_heads: tuple[Norm, Norm] | None
    window: int | None
    kind: str
    scaling: float


@dataclass(frozen=True, slots=True)
class DecoderWeights:
    """A decoder. embedding: [vocabulary, width]. embedding_scale: what its rows are multiplied by. size: of a head."""

    blocks: tuple[DecoderBlock, ...]
    embedding: torch.Tensor
    embedding_scale: float
    norm: Norm
    head: torch.Tensor
    rotary: nn.Module
    heads: int
    key_heads: int
    size: int

    def rotations(self, positions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cosines and sines of every layer at some positions: float32[positions, layers, 1, size], twice."""
        turned = {}
        for kind in {block.kind for block in self.blocks}:
            named = {"layer_type": kind} if kind else {}
            turned[kind] = self.rotary(torch.empty(0, device=positions.device), positions[None], **named)
        cosines, sines = (torch.stack([turned[block.kind][which][0] for block in self.blocks], 1) for which in (0, 1))
        return cosines[:, :, None], sines[:, :, None]


def read_decoder(model: Any) -> DecoderWeights | None:
    """Find the weights of a transformers model, nothing copied but norms; None where it is of another kind."""
    config = model.config
    unknown = type(model).__name__ not in _KNOWN or model.device.type != "cpu"
    if unknown or any(getattr(config, name, None) for name in ("final_logit_softcapping", "attn_logit_softcapping")):
        return None
    if getattr(config, "use_bidirectional_attention", False):
        return None
    decoder, embedding, head = (
        model.model,
        *map(base_layer, (model.get_input_embeddings(), model.get_output_embeddings())),
    )
    types = decoder.rotary_emb.rope_type
    if _CHANGING & (set(types.values()) if isinstance(types, dict) else {types}):
        return None
    return DecoderWeights(
        blocks=tuple(_block(layer, types) for layer in decoder.layers[: config.num_hidden_layers]),
        embedding=embedding.weight,
        embedding_scale=float(getattr(embedding, "scalar_embed_scale", 1.0)),
        norm=_norm(decoder.norm),
        head=head.weight,
        rotary=decoder.rotary_emb,
        heads=config.num_attention_heads,
        key_heads=config.num_key_value_heads,
        size=decoder.layers[0].self_attn.head_dim,
    )


def base_layer(layer: Any) -> Any:
    """A linear layer itself where PEFT has put its own around it."""
    return getattr(layer, "base_layer", layer)


def _block(layer: Any, types: object) -> DecoderBlock:
    attention, mlp = layer.self_attn, layer.mlp
    sandwiched = hasattr(layer, "pre_feedforward_layernorm")  # norms before and after either half
    before_mlp = layer.pre_feedforward_layernorm if sandwiched else layer.post_attention_layernorm
    normed = hasattr(attention, "q_norm")
    return DecoderBlock(
        products=(
            (attention.q_proj, attention.k_proj, attention.v_proj),
            (attention.o_proj,),
            (mlp.gate_proj, mlp.up_proj),
            (mlp.down_proj,),
        ),
        activation=mlp.act_fn,
        before_attention=_norm(layer.input_layernorm),
        before_mlp=_norm(before_mlp),
        after_attention=_norm(layer.post_attention_layernorm) if sandwiched else None,
        after_mlp=_norm(layer.post_feedforward_layernorm) if sandwiched else None,
        of_heads=(_norm(attention.q_norm), _norm(attention.k_norm)) if normed else None,
        window=getattr(attention, "sliding_window", None),
        kind=attention.layer_type if isinstance(types, dict) else "",
        scaling=float(attention.scaling),
    )


def _norm(norm: Any) -> Norm:
    weight = norm.weight.detach().float().numpy()
    epsilon = norm.eps if hasattr(norm, "eps") else norm.variance_epsilon
    scale = (1 + weight if type(norm).__name__ == _ONE_MORE else weight) * len(weight) ** 0.5
    return Norm(scale.astype(np.float32), len(weight) * epsilon)
