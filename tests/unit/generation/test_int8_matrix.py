"""Products with weights of bytes: no less exact than the weights, and a head that never misses the likeliest."""

from pathlib import Path

import numpy as np
import pytest
import torch

from poetas.generation.decoding_step import RescoredHead
from poetas.generation.int8_matrix import Int8Matrix, multiplies_int8

pytestmark = [
    pytest.mark.usefixtures("one_core"),
    pytest.mark.skipif(not multiplies_int8(), reason="this processor does not multiply bytes quickly"),
]


def rounded(weight: torch.Tensor, steps: int = 127) -> torch.Tensor:
    scale = weight.abs().amax(1, keepdim=True) / steps
    return (weight / scale).round() * scale


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(("taken", "steps"), [(1, 127), (2, 127 * 254)])
def test_a_product_is_that_of_the_rounded_weights(size, taken, steps):
    torch.manual_seed(1)
    parts, columns = [torch.randn(70, 640), torch.randn(33, 640).bfloat16()], torch.rand(640) + 0.5
    matrix = Int8Matrix(parts, taken, columns.numpy())
    weight = torch.cat([part.float() for part in parts]) * columns
    vectors = torch.randn(3, 640) * size * torch.tensor([[1.0], [1e3], [1e-3]])  # each is rounded for itself
    vectors[:, 3] *= 50  # one large value, as models have them, must not cost the others their digits
    factors = np.array([3.0, 1.0, 0.5], np.float32)
    with torch.inference_mode():
        products = torch.from_numpy(matrix(vectors.numpy(), factors) / factors[:, None])
    for vector, product in zip(vectors, products, strict=True):
        expected = rounded(weight, steps) @ vector
        assert (product - expected).abs().max() < 5e-4 * expected.abs().max()
        off, margins = (product - weight @ vector).abs(), torch.from_numpy(matrix.margins(vector.numpy()))
        assert (off <= margins + 5e-4 * expected.abs().max()).all()
        assert (off > margins / 16).any()  # the margins are no wider than they need to be


def test_zero_stays_zero_and_what_is_no_number_is_not_hidden():
    matrix = Int8Matrix([torch.randn(8, 64)], 1)
    with torch.inference_mode(), np.errstate(all="ignore"):
        assert not matrix(np.zeros((1, 64), np.float32)).any()
        for bad in (np.nan, np.inf):
            vectors = np.ones((2, 64), np.float32)
            vectors[0, 5] = bad
            sound = np.isfinite(matrix(vectors))
            assert not sound[0].any()
            assert sound[1].all()


def test_the_head_finds_the_likeliest_token_among_rows_that_rounding_confuses():
    torch.manual_seed(2)
    missed = 0
    for _ in range(20):
        weight = torch.randn(3000, 128)
        weight[:300] = weight[0] + torch.randn(300, 128) * 0.003  # many that are nearly the same
        vector = weight[0] + 0.1 * torch.randn(128)
        exact = weight @ vector
        both = torch.stack([torch.randn(128), vector])
        with torch.inference_mode():
            logits = RescoredHead(weight)(both.numpy())(1)
            missed += int(Int8Matrix([weight], 1)(vector[None].numpy()).argmax() != exact.argmax())
        assert logits.argmax() == exact.argmax()
        top = exact.topk(10).indices
        assert torch.allclose(logits[top], exact[top], atol=1e-3)
    assert missed  # else the rows were not near enough to show anything


def test_a_flat_head_is_computed_exactly_as_a_whole():
    torch.manual_seed(3)
    weight = (torch.randn(1, 64).repeat(5000, 1) + 1e-2 * torch.randn(5000, 64)).bfloat16()  # all are near
    vector = torch.randn(64)
    with torch.inference_mode():
        assert torch.allclose(RescoredHead(weight)(vector[None].numpy())(0), weight.float() @ vector, atol=1e-4)


def test_a_processor_that_can_is_used():
    flags = Path("/proc/cpuinfo")
    if flags.exists() and "avx512_vnni" in flags.read_text("utf-8"):
        assert multiplies_int8()
