"""A matrix with weights of one or two bytes that multiplies a few vectors, as exactly as its weights are.

Generation reads every weight once a step, so that the memory sets the pace. Weights are rounded to a scale of their
own for each row. Two bytes are a coarse and a fine row: fifteen bits, where bfloat16 has eight digits and an exponent.
Vectors are always split so; oneDNN multiplies all their halves in one pass over the weights, and the sums are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from time import perf_counter

import numpy as np
import torch

from poetas.generation.decoder_weights import Array

# Fewer rows are multiplied as they are: 64 of 576 take 4 µs, and 20 µs or more as bytes.
FEWEST_ROWS = 160
_STEPS = 127  # of one byte on either side of zero
# Vectors are bytes without a sign: without AMX, oneDNN has only its reference for signed ones (1,024 rows of 576 on an
# AMD EPYC: 12.5 ms, and 33 µs for unsigned ones).
_ZERO = 128
_FINER = 254  # steps of the fine row within one of the coarse row
_UNITS = np.array([[1 / _STEPS], [1 / (_STEPS * _FINER)]], np.float32)  # of the halves of a vector whose peak is 1
_CHUNK = 1 << 18  # weights that are rounded at once: a megabyte of float32 stays in the processor's cache
_SURE = 8 / 12**0.5
# A product of 1,024 rows is about as quick as in float32, larger ones are quicker; a reference kernel takes 200 times.
_MOST_TIMES = 8
_TRIALS = 5  # another process may have the processor during some of them
_TINY = 1e-30


class Int8Matrix:
    """Rows of one or several weights [rows, columns], rounded once.

    size: bytes of a weight, 1 or 2. columns: what each column is multiplied by first. nbytes: of the weights that a
    product reads.
    """

    def __init__(self, parts: Sequence[torch.Tensor], size: int, columns: Array | None = None) -> None:
        rows, width = sum(map(len, parts)), parts[0].shape[1]
        rounded = torch.empty(size, rows, width, dtype=torch.int8)
        scales = torch.empty(size, rows)
        first = 0
        for weight in parts:
            for chunk in torch.split(weight.detach(), max(1, _CHUNK // width)):
                taken = slice(first, first + len(chunk))
                exact = chunk.to(torch.float32, copy=True)
                _round(
                    exact if columns is None else exact.mul_(torch.from_numpy(columns)),
                    rounded[:, taken],
                    scales[:, taken],
                )
                first += len(chunk)
        self.nbytes = rounded.nbytes + scales.nbytes
        self._step = scales[-1].numpy()
        self._weights = torch.ops.onednn.qlinear_prepack(rounded.view(-1, width), None)
        self._scales, self._zeros = scales.view(-1), torch.zeros(size * rows, dtype=torch.int64)
        self._size = size

    def __call__(self, vectors: Array, factors: Array | None = None) -> Array:
        """Multiply by some vectors, and each result by a number: float32[vectors, columns] to float32[vectors, rows].

        What is not finite stays so.
        """
        products, units = self.products(vectors)
        return summed(products, units if factors is None else units * factors)

    def products(self, vectors: Array) -> tuple[Array, Array]:
        """Multiply by the coarse and the fine halves of some vectors: the terms that `summed` adds, and their units.

        Returns float32[2, vectors, size, rows] and float32[2, vectors].
        """
        peaks = np.maximum(np.absolute(vectors).max(1), _TINY)  # NaN where one is among them
        steps = vectors * (_STEPS / peaks)[:, None]
        coarse = np.rint(steps)
        steps -= coarse
        steps *= _FINER
        halves = np.empty((2, *vectors.shape), np.uint8)
        halves[0] = np.add(coarse, _ZERO, out=coarse)
        halves[1] = np.add(np.rint(steps, out=steps), _ZERO, out=steps)
        products = torch.ops.onednn.qlinear_pointwise.default(
            torch.from_numpy(halves.reshape(-1, vectors.shape[1])),
            1.0,
            _ZERO,
            self._weights,
            self._scales,
            self._zeros,
            None,
            1.0,
            0,
            torch.float32,
            "none",
            [],
            "",
        )
        return products.numpy().reshape(2, len(vectors), self._size, -1), _UNITS * peaks

    def margins(self, vector: Array) -> Array:
        """How far each product with one vector can be from that of the exact weights: float32[rows].

        Eight standard deviations of a sum of rounding errors, each even over one step of its row: beyond them lies one
        of 10^13, so that no text will meet it. What the vector loses is a hundredth of that.
        """
        margins: Array = self._step * np.float32(_SURE * float(vector @ vector) ** 0.5)
        return margins


def summed(products: Array, units: Array) -> Array:
    """Add the terms of each product: float32[2, vectors, size, rows] to float32[vectors, rows]."""
    # Not `@`: the threads of numpy's BLAS would wait for work on the processors that torch's own need.
    total: Array = np.einsum("hv,hvsr->vr", units, products)
    return total


def _round(exact: torch.Tensor, rounded: torch.Tensor, scales: torch.Tensor) -> None:
    scales[0] = exact.abs().amax(1).div_(_STEPS).clamp_(min=_TINY)
    exact.div_(scales[0, :, None])
    for part, finer in zip(rounded[1:], scales[1:], strict=True):
        part.copy_(exact.sub(exact.round()).mul_(_FINER).round_())
        finer.copy_(scales[0] / _FINER)
    rounded[0].copy_(exact.round_())


@cache
def multiplies_int8() -> bool:
    """Tell whether products of bytes are quick on this processor (VNNI, AMX), by measuring, and without overflow."""
    able = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    if not any(able.get(name, False) for name in ("avx512_vnni", "avx_vnni", "amx_int8")):
        return False
    ends = torch.tensor([[1.0], [-1.0]]).expand(512, 2, 1024).reshape(1024, 1024)  # the largest sums that there can be
    vector = np.ones((1, 1024), np.float32)
    try:
        with torch.inference_mode():
            matrix = Int8Matrix([ends], 1)
            right = np.allclose(matrix(vector)[0], ends.sum(1).numpy())
            return right and _fastest(lambda: matrix(vector)) < _MOST_TIMES * _fastest(
                lambda: torch.mv(ends, torch.from_numpy(vector[0]))
            )
    except (RuntimeError, AttributeError, NotImplementedError):  # another torch may lack these operations
        return False


def _fastest(call: Callable[[], object]) -> float:
    def seconds() -> float:
        begin = perf_counter()
        call()
        return perf_counter() - begin

    return min(seconds() for _ in range(_TRIALS))
