"""What an adapter's folder says is only believed where its weights and the model bear it out."""

import json
import math
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.utils._python_dispatch import TorchDispatchMode

from poetas.generation.errors import BadAdapter
from poetas.generation.model import LanguageModel, load_model
from tests.tiny_adapter import make_adapter
from tests.tiny_model import build_tiny_model

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
IDS = torch.tensor([[5, 6, 7, 8]])


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    return make_adapter(folder, tmp_path_factory.mktemp("adapters") / "whole")


@pytest.fixture
def tiny(folder) -> LanguageModel:
    return load_model(folder, device="cpu", dtype=torch.float32)


def variant(whole, folder, **changes):
    shutil.copytree(whole, folder)
    described = json.loads((folder / CONFIG).read_text("utf-8"))
    (folder / CONFIG).write_text(json.dumps({**described, **changes}), "utf-8")
    return folder


class Made(TorchDispatchMode):
    """Counts the bytes of all tensors that are made inside: the process's own count forgets what it can use again."""

    megabytes = 0.0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        if isinstance(out, torch.Tensor):
            self.megabytes += out.nbytes / 1e6
        return out


def logits(tiny):
    with torch.no_grad():
        return tiny.model(input_ids=IDS).logits.clone()


@pytest.mark.parametrize(
    "changes",
    [
        *(
            {"init_lora_weights": how}
            for how in ("olora", "pissa", "pissa_niter_4", "corda", "loftq", "lora_ga", 1, [])
        ),
        {"use_dora": True},
        {"use_qalora": True},
        {"bias": "all"},
        {"lora_bias": True},
        {"modules_to_save": ["embed_tokens"]},
        {"layer_replication": [[0, 4], [0, 4]]},
        {"trainable_token_indices": {"embed_tokens": [1, 2]}},
        {"target_parameters": ["model.norm.weight"]},
        {"alora_invocation_tokens": [1, 2]},
        {"layers_to_transform": [0]},
        {"alpha_pattern": {"(a+)+$": 99}},
        {"rank_pattern": {".*": 10**9}},
        {"target_modules": "(a+)+$"},
        {"target_modules": ["q_proj"]},
        {"target_modules": [3]},
        {"target_modules": []},
        {"r": 10**9},
        {"r": True},
        {"r": "4"},
        {"r": 0},
        {"use_rslora": "yes"},
    ],
    ids=str,
)
def test_what_would_change_the_base_or_is_not_plain_lora_is_refused(tiny, whole, tmp_path, changes):
    base = logits(tiny)
    names = dict(tiny.model.named_parameters()).keys()
    with pytest.raises(BadAdapter):
        tiny.adapters.add(variant(whole, tmp_path / "bad", **changes))
    assert torch.equal(logits(tiny), base)
    assert dict(tiny.model.named_parameters()).keys() == names


@pytest.mark.parametrize(
    "changes",
    [
        *({"init_lora_weights": how} for how in (True, False, "gaussian", "orthogonal", "eva")),
        {"loftq_config": {"loftq_bits": 4}},
        {"a_key_of_tomorrow": 1},
        {"base_model_name_or_path": "../../../etc"},
        {"inference_mode": False, "lora_dropout": 0.5},
    ],
    ids=str,
)
def test_what_only_training_reads_changes_nothing(tiny, whole, tmp_path, changes):
    base, plain = logits(tiny), tiny.adapters.add(whole)
    tiny.adapters.use(plain)
    tuned = logits(tiny)
    other = tiny.adapters.add(variant(whole, tmp_path / "other", **changes))
    tiny.adapters.use(other)
    assert torch.equal(logits(tiny), tuned)
    tiny.adapters.use(None)
    assert torch.equal(logits(tiny), base)
    tiny.adapters.remove(other)
    tiny.adapters.remove(plain)
    assert torch.equal(logits(tiny), base)


def test_a_scale_by_the_square_root_of_the_rank_is_kept(tiny, whole, tmp_path):
    other = tiny.adapters.add(variant(whole, tmp_path / "other", use_rslora=True, lora_alpha=4))
    tiny.adapters.use(other)
    halved = logits(tiny)  # 4 / sqrt(4) = 8 / 4
    tiny.adapters.use(tiny.adapters.add(whole))
    assert torch.allclose(logits(tiny), halved, atol=1e-5)


def test_of_a_rank_that_the_file_does_not_hold_nothing_is_allocated(tiny, whole, tmp_path):
    bad = variant(whole, tmp_path / "wide", r=60_000)
    with Made() as made, pytest.raises(BadAdapter):
        tiny.adapters.add(bad)
    assert made.megabytes < 50


def _without_a_layer(state):
    return {key: value for key, value in state.items() if ".layers.1." not in key}


def _one_wide_layer(state):
    """60,000 by 1 is a quarter of a megabyte, and would be 60,000 by 64 and by 1,024 in the model."""
    return {key: torch.zeros(60_000, 1) if "lora_A" in key else torch.zeros(1, 60_000) for key in list(state)[:2]}


