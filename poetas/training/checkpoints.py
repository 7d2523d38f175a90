"""Sealed checkpoints: a folder counts only with a seal that lists the size and SHA-256 of each of its files.

A process killed at any moment leaves the newest sealed checkpoint, and the one before it in case that one is damaged.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from poetas.util.files import read_json, sha256, sync_folder, write_json

SEAL = "complete.json"
_SMALL = 2_000_000  # bytes for states, events and the log
_NAME = re.compile(r"checkpoint-(\d{1,12})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A sealed checkpoint whose files have the sizes of the seal.

    metadata: what the trainer wrote into the seal, e.g. seconds spent so far. checksums: SHA-256 of each file by name;
    empty in seals of versions before checksums.
    """

    folder: Path
    step: int
    metadata: Mapping[str, Any]
    checksums: Mapping[str, str] = field(default_factory=dict)

    def undamaged(self, names: Collection[str] | None = None) -> bool:
        """Read the files (all, or those of ``names``) and tell whether they have the checksums of the seal."""
        try:
            return all(
                sha256(self.folder / name) == checksum
                for name, checksum in self.checksums.items()
                if names is None or name in names
            )
        except OSError:
            return False


def seal(folder: Path, metadata: Mapping[str, Any]) -> None:
    """Write the seal of a checkpoint, once every byte of it is on the disk.

    >>> import tempfile; folder = Path(tempfile.mkdtemp()) / "checkpoint-3"; folder.mkdir()
    >>> _ = (folder / "weights").write_bytes(b"abc"); seal(folder, {"seconds": 2.0}); newest(folder.parent).step
    3
    >>> _ = (folder / "weights").write_bytes(b"abd"); newest(folder.parent) is None
    True
    """
    files = {}
    for file in sorted(path for path in folder.iterdir() if path.is_file() and path.name != SEAL):
        file.chmod(0o600)
        with file.open("rb+") as handle:
            os.fsync(handle.fileno())
        files[file.name] = {"bytes": file.stat().st_size, "sha256": sha256(file)}
    write_json(folder / SEAL, {**metadata, "files": files})
    sync_folder(folder.parent)


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """Read a checkpoint's seal and compare the sizes; None where it is not whole. Checksums: see `undamaged`."""
    named = _NAME.fullmatch(folder.name)
    if named is None or folder.is_symlink():
        return None
    try:
        metadata = read_json(folder / SEAL)
        sizes, checksums = {}, {}
        for name, entry in metadata["files"].items():
            if isinstance(entry, int):  # a seal of a version before checksums
                sizes[name] = entry
            else:
                sizes[name], checksums[name] = int(entry["bytes"]), str(entry["sha256"])
        whole = bool(sizes) and all(
            Path(name).name == name and not (folder / name).is_symlink() and (folder / name).stat().st_size == size
            for name, size in sizes.items()
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return Checkpoint(folder, int(named[1]), metadata, checksums) if whole else None


def bytes_needed(trained: int, parent: Path) -> int:
    """Bytes that a run's files will take beyond those that are there: ``trained`` weights, float32 each.

    Four checkpoints at the worst moment (the best, the newest, the one before it, the one being written), each with
    the weights and AdamW's two moments, and the adapter twice while a better one replaces it.
    """
    present = sum(file.stat().st_size for file in parent.glob("checkpoint-*/*") if file.is_file())
    return max(0, 4 * 12 * trained + 2 * 4 * trained - present) + _SMALL


def newest(parent: Path) -> Checkpoint | None:
    """Return the undamaged checkpoint of the highest step, or None. Reads checkpoints until it finds one."""
    return next((checkpoint for checkpoint in _sealed(parent) if checkpoint.undamaged()), None)


def at_step(parent: Path, step: int) -> Checkpoint | None:
    """Return the checkpoint of a step, or None where there is none that is undamaged."""
    checkpoint = read_checkpoint(parent / f"checkpoint-{step}")
    return checkpoint if checkpoint is not None and checkpoint.undamaged() else None


def sweep(parent: Path, keep: Collection[int] | None = None) -> None:
    """Remove checkpoints that are not whole and, unless ``keep`` is None, whole ones of other steps."""
    for folder in parent.glob("checkpoint-*"):
        checkpoint = read_checkpoint(folder)
        if checkpoint is None or (keep is not None and checkpoint.step not in keep):
            _remove(folder)


def sweep_after_save(parent: Path, step: int, best: int | None) -> None:
    """Remove all but the checkpoint just sealed at ``step``, the one before it, and the best one."""
    previous = next((checkpoint.step for checkpoint in _sealed(parent) if checkpoint.step < step), None)
    sweep(parent, keep={kept for kept in (step, previous, best) if kept})


def remove_after(parent: Path, step: int) -> None:
    """Remove the checkpoints beyond ``step``: damaged ones, since the run goes on from there."""
    for checkpoint in list(_sealed(parent)):
        if checkpoint.step > step:
            _remove(checkpoint.folder)


def _sealed(parent: Path) -> Iterable[Checkpoint]:
    """Sealed checkpoints with the right sizes, highest step first."""
    sealed = [checkpoint for folder in parent.glob("checkpoint-*") if (checkpoint := read_checkpoint(folder))]
    return sorted(sealed, key=lambda checkpoint: checkpoint.step, reverse=True)


def _remove(folder: Path) -> None:
    if folder.is_symlink():
        folder.unlink()
        return
    (folder / SEAL).unlink(missing_ok=True)  # first: what is half removed must not count as whole
    shutil.rmtree(folder, ignore_errors=True)
