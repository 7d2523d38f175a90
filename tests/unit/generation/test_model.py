"""Loading a model: the right precision, a card before memory runs out, a head that copies nothing, adapters apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from peft import PeftModel

from poetas.errors import OutOfMemory, PoetasError
from poetas.generation.device import SPARE, choose_device, choose_dtype, native_bfloat16
from poetas.generation.errors import BadAdapter
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.model import LanguageModel, flat_head, load_model, wrap_model
from poetas.models.errors import BrokenModel
from poetas.models.folder_errors import NoModelInFolder
from tests.tiny_adapter import make_adapter
from tests.tiny_model import build_tiny_model

PROMPT = list(range(20, 40))


pytestmark = pytest.mark.usefixtures("one_core")


def logits(model: LanguageModel, **options: str | None) -> torch.Tensor:
    with torch.inference_mode():
        return KVCacheDecoder(model, [PROMPT], **options).logits[0].clone()


def same(first: torch.Tensor, other: torch.Tensor) -> bool:
    """Equal, but for the order of sums, which the number of threads decides."""
    return torch.allclose(first, other, atol=1e-4)


def test_precision_follows_the_chip_and_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    cpu, weights = torch.device("cpu"), 10**9
    for native, free, expected in (
        (True, 10 * weights, torch.bfloat16),
        (False, 10 * weights, torch.float32),
        (False, weights + SPARE, torch.bfloat16),  # slow, but it fits
        (False, 2 * weights + SPARE, torch.float32),
    ):
        monkeypatch.setattr("poetas.generation.device.native_bfloat16", lambda _device, native=native: native)
        assert choose_dtype(cpu, weights, free=free) is expected


def test_a_model_that_will_not_fit_is_a_card_before_its_weights_are_read(folder: Path) -> None:
    with pytest.raises(OutOfMemory) as caught:
        load_model(folder, memory=1_000_000)
    card = caught.value.explanation
    assert card.code == "out-of-memory"
    assert "1 MB" in card.why
    assert card.action


def test_the_chip_is_asked_and_no_device_is_invented() -> None:
    assert choose_device("cpu") == torch.device("cpu")
    flags = Path("/proc/cpuinfo")
    if flags.exists() and "avx512_bf16" in flags.read_text():
        assert native_bfloat16(torch.device("cpu"))
    if not torch.cuda.is_available():
        assert choose_device().type in {"cpu", "mps"}
        with pytest.raises((RuntimeError, AssertionError)):
            choose_device("cuda")


def test_a_folder_that_is_gone_is_reported_by_the_models_name(tmp_path: Path) -> None:
    with pytest.raises(NoModelInFolder, match="El modelo casa/mini ya no está en esta máquina"):
        load_model(tmp_path / "casa--mini", device="cpu")


@pytest.mark.parametrize("missing", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_damaged_folder_is_a_card(tmp_path: Path, missing: str) -> None:
    folder = build_tiny_model(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(BrokenModel):
        load_model(folder, device="cpu")
    (folder / missing).write_bytes(b"x" * 100)
    if missing != "config.json":
        with pytest.raises(BrokenModel) as raised:
            load_model(folder, device="cpu")
        assert raised.value.explanation.action == "fetch-again"  # the model's card can do that
    with pytest.raises(PoetasError):
        load_model(folder, device="cpu")


@pytest.mark.parametrize("rows", [1, 2])
def test_the_head_is_given_a_plain_matrix_whatever_is_sliced(tiny: LanguageModel, rows: int) -> None:
    seen: list[tuple[int, ...]] = []
    head = tiny.model.get_output_embeddings()
    names = set(tiny.model.state_dict())
    flat_head(tiny.model)  # again: harmless
    assert len(head._forward_pre_hooks) == 1
    forward = head.forward
    head.forward = lambda given: (seen.append((given.shape[1], *given.stride())), forward(given))[1]
    ids = torch.tensor([PROMPT] * rows)
    with torch.no_grad():
        sliced = tiny.model(ids, logits_to_keep=1).logits
        whole = tiny.model(ids).logits
    hidden = tiny.model.config.hidden_size
    assert seen == [(1, hidden, hidden, 1), (len(PROMPT), len(PROMPT) * hidden, hidden, 1)]
    assert same(sliced[:, 0], whole[:, -1])
    assert set(tiny.model.state_dict()) == names


def test_a_model_in_memory_can_be_wrapped(tiny: LanguageModel) -> None:
    again = wrap_model(tiny.model, tiny.tokenizer, tiny.style)
    assert same(logits(again), logits(tiny))
    assert again.ends == tiny.ends
    assert again.room == 2048


def test_adapters_work_one_at_a_time_and_leave_the_base_as_it_was(
    tiny: LanguageModel, folder: Path, tmp_path: Path
) -> None:
    base = logits(tiny)
    paths = [make_adapter(folder, tmp_path / str(seed), seed) for seed in (1, 2)]
    first, second = (tiny.adapters.add(path) for path in paths)
    assert same(logits(tiny), base)  # loaded is not at work
    with_first, with_second = logits(tiny, adapter=first), logits(tiny, adapter=second)
    assert not torch.allclose(with_first, base, atol=0.1)
    assert not torch.allclose(with_first, with_second, atol=0.1)
    assert same(logits(tiny, adapter=None), base)
    assert same(logits(tiny, adapter=first), with_first)
    tiny.adapters.remove(first)
    assert tiny.adapters.active is None
    assert same(logits(tiny, adapter=second), with_second)
    tiny.adapters.remove(second)
    assert same(logits(tiny), base)
    assert not any("lora" in name for name, _ in tiny.model.named_parameters())
    third = tiny.adapters.add(paths[0])
    assert same(logits(tiny, adapter=third), with_first)


def test_an_adapter_computes_what_peft_computes(tiny: LanguageModel, folder: Path, tmp_path: Path) -> None:
    path = make_adapter(folder, tmp_path / "a")
    other = load_model(folder, device="cpu", dtype=torch.float32)
    peft = PeftModel.from_pretrained(other.model, str(path)).eval()
    with torch.no_grad():
        expected = peft(input_ids=torch.tensor([PROMPT])).logits[0, -1]
    assert torch.allclose(logits(tiny, adapter=tiny.adapters.add(path)), expected, atol=1e-4)


def test_what_is_no_adapter_of_this_model_is_refused_and_nothing_is_left_of_it(
    tiny: LanguageModel, folder: Path, tmp_path: Path
) -> None:
    base = logits(tiny)
    whole = make_adapter(folder, tmp_path / "whole")
    weights = (whole / "adapter_model.safetensors").read_bytes()
    described = json.loads((whole / "adapter_config.json").read_text())

    def variant(name: str, config: object, data: bytes | None, file: str = "adapter_model.safetensors") -> Path:
        path = tmp_path / name
        path.mkdir()
        (path / "adapter_config.json").write_text(json.dumps(config))
        if data is not None:
            (path / file).write_bytes(data)
        return path

    bad = [
        tmp_path / "nowhere",
        variant("pickle", described, weights, "adapter_model.bin"),
        variant("damaged", described, weights[:500]),
        variant("kind", {**described, "peft_type": "PROMPT_TUNING"}, weights),
        variant("list", [1], weights),
        variant("rank", {**described, "r": 16}, weights),
        variant("layers", {**described, "target_modules": ["no_such_layer"]}, weights),
    ]
    for path in bad:
        with pytest.raises(BadAdapter):
            tiny.adapters.add(path)
        assert tiny.adapters.names == ()
        assert same(logits(tiny), base)
    fewer = make_adapter(folder, tmp_path / "fewer", layers=["down_proj"]) / "adapter_model.safetensors"
    bad.append(variant("another", described, fewer.read_bytes()))
    with pytest.raises(BadAdapter):
        tiny.adapters.add(bad[-1])
    assert not any("lora" in name for name, _ in tiny.model.named_parameters())
    good = tiny.adapters.add(whole)
    tuned = logits(tiny, adapter=good)
    for path in bad:
        with pytest.raises(BadAdapter):
            tiny.adapters.add(path)
        assert tiny.adapters.names == (good,)
        assert same(logits(tiny, adapter=good), tuned)
        assert same(logits(tiny, adapter=None), base)
