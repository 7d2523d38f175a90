"""Merging of a LoRA adapter into its base model's weights, tensor by tensor: float32 blocks out.

One tensor of a merged layer is in memory at a time, and of the others one block of rows: PEFT's ``merge_and_unload``
needs the whole model in float32. The tests compare every tensor with PEFT's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.models.safetensors_stream import Slot, TensorLocation, read_header, read_rows

_ROOT, _DOWN, _UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
_FLOATS = frozenset({"F64", "F32", "F16", "BF16"})
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class _Factors:
    """The two factors of one layer's change, as they lie in the adapter's file."""

    down: TensorLocation
    up: TensorLocation


class MergedWeights:
    """The tensors of a base model with an adapter's changes added to them; ``adapter`` None gives the base's own.

    base: a safetensors file. adapter: a folder of a plain LoRA adapter, checked before
    (`poetas.generation.adapter_files`). Raises ValueError where the two do not belong together.
    """

    def __init__(self, base: Path, adapter: Path | None, config: Mapping[str, Any]) -> None:
        self._base = base
        self._places = read_header(base)
        if wrong := [name for name, place in self._places.items() if place.slot.dtype not in _FLOATS]:
            raise ValueError(f"no floating-point tensor: {wrong[0]}")
        self._adapter = adapter / "adapter_model.safetensors" if adapter is not None else None
        self._factors = _factors(read_header(self._adapter)) if self._adapter is not None else {}
        if astray := sorted(f"{name}.weight" for name in self._factors if f"{name}.weight" not in self._places):
            raise ValueError(f"not in the base: {astray[:3]}")
        rank, alpha = int(config.get("r", 1)), float(config.get("lora_alpha", 1))
        self._scale = alpha / (sqrt(rank) if config.get("use_rslora") else rank)
        self._transposed = bool(config.get("fan_in_fan_out"))

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of every tensor by its name, in the order of the base's file."""
        return {name: place.slot.shape for name, place in self._places.items()}

    @property
    def size(self) -> int:
        """How many weights."""
        return sum(place.slot.size for place in map(_as_float32, self._places.values())) // 4

    def blocks(self, name: str) -> Iterator[Floats]:
        """Yield a tensor's values in order, flat, in pieces; a merged tensor comes whole."""
        factors = self._factors.get(name.removesuffix(".weight"))
        pieces = read_rows(self._base, self._places[name])
        if factors is None:
            yield from pieces
            return
        weight = np.concatenate(list(pieces)).reshape(self._places[name].slot.shape)
        delta = self._read(factors.up) @ self._read(factors.down)
        delta = delta.T if self._transposed or delta.shape != weight.shape else delta
        if delta.shape != weight.shape:
            raise ValueError(f"{name}: a change of {delta.shape} for {weight.shape}")
        yield (weight + np.float32(self._scale) * delta).ravel()

    def _read(self, place: TensorLocation) -> Floats:
        if self._adapter is None:
            raise ValueError("no adapter")
        return np.concatenate(list(read_rows(self._adapter, place))).reshape(place.slot.shape)


def _as_float32(place: TensorLocation) -> TensorLocation:
    return TensorLocation(Slot(place.slot.name, place.slot.shape, "F32"), place.start, place.end)


def _factors(header: Mapping[str, TensorLocation]) -> dict[str, _Factors]:
    names = {name.removeprefix(_ROOT).removesuffix(_DOWN).removesuffix(_UP) for name in header}
    try:
        factors = {name: _Factors(header[f"{_ROOT}{name}{_DOWN}"], header[f"{_ROOT}{name}{_UP}"]) for name in names}
    except KeyError as error:
        raise ValueError(f"not two factors for each layer: {error}") from error
    if len(header) != 2 * len(factors):
        raise ValueError("tensors that are no factors of a layer")
    return factors