def _elsewhere(state):
    return {key.replace("layers.0.", "layers.9."): value for key, value in state.items()}


def _whole_numbers(state):
    return {key: value.to(torch.int8) for key, value in state.items()}


def _more(state):
    return {**state, "base_model.model.model.norm.weight": torch.zeros(64)}


def _half(state):
    return {key: value for key, value in state.items() if "layers.0.mlp.up_proj.lora_B" not in key}


@pytest.mark.parametrize(
    ("change", "rank"),
    [(_without_a_layer, 4), (_one_wide_layer, 60_000), (_elsewhere, 4), (_whole_numbers, 4), (_more, 4), (_half, 4)],
)
def test_weights_that_are_not_those_of_the_described_layers_are_refused(tiny, whole, tmp_path, change, rank):
    bad = variant(whole, tmp_path / "bad", r=rank)
    save_file({key: value.clone() for key, value in change(load_file(whole / WEIGHTS)).items()}, bad / WEIGHTS)
    base = logits(tiny)
    with Made() as made, pytest.raises(BadAdapter):
        tiny.adapters.add(bad)
    assert made.megabytes < 50
    assert torch.equal(logits(tiny), base)


def test_a_description_nested_beyond_all_reason_is_a_card(tiny, whole, tmp_path):
    bad = variant(whole, tmp_path / "deep")
    (bad / CONFIG).write_text("[" * 100_000, "utf-8")
    with pytest.raises(BadAdapter):
        tiny.adapters.add(bad)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e30, -1e13])
def test_an_adapter_with_a_weight_that_is_no_number_is_refused_and_the_card_says_so(tiny, whole, tmp_path, value):
    bad = variant(whole, tmp_path / "bad")
    state = {key: tensor.clone() for key, tensor in load_file(whole / WEIGHTS).items()}
    list(state.values())[-1].view(-1)[-1] = value
    save_file(state, bad / WEIGHTS)
    base = logits(tiny)
    with pytest.raises(BadAdapter) as caught:
        tiny.adapters.add(bad)
    assert caught.value.explanation.why.startswith("Tiene pesos que no son números")
    assert torch.equal(logits(tiny), base)


@pytest.mark.parametrize("alpha", [True, math.inf, math.nan, 10**400, 1e30, 0, -8, "8", None])
def test_a_scale_that_no_training_has_is_refused_and_the_card_says_so(tiny, whole, tmp_path, alpha):
    with pytest.raises(BadAdapter) as caught:
        tiny.adapters.add(variant(whole, tmp_path / "bad", lora_alpha=alpha))
    assert caught.value.explanation.why.startswith("Tiene pesos que no son números")


@pytest.mark.parametrize(("down", "up"), [(1e30, 0.0), (1e6, 1e6)])
def test_factors_that_no_training_gives_are_refused(tiny, whole, tmp_path, down, up):
    bad = variant(whole, tmp_path / "bad")
    state = load_file(whole / WEIGHTS)
    filled = {key: torch.full_like(tensor, down if "lora_A" in key else up) for key, tensor in state.items()}
    save_file(filled, bad / WEIGHTS)
    with pytest.raises(BadAdapter) as caught:
        tiny.adapters.add(bad)
    assert "a change of" in caught.value.explanation.detail


def test_a_strong_adapter_of_a_training_with_too_large_steps_is_no_broken_one(tiny, whole, tmp_path):
    strong = variant(whole, tmp_path / "strong", lora_alpha=512)
    state = {key: 100 * torch.randn_like(tensor) for key, tensor in load_file(whole / WEIGHTS).items()}
    save_file(state, strong / WEIGHTS)
    tiny.adapters.use(tiny.adapters.add(strong))
    assert torch.isfinite(logits(tiny)).all()


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
def test_a_link_that_leads_out_of_the_adapters_folder_is_refused_and_one_inside_is_followed(
    tiny, whole, tmp_path, name
):
    linked = variant(whole, tmp_path / "linked")
    elsewhere = tmp_path / "elsewhere"
    (linked / name).rename(elsewhere)
    (linked / name).symlink_to(elsewhere)
    with pytest.raises(BadAdapter) as caught:
        tiny.adapters.add(linked)
    assert "leads out" in caught.value.explanation.detail
    (linked / name).unlink()
    (linked / name).symlink_to(name)
    with pytest.raises(BadAdapter):  # it leads round
        tiny.adapters.add(linked)
    (linked / name).unlink()
    elsewhere.rename(linked / "real")
    (linked / name).symlink_to("real")
    assert tiny.adapters.add(linked)
    (tmp_path / "other").mkdir()
    inner = tmp_path / "other" / "adapter"
    inner.symlink_to(whole)
    with pytest.raises(BadAdapter):
        tiny.adapters.add(inner)
