"""Preallocated file in which a job can record why it failed when the disk is full.

The file is filled with blanks at the start and overwritten in place at the end, which needs no free disk space.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from poetas.jobs.events import Failed, decode, encode
from poetas.util.files import writing

_NAME = "last-words"
_ROOM = 4096  # bytes: one block of common file systems


def prepare(folder: Path) -> None:
    """Create the file, or blank an earlier record; an error is ignored, since the next write meets the full disk."""
    with suppress(OSError):
        if not _overwrite(folder, b""):
            with writing(folder / _NAME) as out:
                out.write(b" " * (_ROOM - 1) + b"\n")


def write(folder: Path, event: Failed) -> None:
    """Record a failure. If this fails too, the job counts as lost, and can be resumed."""
    event = replace(event, time=time.time())
    data = encode(event).encode("utf-8", "replace")
    if len(data) >= _ROOM:
        data = encode(replace(event, detail="")).encode("utf-8", "replace")
    with suppress(OSError):
        _overwrite(folder, data)


def read(folder: Path) -> Failed | None:
    """Return the recorded failure, or None."""
    try:
        event = decode((folder / _NAME).read_bytes())
    except OSError:
        return None
    return event if isinstance(event, Failed) else None


def _overwrite(folder: Path, data: bytes) -> bool:
    """Overwrite the file with ``data``; False where it is missing or was cut."""
    try:
        handle = os.open(folder / _NAME, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return False
    try:
        if os.fstat(handle).st_size != _ROOM:
            return False
        os.write(handle, data[: _ROOM - 1].ljust(_ROOM - 1) + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)
    return True
