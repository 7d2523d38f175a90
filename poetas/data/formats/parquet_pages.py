"""Sizes of the pages of a Parquet column, before they are decompressed: a file's bytes in, bytes and values out.

A page of 5 kB may declare 2 GB, which pyarrow allocates at once; the sizes in the file's footer may be false. Those in
the pages' own headers are what pyarrow obeys.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

_HEADER = 1 << 16  # bytes of a page's header; it may hold the lowest and the highest value
_BOOLS, _BYTE, _INTEGERS, _DOUBLE, _BINARY, _LISTS, _STRUCT = (1, 2), 3, (4, 5, 6), 7, 8, (9, 10), 12
_DEEPEST = 8
_UNCOMPRESSED, _COMPRESSED, _PAGE_KINDS, _VALUES = 2, 3, (5, 7, 8), 1  # fields of PageHeader in parquet.thrift


def page_sizes(source: IO[bytes], start: int, length: int) -> Iterator[tuple[int, int]]:
    """The bytes that each page of a column unpacks to, and its values. Raises ValueError for what is no page."""
    end = start + length
    while start < end:
        source.seek(start)
        header = _Header(source.read(_HEADER))
        fields = header.struct()
        packed, unpacked = fields.get(_COMPRESSED, -1), fields.get(_UNCOMPRESSED, -1)
        kind: Any = next((fields[number] for number in _PAGE_KINDS if number in fields), {})
        values = kind.get(_VALUES, 0)
        if not (
            isinstance(packed, int) and isinstance(unpacked, int) and packed >= 0 and unpacked >= 0 and values >= 0
        ):
            raise ValueError("no page header")
        yield unpacked, values
        start += header.index + packed


class _Header:
    """A reader of Thrift's compact protocol: integers of structs, everything else is passed over."""

    def __init__(self, data: bytes) -> None:
        self.index = 0
        self._data = data

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """The fields that are integers or structs, by number."""
        if depth > _DEEPEST:
            raise ValueError("nested too deep")
        fields: dict[int, Any] = {}
        number = 0
        while kind := self._byte():
            number = number + (kind >> 4) if kind >> 4 else self._integer()
            fields[number] = self._value(kind & 15, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in _BOOLS:
            return None
        if kind in _INTEGERS:
            return self._integer()
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in _LISTS:
            return self._list(depth)
        if kind not in {_BYTE, _DOUBLE, _BINARY}:
            raise ValueError("an unknown type")
        return self._skip({_BYTE: 1, _DOUBLE: 8}.get(kind) or self._unsigned())

    def _list(self, depth: int) -> None:
        sign = self._byte()
        count = sign >> 4 if sign >> 4 < 15 else self._unsigned()  # noqa: PLR2004 - of the protocol
        if count > len(self._data):
            raise ValueError("too many items")
        for _item in range(count):
            if sign & 15 in _BOOLS:
                self._skip(1)
            else:
                self._value(sign & 15, depth + 1)

    def _byte(self) -> int:
        self._skip(1)
        return self._data[self.index - 1]

    def _skip(self, count: int) -> None:
        self.index += count
        if self.index > len(self._data):
            raise ValueError("the header ends too early")

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - of the protocol
                return value
            shift += 7
            if shift > 63:  # noqa: PLR2004
                raise ValueError("a number without end")

    def _integer(self) -> int:
        value = self._unsigned()
        return (value >> 1) ^ -(value & 1)
