"""Guard against a file that another program writes while it is read: a path in, FileBeingWritten where it did."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poetas.data.errors import FileBeingWritten


@contextmanager
def unchanged(path: Path) -> Iterator[None]:
    """Raise FileBeingWritten where a file is written while the block runs, also where that made the block fail."""
    before = _version(path)
    try:
        yield
    finally:
        if _version(path) != before:
            raise FileBeingWritten(path.name)


def _version(path: Path) -> tuple[int, ...]:
    status = path.stat()
    return () if stat.S_ISDIR(status.st_mode) else (status.st_ino, status.st_size, status.st_mtime_ns)
