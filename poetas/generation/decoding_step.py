"""One token through a decoder, a vector in and logits out: without transformers' work for batches, masks and gradients.

Activations are float32. Weights are rounded: to two bytes in the layers, those of gate and up and the head's to one.
What is small is computed by numpy, whose operations on a few hundred numbers take a third of the time of torch's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import nn

from poetas.generation.decoder_weights import DecoderBlock, DecoderWeights, Norm, Vector, base_layer
from poetas.generation.int8_matrix import FEWEST_ROWS, Int8Matrix

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

    def __call__(self, vector: Vector) -> torch.Tensor:
        """Logits: float32[vocabulary]."""
        rounded, margins = self._rounded(vector), self._rounded.margins(vector)
        best = rounded.argmax()
        near = np.flatnonzero(rounded + margins >= rounded[best] - margins[best] - _WITHIN)
        logits, given = torch.from_numpy(rounded), torch.from_numpy(vector)
        for rows in torch.split(torch.from_numpy(near), _AT_ONCE):
            logits[rows] = torch.mv(self._exact[rows].float(), given)
        return logits


class ExactMatrix:
    """A matrix of so few rows that its float32 weights stay in the processor's cache; called as an `Int8Matrix` is."""

    def __init__(self, parts: Sequence[torch.Tensor], columns: Vector | None = None) -> None:
        weights = torch.cat([part.detach().float() for part in parts])
        self._weights = weights if columns is None else weights * torch.from_numpy(columns)
        self.nbytes = self._weights.nbytes

    def __call__(self, vector: Vector, factor: float = 1.0) -> Vector:
        """Multiply by a vector and a number: float32[columns] to float32[rows]."""
        product: Vector = torch.mv(self._weights, torch.from_numpy(vector)).mul_(factor).numpy()
        return product


class Product:
    """The linear layers that read one vector, as one matrix, with their biases. columns: as `Int8Matrix` says."""

    def __init__(self, layers: Sequence[nn.Module], size: int, columns: Vector | None = None) -> None:
        plain: list[Any] = [base_layer(layer) for layer in layers]
        weights = [layer.weight for layer in plain]
        few = size * sum(map(len, weights)) < FEWEST_ROWS
        self._matrix = ExactMatrix(weights, columns) if few else Int8Matrix(weights, size, columns)
        self.nbytes = self._matrix.nbytes
        self._bias: Vector | None = None
        if any(layer.bias is not None for layer in plain):
            biases = [
                layer.weight.new_zeros(len(layer.weight)) if layer.bias is None else layer.bias for layer in plain
            ]
            self._bias = torch.cat(biases).detach().float().numpy()

    def __call__(self, vector: Vector, factor: float = 1.0) -> Vector:
        """Multiply by a vector and a number."""
        product = self._matrix(vector, factor)
        return product if self._bias is None else product + self._bias


class Layer:
    """One layer of the decoder: its four products, and its arithmetic on one vector."""

    def __init__(self, block: DecoderBlock, weights: DecoderWeights) -> None:
        self.block = block
        # The other norm's scale stays out of gate and up: some columns of it are so large that one byte is too coarse.
        before = (block.before_attention.scale, None, None, None)
        self.products = tuple(map(Product, block.products, _SIZES, before))
        self._key_heads, self._size = weights.key_heads, weights.size
        self._heads, self._turning = weights.heads, weights.heads + weights.key_heads
        self._turned = np.empty((self._turning, self._size), np.float32)

    def __call__(
        self,
        vector: Vector,
        rotation: tuple[Vector, Vector],
        keep: Callable[[Vector, Vector], tuple[torch.Tensor, torch.Tensor]],
    ) -> Vector:
        """Return what the layer makes of a vector. keep: takes a new key and value, returns all that it sees."""
        block, (inward, outward, gates, down) = self.block, self.products
        mixed = inward(vector, block.before_attention.factor(vector)).reshape(-1, self._size)
        heads = mixed[: self._turning]
        if block.of_heads:
            heads /= np.sqrt(np.einsum("hs,hs->h", heads, heads) + np.float32(block.of_heads[0].least))[:, None]
        half = self._size // 2
        self._turned[:, :half], self._turned[:, half:] = heads[:, half:], heads[:, :half]
        self._turned *= rotation[1]
        heads *= rotation[0]
        heads += self._turned
        keys, values = keep(heads[self._heads :], mixed[self._turning :])
        query = torch.from_numpy(heads[: self._heads]).view(1, self._key_heads, -1, self._size)
        seen = nn.functional.scaled_dot_product_attention(query, keys, values, scale=1.0).view(-1).numpy()
        vector, norm = added(vector, outward(seen), block.after_attention), block.before_mlp
        gate, up = torch.from_numpy(gates(vector * norm.scale, norm.factor(vector))).chunk(2)
        return added(vector, down((block.activation(gate) * up).numpy()), block.after_mlp)

    def head_scales(self) -> torch.Tensor:
        """What queries and keys are multiplied by (norms, the attention's scale): float32[heads + key heads, size]."""
        scales = torch.ones(self._turning, self._size)
        if self.block.of_heads:
            scales[: self._heads], scales[self._heads :] = (
                torch.from_numpy(norm.scale) for norm in self.block.of_heads
            )
        scales[: self._heads] *= self.block.scaling
        return scales


def added(vector: Vector, change: Vector, norm: Norm | None) -> Vector:
    """Add a change to a vector, normalised if it has a norm; the change is used up."""
    if norm is not None:
        factor = np.float32(norm.factor(change))
        change *= norm.scale
        change *= factor
    change += vector
    return change
