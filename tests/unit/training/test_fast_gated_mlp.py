"""Tests of gated feed-forward layers that compute their activation again."""

import pytest
import torch
from torch import nn

from poetas.training.fast_gated_mlp import use_fast_gated_mlps

ACTIVATIONS = {
    "silu": nn.SiLU(),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
}


class GatedMLP(nn.Module):
    """What the architectures of the catalogue have, in small. scale: of its output, 1 as they have it."""

    def __init__(self, activation: nn.Module, *, scale: float = 1.0) -> None:
        super().__init__()
        self.gate_proj, self.up_proj = nn.Linear(4, 6, dtype=torch.float64), nn.Linear(4, 6, dtype=torch.float64)
        self.down_proj = nn.Linear(6, 4, dtype=torch.float64)
        self.act_fn, self.scale = activation, scale

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.scale * self.down_proj(self.act_fn(self.gate_proj(x)) * self.up_proj(x))


def kept_bytes(layer: nn.Module, given: torch.Tensor) -> int:
    """Bytes of the different tensors that a forward pass keeps for the gradient."""
    kept: dict[int, int] = {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = layer(given)
    assert result.requires_grad
    return sum(kept.values())


@pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_it_gives_and_teaches_the_same_and_keeps_one_tensor_less(activation):
    torch.manual_seed(1)
    layer, given = GatedMLP(activation), torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
    layer(given).square().sum().backward()
    expected = {name: weight.grad.clone() for name, weight in layer.named_parameters()}, given.grad.clone()
    output, kept = layer(given).detach(), kept_bytes(layer, given)
    layer.zero_grad()
    given.grad = None

    assert use_fast_gated_mlps(nn.ModuleList([layer])) == 1

    assert torch.equal(layer(given), output)
    layer(given).square().sum().backward()
    torch.testing.assert_close(({n: weight.grad for n, weight in layer.named_parameters()}, given.grad), expected)
    assert kept - kept_bytes(layer, given) == 5 * 6 * 8


def test_a_layer_that_gives_something_else_is_left_alone():
    others = nn.ModuleList([GatedMLP(nn.ReLU()), GatedMLP(nn.SiLU(), scale=0.5), nn.Linear(4, 6)])
    given = torch.ones(1, 4, dtype=torch.float64)
    expected = others[0](given)
    assert use_fast_gated_mlps(others) == 0
    assert torch.equal(others[0](given), expected)


def test_a_linear_layer_that_is_wrapped_afterwards_is_the_one_that_is_asked():
    layer, given = GatedMLP(nn.SiLU()), torch.ones(1, 4, dtype=torch.float64)
    use_fast_gated_mlps(nn.ModuleList([layer]))
    layer.up_proj = nn.Sequential(layer.up_proj, nn.Tanh())
    gate, other = layer.gate_proj(given), layer.up_proj(given)
    torch.testing.assert_close(layer(given), layer.down_proj(nn.functional.silu(gate) * other))
