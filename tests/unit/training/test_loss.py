"""The shortcuts of a training step give what the long way gives: loss, gradients, norms."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import nn

from poetas.generation.model import load_model
from poetas.training.collator import PaddingCollator
from poetas.training.config import TrainingConfig
from poetas.training.fast_gated_mlp import use_fast_gated_mlps
from poetas.training.fast_rmsnorm import root_mean_square, use_fast_norms
from poetas.training.label_masking import IGNORE_INDEX, EncodedExample
from poetas.training.label_only_forward import use_label_only_forward
from poetas.training.lora import add_adapter
from poetas.training.loss import label_loss
from tests.tiny_model import LAYERS, build_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.mark.parametrize(("rows", "vocabulary", "block"), [(1, 5, 2), (7, 100, 33), (33, 1000, 1000), (16, 64, 4096)])
def test_the_blockwise_loss_and_its_gradient_are_the_plain_ones_in_float64(rows, vocabulary, block):
    torch.manual_seed(rows)
    head = torch.randn(vocabulary, 12, dtype=torch.float64)
    labels = torch.randint(vocabulary, (rows,))
    scale = torch.rand(rows, dtype=torch.float64)
    hidden = (3 * torch.randn(rows, 12, dtype=torch.float64)).requires_grad_()
    again = hidden.detach().clone().requires_grad_()

    expected = nn.functional.cross_entropy(hidden @ head.t(), labels, reduction="none")
    result = label_loss(again, head, labels, block=block)
    (expected * scale).sum().backward()
    (result * scale).sum().backward()

    torch.testing.assert_close(result, expected, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(again.grad, hidden.grad, rtol=1e-12, atol=1e-12)


def test_the_blockwise_loss_passes_torchs_own_check_of_gradients():
    torch.manual_seed(0)
    hidden = torch.randn(4, 6, dtype=torch.float64, requires_grad=True)
    head, labels = torch.randn(20, 6, dtype=torch.float64), torch.tensor([0, 19, 7, 7])
    assert torch.autograd.gradcheck(lambda given: label_loss(given, head, labels, block=8), (hidden,))


def test_huge_logits_overflow_nowhere():
    hidden = torch.full((2, 4), 1e4, requires_grad=True)
    head = torch.tensor([[1.0, 1, 1, 1], [-1.0, -1, -1, -1], [0.0, 0, 0, 0]])
    loss = label_loss(hidden, head, torch.tensor([0, 1]), block=1)
    loss.sum().backward()
    assert loss.tolist() == [0.0, 80_000.0]
    assert bool(torch.isfinite(hidden.grad).all())


def test_what_is_no_number_stays_none_so_that_it_is_noticed():
    hidden = torch.tensor([[float("nan"), 1.0]], requires_grad=True)
    assert bool(torch.isnan(label_loss(hidden, torch.eye(2), torch.tensor([0]))).all())


def test_without_gradients_nothing_is_kept():
    hidden, head = torch.randn(3, 4), torch.randn(9, 4)
    labels = torch.tensor([1, 2, 3])
    with torch.no_grad():
        result = label_loss(hidden.requires_grad_(), head, labels)
    assert not result.requires_grad
    torch.testing.assert_close(result, nn.functional.cross_entropy(hidden @ head.t(), labels, reduction="none"))


def test_in_bfloat16_the_loss_is_near_that_of_float32():
    torch.manual_seed(1)
    hidden, head = torch.randn(20, 64), torch.randn(3000, 64) / 8
    labels = torch.randint(3000, (20,))
    exact = nn.functional.cross_entropy(hidden @ head.t(), labels, reduction="none")
    result = label_loss(hidden.bfloat16(), head.bfloat16(), labels, block=512)
    assert result.dtype == torch.float32
    torch.testing.assert_close(result, exact, rtol=0.02, atol=0.02)


def test_the_lean_norm_has_the_gradient_of_the_plain_one():
    torch.manual_seed(0)
    given = torch.randn(5, 8, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(8, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: root_mean_square(x, weight, 1e-5), (given,))
    plain = given * torch.rsqrt(given.pow(2).mean(-1, keepdim=True) + 1e-5) * weight
    torch.testing.assert_close(root_mean_square(given, weight, 1e-5), plain, rtol=1e-12, atol=1e-12)


class PlainRMSNorm(nn.Module):
    def __init__(self, *, plus: float = 0.0, power: int = 2) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(0.1, 0.9, 6), requires_grad=False)
        self.eps, self.plus, self.power = 1e-6, plus, power

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        size = x.abs().pow(self.power).mean(-1, keepdim=True) + self.eps
        return x / size ** (1 / self.power) * (self.weight + self.plus)


@pytest.mark.parametrize("plus", [0.0, 1.0])
def test_both_kinds_of_norm_are_recognised_by_what_they_give(plus):
    norm = PlainRMSNorm(plus=plus)
    given = torch.randn(3, 6)
    expected = norm(given)
    assert use_fast_norms(nn.ModuleList([norm])) == 1
    torch.testing.assert_close(norm(given), expected)
    assert type(norm.forward).__name__ == "_RMSNormForward"


def test_a_norm_of_another_kind_or_one_that_learns_is_left_alone():
    learning = PlainRMSNorm()
    learning.weight.requires_grad_()
    assert use_fast_norms(nn.ModuleList([PlainRMSNorm(power=3), PlainRMSNorm(plus=0.5), learning])) == 0


def batch() -> dict[str, torch.Tensor]:
    torch.manual_seed(5)
    ids = torch.randint(5, 300, (3, 24))
    labels = ids.clone()
    labels[:, :10] = -100
    labels[0, 20:] = -100
    mask = torch.ones_like(ids)
    mask[0, 20:] = 0
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def gradients(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: weight.grad.clone() for name, weight in model.named_parameters() if weight.grad is not None}


def test_a_lightened_model_learns_exactly_what_transformers_own_loss_teaches(tiny):
    config = TrainingConfig(lora_rank=4)
    results = []
    for light in (False, True):
        model = load_model(tiny, dtype=torch.float32)
        if light:
            assert use_fast_norms(model.model) == 2 * LAYERS + 1
            assert use_fast_gated_mlps(model.model) == LAYERS
            assert use_label_only_forward(model.model, seq2seq=False, autocast=None)
        adapted = add_adapter(model.model, config, name="tiny", seq2seq=False, autocast=False)
        torch.manual_seed(3)
        for name, weight in adapted.named_parameters():
            if "lora_B" in name:
                torch.nn.init.normal_(weight, std=0.1)
        loss = adapted(**batch())["loss"]
        loss.backward()
        results.append((loss.item(), gradients(adapted)))
    (plain, expected), (lean, result) = results
    assert lean == pytest.approx(plain, rel=1e-5)
    assert result.keys() == expected.keys()
    for name, value in expected.items():
        torch.testing.assert_close(result[name], value, rtol=1e-3, atol=1e-5, msg=name)


def test_a_lightened_model_without_labels_writes_as_before(tiny):
    model = load_model(tiny, dtype=torch.float32)
    ids = batch()["input_ids"]
    expected = model.model(input_ids=ids).logits
    use_fast_norms(model.model)
    use_label_only_forward(model.model, seq2seq=False, autocast=None)
    torch.testing.assert_close(model.model(input_ids=ids).logits, expected, rtol=1e-4, atol=1e-4)


def test_sums_of_rows_add_up_to_the_loss(tiny):
    model = load_model(tiny, dtype=torch.float32)
    use_label_only_forward(model.model, seq2seq=False, autocast=None)
    with torch.no_grad():
        output = model.model(**batch())
        halved = model.model(**batch(), num_items_in_batch=2 * int(output["row_labels"].sum()))
    assert output["row_labels"].tolist() == [10, 14, 14]
    assert output["loss"].item() == pytest.approx(float(output["row_loss"].sum() / 38), rel=1e-6)
    assert halved["loss"].item() == pytest.approx(output["loss"].item() / 2, rel=1e-6)


def test_a_text_beside_a_longer_one_has_the_loss_that_it_has_alone(tiny):
    """What fills a batch up is neither read nor learnt, whatever stands there."""
    model = load_model(tiny, dtype=torch.float32)
    use_label_only_forward(model.model, seq2seq=False, autocast=None)
    short, long = (EncodedExample([7] * prompt + [9] * 5, [IGNORE_INDEX] * prompt + [9] * 5, 0) for prompt in (4, 90))
    with torch.no_grad():
        losses = [
            model.model(**PaddingCollator(pad, 2048)(items)) for items in ([short], [short, long]) for pad in (0, 11)
        ]
    assert [item["row_labels"][0].item() for item in losses] == [5] * 4
    assert [item["row_loss"][0].item() for item in losses] == [
        pytest.approx(losses[0]["row_loss"].item(), rel=1e-5)
    ] * 4
    assert losses[0]["loss"].item() == pytest.approx(losses[0]["row_loss"].item() / 5, rel=1e-6)


@pytest.mark.parametrize("change", ["scaled", "bias"])
def test_a_head_that_does_more_than_multiply_keeps_its_own_logits(tiny, change):
    model = load_model(tiny, dtype=torch.float32)
    if change == "bias":
        model.model.lm_head.bias = nn.Parameter(torch.randn(model.model.config.vocab_size), requires_grad=False)
    else:
        model.model.lm_head.register_forward_hook(lambda _head, _given, logits: 30 * torch.tanh(logits / 30 * 9))
    given = batch()
    with torch.no_grad():
        expected = model.model(**given).loss
        assert not use_label_only_forward(model.model, seq2seq=False, autocast=None)
        torch.testing.assert_close(model.model(**given)["loss"], expected)
