"""Single rows in bfloat16: the same numbers as torch's linear, in every shape, and training is left alone."""

import pytest
import torch
from torch import nn

from poetas.generation.single_row_linear import speed_up_single_rows


@pytest.fixture
def layer():
    torch.manual_seed(3)
    return nn.Linear(640, 2048, bias=True).to(torch.bfloat16)


@pytest.mark.parametrize("shape", [(640,), (1, 640), (1, 1, 640), (3, 640), (1, 4, 640)])
def test_the_products_are_those_of_linear(layer, shape):
    rows = torch.randn(shape).to(torch.bfloat16)
    with torch.inference_mode():
        usual = layer(rows)
        assert speed_up_single_rows(layer) == 1
        ours = layer(rows)
    assert ours.shape == usual.shape
    exact = rows.float() @ layer.weight.float().T + layer.bias.float()
    assert (ours.float() - exact).abs().max() <= 2 * (usual.float() - exact).abs().max()


def test_a_row_of_another_type_and_one_with_a_gradient_go_the_usual_way(layer):
    speed_up_single_rows(layer)
    rows = torch.randn(1, 640, dtype=torch.bfloat16, requires_grad=True)
    layer(rows).sum().backward()
    assert rows.grad is not None
    assert layer.weight.grad is not None
    with pytest.raises(RuntimeError):
        layer(torch.randn(1, 640))  # as torch's own: types do not mix


def test_float32_and_layers_of_another_class_stay_as_they_are():
    model = nn.Sequential(nn.Linear(4, 4), nn.Embedding(4, 4).to(torch.bfloat16))
    assert speed_up_single_rows(model) == 0
