"""Checkpoints that are whole or do not count, so that a process killed at any moment leaves one to go on from."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.util.files import read_json, sync_folder, write_json

SEAL = "complete.json"
_SMALL = 2_000_000  # bytes for states, events and the log
_NAME = re.compile(r"checkpoint-(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A whole checkpoint. told: what was written beside the sizes of its files, e.g. seconds spent so far."""

    folder: Path
    step: int
    told: Mapping[str, Any]


def seal(folder: Path, told: Mapping[str, Any]) -> None:
    """Declare a checkpoint whole, once every byte of it is on the disk.

    >>> import tempfile; folder = Path(tempfile.mkdtemp()) / "checkpoint-3"; folder.mkdir()
    >>> _ = (folder / "weights").write_bytes(b"abc"); seal(folder, {"seconds": 2.0}); newest(folder.parent).step
    3
    >>> _ = (folder / "weights").write_bytes(b"ab"); newest(folder.parent) is None
    True
    """
    sizes = {}
    for file in sorted(path for path in folder.iterdir() if path.is_file() and path.name != SEAL):
        file.chmod(0o600)
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
        sizes[file.name] = file.stat().st_size
    write_json(folder / SEAL, {**told, "files": sizes})
    sync_folder(folder.parent)


def opened(folder: Path) -> Checkpoint | None:
    """Read a checkpoint; None where it is not whole."""
    named = _NAME.fullmatch(folder.name)
    if named is None or folder.is_symlink():
        return None
    try:
        told = read_json(folder / SEAL)
        sizes = told["files"]
        whole = bool(sizes) and all(
            Path(name).name == name and (folder / name).stat().st_size == size for name, size in sizes.items()
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Checkpoint(folder, int(named[1]), told) if whole else None


def room_for(trained: int, parent: Path) -> int:
    """Bytes that a run's files will take beyond those that are there: ``trained`` weights, float32 each.

    Three checkpoints at the worst moment (the best, the last, the one being written), each with the weights and
    AdamW's two moments, and the adapter twice while the better one takes the place of the other.
    """
    there = sum(file.stat().st_size for file in parent.glob("checkpoint-*/*") if file.is_file())
    return max(0, 3 * 12 * trained + 2 * 4 * trained - there) + _SMALL


def newest(parent: Path) -> Checkpoint | None:
    """Return the whole checkpoint of the highest step, or None."""
    found = [one for folder in parent.glob("checkpoint-*") if (one := opened(folder)) is not None]
    return max(found, key=lambda one: one.step, default=None)


def sweep(parent: Path, keep: Collection[int] | None = None) -> None:
    """Remove checkpoints that are not whole and, unless ``keep`` is None, whole ones of other steps."""
    for folder in parent.glob("checkpoint-*"):
        one = opened(folder)
        if one is None or (keep is not None and one.step not in keep):
            if folder.is_symlink():
                folder.unlink()
            else:
                (folder / SEAL).unlink(missing_ok=True)  # first: what is half removed must not count as whole
                shutil.rmtree(folder, ignore_errors=True)
