"""Counting the pieces of XML while it is unpacked: a file of 1 MB can hold tens of millions, some 150 bytes each.

How much a file shrinks says nothing of that, since random letters in a comment make any file shrink little.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self, cast

from poetas.data.errors import TooManyPieces

_BLOCK = 1 << 16


class XmlLimit:
    r"""Counts what has been unpacked of the file ``name`` and is held.

    Each element has a ``<`` and each attribute a ``=``; those two signs are counted in the bytes, before any parser
    sees them. held: how many; whoever lets go of what was parsed puts it back.

    >>> meter = XmlLimit("a.docx", 4); meter.add(b'<w:p w:a="1"/>'); meter.held
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


def unpack(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo, meter: XmlLimit) -> None:
    """Count a part without keeping anything of it. Raises TooManyPieces."""
    with archive.open(part) as source:
        while block := source.read(_BLOCK):
            meter.add(block)


class LimitedStream:
    """A part of a file that is counted while it is read."""

    def __init__(self, source: IO[bytes], meter: XmlLimit) -> None:
        self._source, self._meter = source, meter

    def read(self, size: int = -1) -> bytes:
        """Read as any open file does. Raises TooManyPieces."""
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
    """A zip of which every part is counted, for a library that opens them by itself."""

    def __init__(self, path: Path, meter: XmlLimit) -> None:
        super().__init__(path)
        self._meter = meter

    def open(self, *about: Any, **options: Any) -> IO[bytes]:
        """Open a part, as any zip does."""
        return cast("IO[bytes]", LimitedStream(super().open(*about, **options), self._meter))
