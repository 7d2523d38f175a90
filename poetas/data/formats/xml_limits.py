"""Limits the number of XML elements and attributes while unzipping (decompression-bomb guard).

A file of 1 MB can hold tens of millions of them, some 150 bytes each once parsed. The compression ratio does not show
it: random letters in a comment lower the ratio of any file.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from poetas.data.errors import TooManyPieces

_BLOCK = 1 << 16


class XmlLimit:
    r"""Counts the XML marks of the file ``name`` that were unpacked and are still held.

    Each element has a ``<`` and each attribute a ``=``; these two bytes are counted before the parser sees them.
    held: the count, which the caller resets after freeing what was parsed.

    >>> xml_limit = XmlLimit("a.docx", 4); xml_limit.add(b'<w:p w:a="1"/>'); xml_limit.held
    2
    """

    def __init__(self, name: str, most: int) -> None:
        self.held = 0
        self.name, self._most = name, most

    def add(self, block: bytes) -> None:
        """Count a block. Raises TooManyPieces."""
        self.held += block.count(b"<") + block.count(b"=")
        if self.held > self._most:
            raise TooManyPieces(self.name, self._most)


def unpack(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo, xml_limit: XmlLimit) -> None:
    """Count a part without keeping its bytes. Raises TooManyPieces."""
    with archive.open(part) as source:
        while block := source.read(_BLOCK):
            xml_limit.add(block)


class LimitedStream:
    """A part of a zip whose XML marks are counted while it is read."""

    def __init__(self, source: IO[bytes], xml_limit: XmlLimit) -> None:
        self._source, self._meter = source, xml_limit

    def read(self, size: int = -1) -> bytes:
        """Read and count. Raises TooManyPieces."""
        block = self._source.read(size)
        self._meter.add(block)
        return block

    def close(self) -> None:
        """Close the part."""
        self._source.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class LimitedZip(zipfile.ZipFile):
    """A zip whose parts are `LimitedStream`, for a library that opens them itself."""

    def __init__(self, path: Path, xml_limit: XmlLimit) -> None:
        super().__init__(path)
        self._meter = xml_limit

    def open(self, *about: Any, **options: Any) -> IO[bytes]:
        """Open a part."""
        return cast("IO[bytes]", LimitedStream(super().open(*about, **options), self._meter))
