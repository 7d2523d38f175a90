"""Attention without a mask reads what the masked one reads: beside padding, beyond a window, and when it writes."""

from __future__ import annotations

import pytest
import torch
from transformers import Gemma3ForCausalLM, Gemma3TextConfig

from poetas.training.causal_attention import use_causal_attention

WINDOW = 8


@pytest.fixture(scope="module")
def gemma() -> Gemma3ForCausalLM:
    torch.manual_seed(0)
    kinds = ["sliding_attention", "full_attention"]
    shape = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "head_dim": 8, "layer_types": kinds}
    heads = {"num_attention_heads": 4, "num_key_value_heads": 2, "sliding_window": WINDOW, "vocab_size": 90}
    config = Gemma3TextConfig(**shape, **heads, bos_token_id=0, eos_token_id=1, pad_token_id=1)
    return Gemma3ForCausalLM(config).eval()


@pytest.mark.parametrize("length", [WINDOW, 3 * WINDOW])
def test_texts_padded_on_the_right_have_the_hidden_states_that_a_mask_gives(gemma, length):
    ids = torch.randint(5, 90, (2, length), generator=torch.Generator().manual_seed(1))
    mask = torch.ones_like(ids)
    mask[0, length - 3 :] = 0
    with torch.no_grad():
        gemma.set_attn_implementation("sdpa")
        expected = gemma.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
        use_causal_attention(gemma)
        assert gemma.config._attn_implementation != "sdpa"
        states = gemma.model(input_ids=ids, use_cache=False).last_hidden_state
    torch.testing.assert_close(states[mask.bool()], expected[mask.bool()], rtol=1e-5, atol=1e-5)


def test_what_is_written_after_padding_on_the_left_is_the_same(gemma):
    ids = torch.randint(5, 90, (2, 12), generator=torch.Generator().manual_seed(2))
    mask = torch.ones_like(ids)
    mask[0, :4] = 0
    asked = {"input_ids": ids, "attention_mask": mask, "max_new_tokens": 10, "do_sample": False}
    gemma.set_attn_implementation("sdpa")
    expected = gemma.generate(**asked)
    use_causal_attention(gemma)
    assert torch.equal(gemma.generate(**asked), expected)
