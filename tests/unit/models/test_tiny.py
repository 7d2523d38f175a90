"""The tiny model that other tests use is a real one: it is listed, loads, scores, and cuts texts faithfully."""

import time

import pytest

from poetas.models.model_store import is_ready, model_folder, ready_models
from poetas.workspace import Workspace
from tests.tiny_model import register_tiny_model


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.delenv("POETAS_MODELS", raising=False)
    return Workspace(tmp_path / "casa")


@pytest.mark.parametrize("chat", [False, True])
def test_tiny_model_is_ready_described_by_its_folder_and_quick_to_make(workspace, chat):
    start = time.monotonic()
    name = register_tiny_model(workspace, chat=chat)
    assert time.monotonic() - start < 15
    assert is_ready(workspace, name)
    [entry] = ready_models(workspace)
    assert (entry.id, entry.prompt_style) == (name, "chat" if chat else "plain")
    assert 400_000 < entry.parameters < 700_000


def test_tiny_model_loads_in_transformers_and_predicts(workspace):
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = model_folder(workspace, register_tiny_model(workspace, chat=True))
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    text = "La panadera ñandú 🙂 \u00bfqué?\n"
    ids = tokenizer(text, return_tensors="pt").input_ids
    assert tokenizer.decode(ids[0]) == text
    with torch.no_grad():
        shares = model(ids).logits[0, -1].float().softmax(-1)
    assert 2 / model.config.vocab_size < shares.max() < 0.9  # neither flat nor certain: a chart has something to show
    turn = tokenizer.apply_chat_template([{"role": "user", "content": "Hola"}], tokenize=False)
    assert turn == "<|im_start|>user\nHola<|im_end|>\n"
    assert tokenizer.eos_token == "<|im_end|>"
