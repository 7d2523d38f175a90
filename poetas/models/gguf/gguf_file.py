"""GGUF reader: metadata and the location of each tensor, without reading the weights.

GGUF is llama.cpp's format: a count of tensors, typed key/value pairs, a table of tensors, then the weights, aligned
(https://github.com/ggml-org/ggml/blob/master/docs/gguf.md). The ``gguf`` package has a reader too, but it makes a
numpy array for every one of a vocabulary's 262,144 texts: 17 seconds and 1 GB for what takes a second here. Its
tables of block sizes and its dequantisation are used as they are.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any, Self

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType
from gguf.quants import dequantize
from numpy.typing import NDArray

from poetas.models.gguf.metadata import count

_MAGIC, _VERSIONS = b"GGUF", (2, 3)
_STRING, _ARRAY = 8, 9
_SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_MOST_TENSORS, _MOST_PAIRS, _MOST_DIMENSIONS, _DEEPEST = 100_000, 10_000, 4, 8


@dataclass(frozen=True, slots=True)
class Quantised:
    """One tensor of a GGUF file.

    shape: rows first, as numpy and torch count. kind: how it is quantised. start: first byte in the file.
    row_bytes: bytes of one row (of all but the last dimension).
    """

    name: str
    shape: tuple[int, ...]
    kind: GGMLQuantizationType
    start: int
    row_bytes: int

    @property
    def rows(self) -> int:
        """How many rows: the product of all dimensions but the last."""
        return prod(self.shape[:-1])

    @property
    def end(self) -> int:
        """The byte after the last in the file."""
        return self.start + self.rows * self.row_bytes


_Row = tuple[str, tuple[int, ...], GGMLQuantizationType, int]  # of the table of tensors: name, shape, kind, offset


class GGUFFile:
    """An open GGUF file: ``metadata`` by key, ``tensors`` by name. Use it in a ``with``.

    Raises ValueError for anything that is not a well-formed GGUF: the file may come from anywhere.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as source:
            if path.stat().st_size < 24:  # noqa: PLR2004 - magic, version and two counts
                raise ValueError(f"{path.name} is too short for a GGUF file")
            self._data = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        self._position = 4
        try:
            self._parse()
        except (struct.error, UnicodeDecodeError, KeyError, OverflowError) as error:
            self.close()
            raise ValueError(f"{path.name} is not a readable GGUF file: {error}") from error
        except ValueError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with suppress(BufferError):  # an interrupted `blocks` still holds a view: the mapping is freed with it
            self._data.close()

    def _parse(self) -> None:
        if self._data[:4] != _MAGIC:
            raise ValueError(f"{self.path.name} is not a GGUF file")
        version, tensors, pairs = self._take("<I"), self._take("<Q"), self._take("<Q")
        if version not in _VERSIONS or tensors > _MOST_TENSORS or pairs > _MOST_PAIRS:
            raise ValueError(f"{self.path.name}: GGUF version {version}, {tensors} tensors, {pairs} keys")
        self.metadata: dict[str, Any] = {}
        for _ in range(pairs):
            key = self._text()
            self.metadata[key] = self._value(self._take("<I"))
        table = [self._tensor() for _ in range(tensors)]
        alignment = count(self.metadata, "general.alignment", 32)
        self.tensors = self._placed(table, -(-self._position // alignment) * alignment)

    def _placed(self, table: list[_Row], base: int) -> dict[str, Quantised]:
        """Check that every tensor lies in the file, and that no two share bytes."""
        tensors: dict[str, Quantised] = {}
        for name, shape, kind, offset in table:
            block, size = GGML_QUANT_SIZES[kind]
            if shape[-1] % block:
                raise ValueError(f"{name}: rows of {shape[-1]} do not fill blocks of {block}")
            tensor = Quantised(name, shape, kind, base + offset, shape[-1] // block * size)
            if name in tensors or tensor.end > len(self._data):
                raise ValueError(f"{name} is repeated or lies outside the file")
            tensors[name] = tensor
        order = sorted(tensors.values(), key=lambda tensor: tensor.start)
        for before, after in pairwise(order):
            if after.start < before.end:
                raise ValueError(f"{before.name} and {after.name} share bytes")
        return tensors

    def _take(self, kind: str) -> Any:
        value = struct.unpack_from(kind, self._data, self._position)[0]
        self._position += struct.calcsize(kind)
        return value

    def _text(self) -> str:
        length = self._take("<Q")
        if length > len(self._data) - self._position:
            raise ValueError(f"{self.path.name} ended inside a text")
        self._position += length
        return self._data[self._position - length : self._position].decode("utf-8")

    def _value(self, kind: int, depth: int = 0) -> Any:
        if kind == _STRING:
            return self._text()
        if kind != _ARRAY:
            return self._take(_SCALARS[kind])
        item, length = self._take("<I"), self._take("<Q")
        if length > len(self._data) - self._position:
            raise ValueError(f"{self.path.name} ended inside a list")
        if depth == _DEEPEST:
            raise ValueError(f"{self.path.name} has lists in lists, {depth} deep")
        if item in (_STRING, _ARRAY):
            return [self._value(item, depth + 1) for _ in range(length)]
        width = struct.calcsize(_SCALARS[item])
        values = struct.unpack_from(f"<{length}{_SCALARS[item][1]}", self._data, self._position)
        self._position += width * length
        return list(values)

    def _tensor(self) -> _Row:
        name, dimensions = self._text(), self._take("<I")
        if not 1 <= dimensions <= _MOST_DIMENSIONS:
            raise ValueError(f"{name} has {dimensions} dimensions")
        shape = tuple(self._take("<Q") for _ in range(dimensions))[::-1]  # stored fastest-varying first
        if min(shape) < 1:
            raise ValueError(f"{name} has a side of {min(shape)}")
        return name, shape, GGMLQuantizationType(self._take("<I")), self._take("<Q")

    def blocks(self, tensor: Quantised, *, values: int = 1 << 22) -> Iterator[NDArray[np.float32]]:
        """Yield a tensor's rows as float32[rows, columns], at most about ``values`` numbers at a time."""
        columns = tensor.shape[-1]
        step = max(1, values // columns)
        for first in range(0, tensor.rows, step):
            rows = min(step, tensor.rows - first)
            start, length = tensor.start + first * tensor.row_bytes, rows * tensor.row_bytes
            raw = np.frombuffer(self._data, dtype=np.uint8, count=length, offset=start).reshape(rows, -1)
            if tensor.kind == GGMLQuantizationType.F32:
                yield raw.view("<f4").copy()
            elif tensor.kind == GGMLQuantizationType.F16:
                yield raw.view("<f2").astype(np.float32)
            else:
                yield dequantize(raw, tensor.kind).reshape(rows, columns)
