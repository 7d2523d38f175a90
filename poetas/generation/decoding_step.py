"""A few tokens of a text through a decoder, vectors in and logits out: without transformers' work for batches.

Activations are float32. Weights are rounded: to two bytes in the layers, those of gate and up and the head's to one.
What is small is computed by numpy, whose operations on a few hundred numbers take a third of the time of torch's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from poetas.generation.decoder_weights import Array, DecoderBlock, DecoderWeights, Norm, base_layer
from poetas.generation.int8_matrix import FEWEST_ROWS, Int8Matrix, summed

# Takes new keys and values, float32[vectors, key heads, size]; returns all that is seen, float32[1, key heads, tokens,
# size], and which of it by each vector (rows by query head within the key head's), None where there is one vector.
Keep = Callable[[Array, Array], tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]]

_SIZES = (2, 2, 1, 2)  # bytes of a weight of each product of a layer; one byte in gate and up costs no agreement
_WITHIN = 5.0  # nats below the likeliest: tokens that are drawn at least once where that one is drawn 150 times
_AT_ONCE = 4096  # rows of the head that are computed again together: ten megabytes of float32


class RescoredHead:
    """The output head with weights of one byte, its best rows computed again with the exact ones.

    Whatever token could be the likeliest or within `_WITHIN` of it, by the margins of what rounding changes, gets its
    exact logit. The others' logits are off by a tenth or so.
    """

    def __init__(self, weight: torch.Tensor) -> None:
        self._rounded, self._exact = Int8Matrix([weight], 1), weight.detach()
        self.nbytes = self._rounded.nbytes

    def __call__(self, vectors: Array) -> Callable[[int], torch.Tensor]:
        """Multiply; return what gives the logits of one of the vectors, float32[vocabulary]: not all may be needed."""
        products, units = self._rounded.products(vectors)

        def logits(index: int) -> torch.Tensor:
            chosen = slice(index, index + 1)
            return self._rescored(vectors[index], summed(products[:, chosen], units[:, chosen])[0])

        return logits

    def _rescored(self, vector: Array, rounded: Array) -> torch.Tensor:
        margins = self._rounded.margins(vector)
        best = rounded.argmax()
        near = np.flatnonzero(rounded + margins >= rounded[best] - margins[best] - _WITHIN)
        logits, given = torch.from_numpy(rounded), torch.from_numpy(vector)
        for rows in torch.split(torch.from_numpy(near), _AT_ONCE):
            logits[rows] = torch.mv(self._exact[rows].float(), given)
        return logits


class ExactMatrix:
    """A matrix of so few rows that its float32 weights stay in the processor's cache; called as an `Int8Matrix` is."""

    def __init__(self, parts: Sequence[torch.Tensor], columns: Array | None = None) -> None:
        weights = torch.cat([part.detach().float() for part in parts])
        self._weights = weights if columns is None else weights * torch.from_numpy(columns)
        self.nbytes = self._weights.nbytes

    def __call__(self, vectors: Array, factors: Array | None = None) -> Array:
        """Multiply by vectors, and each result by a number: float32[vectors, columns] to float32[vectors, rows]."""
        products: Array = torch.mm(torch.from_numpy(vectors), self._weights.T).numpy()
        return products if factors is None else products * factors[:, None]


class Product:
    """The linear layers that read the same vectors, as one matrix, with their biases. columns: as `Int8Matrix` says."""

    def __init__(self, layers: Sequence[nn.Module], size: int, columns: Array | None = None) -> None:
        plain: list[Any] = [base_layer(layer) for layer in layers]
        weights = [layer.weight for layer in plain]
        few = size * sum(map(len, weights)) < FEWEST_ROWS
        self._matrix = ExactMatrix(weights, columns) if few else Int8Matrix(weights, size, columns)
        self.nbytes = self._matrix.nbytes
        self._bias: Array | None = None
        if any(layer.bias is not None for layer in plain):
            biases = [
                layer.weight.new_zeros(len(layer.weight)) if layer.bias is None else layer.bias for layer in plain
            ]
            self._bias = torch.cat(biases).detach().float().numpy()

    def __call__(self, vectors: Array, factors: Array | None = None) -> Array:
        """Multiply by vectors, and each result by a number."""
        products = self._matrix(vectors, factors)
        return products if self._bias is None else products + self._bias


class Layer:
    """One layer of the decoder: its four products, and its arithmetic on the vectors of successive tokens."""

    def __init__(self, block: DecoderBlock, weights: DecoderWeights) -> None:
        self.block = block
        # The other norm's scale stays out of gate and up: some columns of it are so large that one byte is too coarse.
        before = (block.before_attention.scale, None, None, None)
        self.products = tuple(map(Product, block.products, _SIZES, before))
        self._key_heads, self._size = weights.key_heads, weights.size
        self._heads, self._turning = weights.heads, weights.heads + weights.key_heads

    def __call__(self, vectors: Array, rotation: tuple[Array, Array], keep: Keep) -> Array:
        """Return what the layer makes of vectors. rotation: float32[vectors, heads, size], twice."""
        block, (inward, outward, gates, down) = self.block, self.products
        count = len(vectors)
        mixed = inward(vectors, block.before_attention.factors(vectors)).reshape(count, -1, self._size)
        heads = mixed[:, : self._turning]
        if block.of_heads:
            heads /= np.sqrt(np.einsum("vhs,vhs->vh", heads, heads) + np.float32(block.of_heads[0].least))[:, :, None]
        half = self._size // 2
        turned = np.empty_like(heads)
        turned[:, :, :half], turned[:, :, half:] = heads[:, :, half:], heads[:, :, :half]
        turned *= rotation[1]
        heads *= rotation[0]
        heads += turned
        keys, values, mask = keep(heads[:, self._heads :], mixed[:, self._turning :])
        query = torch.from_numpy(heads[:, : self._heads]).view(count, self._key_heads, -1, self._size).transpose(0, 1)
        seen = nn.functional.scaled_dot_product_attention(
            query.reshape(1, self._key_heads, -1, self._size), keys, values, attn_mask=mask, scale=1.0
        )
        seen = seen.view(self._key_heads, count, -1, self._size).transpose(0, 1).reshape(count, -1)
        vectors, norm = added(vectors, outward(seen.numpy()), block.after_attention), block.before_mlp
        gate, up = torch.from_numpy(gates(vectors * norm.scale, norm.factors(vectors))).chunk(2, 1)
        return added(vectors, down((block.activation(gate) * up).numpy()), block.after_mlp)

    def head_scales(self) -> torch.Tensor:
        """What queries and keys are multiplied by (norms, the attention's scale): float32[heads + key heads, size]."""
        scales = torch.ones(self._turning, self._size)
        if self.block.of_heads:
            scales[: self._heads], scales[self._heads :] = (
                torch.from_numpy(norm.scale) for norm in self.block.of_heads
            )
        scales[: self._heads] *= self.block.scaling
        return scales


def added(vectors: Array, changes: Array, norm: Norm | None) -> Array:
    """Add changes to vectors, normalised if there is a norm; the changes are used up."""
    if norm is not None:
        factors = norm.factors(changes)
        changes *= norm.scale
        changes *= factors[:, None]
    changes += vectors
    return changes
