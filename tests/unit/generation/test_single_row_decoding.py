"""The decoding step of our own: transformers' logits for every known architecture, fine-tunings, and what it leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    LlamaConfig,
    PretrainedConfig,
    Qwen2Config,
)

from poetas.generation import decoding_step, single_row_decoding
from poetas.generation.errors import NotFinite
from poetas.generation.handler import Generation
from poetas.generation.int8_matrix import multiplies_int8
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.model import LanguageModel, load_model, wrap_model
from poetas.generation.prompt_lookup import DRAFTED
from poetas.generation.single_row_decoding import SingleRowDecoder, SingleRowModel, quicker
from poetas.models.model_store import model_folder
from poetas.services import Session
from poetas.services.session import FairLock
from poetas.workspace import Workspace
from tests.tiny_adapter import make_adapter
from tests.tiny_model import TINY, register_tiny_model

# After 20 the prompt's 21, 22 and 23 are drafted, and so on: all, some and none of what is drafted is written.
PROMPT, MORE = list(range(20, 40)), [7, 100, *range(20, 33), 9, 3, 3, 250, 24, 25, 26, 8, 25, 26, 41]
SIZES = {
    "vocab_size": 300,
    "hidden_size": 96,
    "intermediate_size": 96,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
}
SLOWLY = {"rope_type": "linear", "factor": 4.0, "rope_theta": 1e4}
WINDOWS = ["sliding_attention", "full_attention", "sliding_attention"]
CONFIGS = {
    "llama": LlamaConfig(**SIZES, rms_norm_eps=1e-2),
    "llama of few rows": LlamaConfig(**SIZES | {"hidden_size": 64}),
    "llama with biases": LlamaConfig(**SIZES, attention_bias=True, mlp_bias=True),
    "llama turned slowly": LlamaConfig(**SIZES, rope_parameters=SLOWLY),
    "qwen2": Qwen2Config(**SIZES, use_sliding_window=True, sliding_window=8, layer_types=WINDOWS),
    "gemma3": Gemma3TextConfig(**SIZES, head_dim=32, sliding_window=8, layer_types=WINDOWS, query_pre_attn_scalar=50),
}  # fmt: skip

pytestmark = [
    pytest.mark.usefixtures("one_core"),
    pytest.mark.skipif(not multiplies_int8(), reason="this processor does not multiply bytes quickly"),
]


def random_model(config: PretrainedConfig, tiny: LanguageModel) -> LanguageModel:
    """A model of an architecture, its weights so far from the usual ones that none is without effect."""
    torch.manual_seed(5)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval().requires_grad_(requires_grad=False)
    for weight in model.parameters():
        spread = weight.shape[-1] ** -0.5 if weight.dim() > 1 else 0.3
        weight.copy_(torch.randn_like(weight) * spread + (weight.dim() == 1))
    return wrap_model(model, tiny.tokenizer, tiny.style)


def begin_text(model: LanguageModel, prompt: list[int]) -> SingleRowDecoder | KVCacheDecoder:
    return quicker(model, KVCacheDecoder(model, [prompt], adapter=None), prompt)


def written(decoder: Any) -> torch.Tensor:
    """The logits after the prompt and after each further token."""
    rows = [decoder.logits[0].clone()]
    for token in MORE:
        decoder.step([token])
        rows.append(decoder.logits[0].clone())
    return torch.stack(rows)


@pytest.mark.parametrize("name", CONFIGS)
def test_each_token_gets_the_logits_of_one_forward_pass_over_the_whole_text(
    name: str, tiny: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_row_decoding, "_GROWTH", 4)  # room for keys, and rotations, run out on the way
    monkeypatch.setattr(decoding_step, "_SIZES", (2, 2, 2, 2))
    monkeypatch.setattr(decoding_step, "_WITHIN", 1e9)  # every row of the head is computed again
    model = random_model(CONFIGS[name], tiny)
    with torch.inference_mode():
        whole = model.model(torch.tensor([PROMPT + MORE])).logits[0, len(PROMPT) - 1 :]
        decoder = begin_text(model, PROMPT)
        assert isinstance(decoder, SingleRowDecoder)
        read: list[int] = []
        embedded = decoder._model.embedded
        decoder._model.embedded = lambda tokens: read.append(len(tokens)) or embedded(tokens)
        assert torch.allclose(written(decoder), whole, atol=5e-3)  # of logits whose deviation is 1 to 2
    assert len(read) < len(MORE) - 5
    assert max(read) == 1 + max(DRAFTED)


def test_another_architecture_and_settings_that_are_not_computed_are_left_to_transformers(tiny: LanguageModel) -> None:
    others = (
        GPT2Config(vocab_size=300, n_embd=32, n_layer=1, n_head=2),
        Gemma3TextConfig(**SIZES, head_dim=32, final_logit_softcapping=2.0),
        LlamaConfig(**SIZES, rope_parameters=SLOWLY | {"rope_type": "dynamic"}),
    )
    for config in others:
        with torch.inference_mode():
            assert isinstance(begin_text(random_model(config, tiny), PROMPT), KVCacheDecoder)


@pytest.mark.parametrize("lacking", ["multiplies_int8", "free_memory"])
def test_a_processor_that_is_slow_at_it_and_a_full_memory_leave_the_text_to_transformers(
    lacking: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(single_row_decoding, lacking, lambda *_device: 0)
    with torch.inference_mode():
        assert isinstance(begin_text(load_model(folder, device="cpu"), PROMPT), KVCacheDecoder)


def test_a_fine_tuning_that_is_loaded_leaves_the_base_as_it_was(
    tiny: LanguageModel, folder: Path, tmp_path: Path
) -> None:
    other = load_model(folder, device="cpu", dtype=torch.float32)  # read before PEFT puts its layers around the model's
    tiny.adapters.add(make_adapter(folder, tmp_path / "tuned", 1, "all-linear"))
    with torch.inference_mode():
        assert torch.equal(written(begin_text(tiny, PROMPT)), written(begin_text(other, PROMPT)))


def test_two_texts_in_turn_do_not_meet(tiny: LanguageModel) -> None:
    with torch.inference_mode():
        alone = written(begin_text(tiny, PROMPT))
        first, second = begin_text(tiny, PROMPT), begin_text(tiny, PROMPT[5:])  # the same weights, each its own draft
        for token in MORE:
            first.step([token])
            second.step([token + 1])
        assert torch.equal(first.logits[0], alone[-1])


def test_what_is_no_number_is_told(tiny: LanguageModel) -> None:
    model = random_model(CONFIGS["llama"], tiny)
    model.model.get_input_embeddings().weight[MORE[0]] = torch.nan
    with torch.inference_mode():
        decoder = begin_text(model, PROMPT)
        with pytest.raises(NotFinite):
            decoder.step([MORE[0]])


def test_only_who_asks_gets_the_quick_step_and_no_fine_tuning_does(tmp_path: Path) -> None:
    home = Workspace(tmp_path)
    register_tiny_model(home)
    tuned = make_adapter(model_folder(home, TINY), home.project("p").jobs / "train-1" / "adapter", seed=1)
    handler, session = Generation(home), Session(1, FairLock())
    settings = {"temperature": 1.3, "max_tokens": 12, "seed": 3}

    def last(stream: Any) -> dict[str, Any]:
        while True:
            try:
                next(stream)
            except StopIteration as end:
                return end.value

    def quick_step() -> SingleRowModel | None:
        return handler._model_cache._model.single_row

    usual = last(handler.generate(session, "El río", settings=settings, model=TINY))
    last(handler.generate(session, "El río", settings=settings, model=TINY, adapter=str(tuned), quick=True))
    last(handler.summarise(session, "El río", settings=settings, model=TINY, adapter=str(tuned), quick=True))
    last(handler.summarise(session, "El río", settings=settings, model=TINY, adapter=None))
    assert quick_step() is None
    last(handler.summarise(session, "El río", settings=settings, model=TINY, adapter=None, quick=True))
    step = quick_step()
    assert step is not None
    read: list[int] = []
    step.embedded = lambda tokens: read.append(tokens) or SingleRowModel.embedded(step, tokens)
    assert (
        last(handler.generate(session, "El río", settings=settings, model=TINY, adapter=None))["text"] == usual["text"]
    )
    assert not read
    answered = last(handler.answer(session, "¿Quién?", settings=settings, model=TINY, adapter=None))
    assert read
    assert len(read) <= answered["tokens"] - (not answered["complete"])
    session.drop()
