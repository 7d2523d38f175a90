"""Serialization of values for the wire: JSON, with arrays and bytes beside it as raw buffers, no pickle."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np  # at run time only where an array arrives: a worker must leave the network before numpy

Buffer: TypeAlias = bytes | bytearray | memoryview
_KINDS = "biuf"  # booleans, integers, floats: kinds whose bytes are only numbers


class BadMessage(Exception):
    """A message that this protocol does not send."""


def pack(value: Any, buffers: list[Buffer]) -> Any:
    """Return the JSON part of a value and append its raw parts to ``buffers``.

    Raises TypeError for what cannot travel. Tuples arrive as lists, paths as text, numpy numbers as Python's.

    >>> import numpy as np; raw = []
    >>> pack({"logits": np.zeros(2, "f4"), "n": np.int64(3)}, raw), raw[0].nbytes
    ({'logits': {'$array': 0, 'dtype': '<f4', 'shape': [2]}, 'n': 3}, 8)
    """
    if isinstance(value, dict):
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a mapping needs text as keys to travel")
        packed = {key: pack(item, buffers) for key, item in value.items()}
        return {"$mapping": packed} if any(key.startswith("$") for key in packed) else packed
    if isinstance(value, list | tuple):
        return [pack(item, buffers) for item in value]
    if isinstance(value, bytes | bytearray | memoryview):
        buffers.append(value)
        return {"$bytes": len(buffers) - 1}
    if isinstance(value, PurePath):
        return str(value)
    return _pack_number(value, buffers)


def _pack_number(value: Any, buffers: list[Buffer]) -> Any:
    if any(kind.__module__ == "numpy" for kind in type(value).__mro__):
        import numpy as np  # noqa: PLC0415 (it is here, but perhaps another thread is still importing it: this waits)

        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, np.ndarray):
            if value.dtype.kind not in _KINDS:
                raise TypeError(f"an array of {value.dtype} cannot travel")
            buffers.append(np.ascontiguousarray(value).data.cast("B") if value.size else b"")
            return {"$array": len(buffers) - 1, "dtype": value.dtype.str, "shape": list(value.shape)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} cannot travel")


def unpack(value: Any, buffers: Sequence[Buffer]) -> Any:
    r"""Rebuild a value from its JSON part and buffers. Raises BadMessage for every malformed input.

    >>> unpack({"$array": 0, "dtype": "<i2", "shape": [1]}, [bytearray(b"\x05\x00")])
    array([5], dtype=int16)
    """
    try:
        return _unpack(value, buffers)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError, MemoryError, OverflowError) as error:
        raise BadMessage(str(error)) from error


def _unpack(value: Any, buffers: Sequence[Buffer]) -> Any:
    if isinstance(value, list):
        return [_unpack(item, buffers) for item in value]
    if not isinstance(value, dict):
        return value
    if "$array" in value:
        return _array(buffers[value["$array"]], value["dtype"], value["shape"])
    if "$bytes" in value:
        return bytes(buffers[value["$bytes"]])
    return {key: _unpack(item, buffers) for key, item in value.get("$mapping", value).items()}


def _array(buffer: Buffer, name: str, shape: list[int]) -> np.ndarray[Any, Any]:
    import numpy as np  # noqa: PLC0415 (see above)

    dtype = np.dtype(str(name))
    if dtype.kind not in _KINDS or dtype.hasobject or any(not isinstance(n, int) or n < 0 for n in shape):
        raise ValueError("not an array of numbers")
    if prod(shape) * dtype.itemsize != memoryview(buffer).nbytes:
        raise ValueError("the shape does not fit the buffer")
    return np.frombuffer(buffer, dtype).reshape(shape)
