"""Streaming safetensors reader and writer, tensor by tensor, with rounding to bfloat16 in numpy alone.

A safetensors file is eight bytes of length, a JSON header that names every tensor with its place, and the bytes. As
the header needs only names, shapes and types, it can be written first and the weights can stream through: the
memory needed is that of one block of rows, however large the model is.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.util.files import parse_json, writing

BF16 = "BF16"
WIDTHS = {"BF16": 2, "F16": 2, "F32": 4, "F64": 8, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
_PREFIX = struct.Struct("<Q")  # the header's length, in front of everything
_LONGEST_HEADER = 100_000_000  # the limit that the reference implementation sets


@dataclass(frozen=True, slots=True)
class Slot:
    """One tensor of a file: its name, its shape (rows first) and its type (a safetensors name, ``BF16``)."""

    name: str
    shape: tuple[int, ...]
    dtype: str = BF16

    @property
    def size(self) -> int:
        """Bytes that the tensor takes."""
        return prod(self.shape) * WIDTHS[self.dtype]


@dataclass(frozen=True, slots=True)
class TensorLocation:
    """Where a tensor lies in a safetensors file: first and last byte (counted from the file's start)."""

    slot: Slot
    start: int
    end: int


def to_bfloat16(values: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Round float32 to the nearest bfloat16 (ties to even), given as its 16 bits. Same shape.

    >>> [hex(int(bits)) for bits in to_bfloat16(np.array([1.0, -2.5, 3.14159274], dtype=np.float32))]
    ['0x3f80', '0xc020', '0x4049']
    """
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    rounded = bits + (np.uint32(0x7FFF) + ((bits >> np.uint32(16)) & np.uint32(1)))
    # a NaN must stay one: adding to its bits could carry it over to infinity
    kept = np.where((bits & np.uint32(0x7FFFFFFF)) > np.uint32(0x7F800000), bits | np.uint32(0x00400000), rounded)
    return (kept >> np.uint32(16)).astype(np.uint16)


def from_bfloat16(bits: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Widen bfloat16, given as its 16 bits, to float32: exact.

    >>> from_bfloat16(np.array([0x3F80, 0xC020], dtype=np.uint16)).tolist()
    [1.0, -2.5]
    """
    return (bits.astype(np.uint32) << np.uint32(16)).view(np.float32)


def write_tensors(
    path: Path, slots: Iterable[Slot], blocks: Iterable[tuple[Slot, NDArray[Any]]], *, metadata: Mapping[str, str]
) -> None:
    """Write a safetensors file in one pass, atomically.

    slots: every tensor, in the order in which it will come. blocks: ``(slot, rows)``, the rows of each slot in
    order, in as many pieces as convenient. metadata: texts for the header (``{"format": "pt"}`` is what
    transformers looks for). Raises ValueError when the blocks do not fill the slots exactly.
    """
    expected = list(slots)
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    offset = 0
    for slot in expected:
        header[slot.name] = {
            "dtype": slot.dtype,
            "shape": list(slot.shape),
            "data_offsets": [offset, offset + slot.size],
        }
        offset += slot.size
    if len(header) != len(expected) + 1:
        raise ValueError("two tensors have the same name")
    text = json.dumps(header, separators=(",", ":")).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with writing(path, mode=0o644) as out:
        out.write(_PREFIX.pack(len(text)))
        out.write(text)
        filled = dict.fromkeys((slot.name for slot in expected), 0)
        order = iter(expected)
        current: Slot | None = None
        for slot, rows in blocks:
            if current is None or slot.name != current.name:
                if (current is not None and filled[current.name] != current.size) or slot != next(order, None):
                    raise ValueError(f"tensor {slot.name} came out of turn")
                current = slot
            data = np.ascontiguousarray(rows)
            filled[slot.name] += data.nbytes
            out.write(data.data)
        if any(filled[slot.name] != slot.size for slot in expected):
            raise ValueError("some tensors were not filled")


def read_header(path: Path) -> dict[str, TensorLocation]:
    """Read where each tensor of a safetensors file lies, checking that they fill the file without gap or overlap.

    The reference implementation asks the same. A file whose tensors share bytes would grow when it is converted.
    Raises ValueError for a file that is not well formed: it may come from anywhere.
    """
    total = path.stat().st_size
    with path.open("rb") as source:
        start = source.read(_PREFIX.size)
        length = _PREFIX.unpack(start)[0] if len(start) == _PREFIX.size else 0
        if not 0 < length <= min(_LONGEST_HEADER, total - _PREFIX.size):
            raise ValueError(f"{path.name}: no safetensors header")
        header = parse_json(source.read(length))
    if not isinstance(header, dict):
        raise ValueError(f"{path.name}: no safetensors header")  # noqa: TRY004 - a file's content, not a caller's type
    header.pop("__metadata__", None)
    end = _PREFIX.size + length
    places = {name: _place(path.name, name, entry, end, total) for name, entry in header.items()}
    for place in sorted(places.values(), key=lambda place: (place.start, place.end)):
        if place.start != end:
            raise ValueError(f"{path.name}: tensor {place.slot.name} shares bytes with another, or leaves a gap")
        end = place.end
    if end != total:
        raise ValueError(f"{path.name}: {total - end} bytes belong to no tensor of this safetensors file")
    return places


def _place(file: str, name: str, entry: object, base: int, total: int) -> TensorLocation:
    match entry:
        case {"dtype": str(dtype), "shape": [*shape], "data_offsets": [int(first), int(last)]} if dtype in WIDTHS:
            if all(type(side) is int and side >= 0 for side in shape):  # a bool is an int, and no side
                slot = Slot(name, tuple(shape), dtype)
                if 0 <= first <= last <= total - base and last - first == slot.size:
                    return TensorLocation(slot, base + first, base + last)
    raise ValueError(f"{file}: tensor {name} is of a type not known here, or lies outside the file")


def read_raw(path: Path, place: TensorLocation, *, block: int = 1 << 23) -> Iterator[NDArray[np.uint8]]:
    """Yield a tensor's bytes as they are, in pieces of at most ``block`` bytes. Raises ValueError on a short file."""
    with path.open("rb") as source:
        source.seek(place.start)
        left = place.end - place.start
        while left:
            data = source.read(min(block, left))
            if not data:
                raise ValueError(f"{path.name} ended early")
            left -= len(data)
            yield np.frombuffer(data, dtype=np.uint8)


def read_rows(path: Path, place: TensorLocation) -> Iterator[NDArray[np.float32]]:
    """Yield a floating-point tensor's values as flat float32 pieces, in order."""
    kind = {"BF16": "<u2", "F16": "<f2", "F32": "<f4", "F64": "<f8"}[place.slot.dtype]
    for piece in read_raw(path, place):
        values = piece.view(kind)
        yield from_bfloat16(values) if place.slot.dtype == BF16 else values.astype(np.float32)
