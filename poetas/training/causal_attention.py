"""Attention of a causal model for texts that are padded on the right: no mask, so that the fast kernels take it.

A token sees only what is before it, and padding comes after it: a mask of the padding changes nothing that is learnt.
transformers builds one all the same, and looks whether it is needed, for which a graphics card has to be waited for at
every step, and which is not possible while the card's work is recorded. (Where Python does the steps, transformers
5.23 waits all the same, to see whether several texts lie in one row.) Texts that are written (padded on the left, or
with a cache) go the usual way.
"""

from __future__ import annotations

from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

NAME = "poetas_causal"


def use_causal_attention(model: Any) -> None:
    """Let ``model`` (loaded with SDPA) attend so; a few kinds of model choose their attention otherwise, and go on."""
    AttentionInterface.register(NAME, attend)
    AttentionMaskInterface.register(NAME, mask)
    model.set_attn_implementation(NAME)


def mask(*given: Any, **more: Any) -> torch.Tensor | None:
    """The mask of transformers; none where each token sees all that is before it."""
    length, whole = more.get("q_length"), more.get("kv_length")
    window = more.get("local_size")
    seen = length is not None and length == whole and (window is None or length <= window)
    if seen and more.get("attention_mask") is None:
        return None
    made: torch.Tensor | None = sdpa_mask(*given, **more)
    return made


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    **more: Any,
) -> tuple[torch.Tensor, None]:
    """Attend as transformers does with SDPA; in float32 keys are repeated, which its fast kernels ask for."""
    groups = int(getattr(module, "num_key_value_groups", 1))
    plain = attention_mask is None and query.shape[2] == key.shape[2] and query.shape[2] > 1
    if not plain or groups == 1 or query.dtype != torch.float32:
        attended: tuple[torch.Tensor, None] = sdpa_attention_forward(module, query, key, value, attention_mask, **more)
        return attended
    mixed = torch.nn.functional.scaled_dot_product_attention(
        query,
        key.repeat_interleave(groups, dim=1),
        value.repeat_interleave(groups, dim=1),
        dropout_p=float(more.get("dropout") or 0.0),
        scale=more.get("scaling"),
        is_causal=True,
    )
    return mixed.transpose(1, 2).contiguous(), None
