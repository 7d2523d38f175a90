"""Folders that appear whole or not at all: built beside their place, made durable (fsync), then renamed.

Two cases, for whatever makes a folder:

- A folder with a new name (datasets): `temporary_folder`, then `publish`, which numbers a name that is taken.
- A folder that takes the place of the one before (models, adapters): `replacing`. Its temporary name is fixed, so the
  caller holds a lock, and `recover` undoes what a killed process left::

      with replacing(job / "adapter", file_mode=0o600) as folder:
          shutil.copyfile(source / "adapter_config.json", folder / "adapter_config.json")

A single file is written with `poetas.util.files.writing`; one with a new name in `poetas.util.atomic_file`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from poetas.util.atomic_file import sweep_stale
from poetas.util.files import private_folder, sync_folder

_MOST_NAMES = 1_000


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A folder of ``parent`` to work in, removed at the end; those that killed processes left go after a day."""
    private_folder(parent)
    sweep_stale(parent, f"{prefix}*")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(finished: Path, parent: Path, name: str) -> Path:
    """Rename a finished folder to ``name`` in ``parent``, with a number where it is taken; return where it is.

    Everything in it becomes private and durable first. Raises OSError.
    """
    sync_tree(finished, file_mode=0o600, folder_mode=0o700)
    for count in range(1, _MOST_NAMES):
        target = parent / (name if count == 1 else f"{name}-{count}")
        if target.exists() or target.is_symlink():
            continue
        try:
            finished.rename(target)  # refused if another process made a folder of that name meanwhile
        except (FileExistsError, NotADirectoryError):
            continue
        except OSError:
            if target.exists():
                continue
            raise
        sync_folder(parent)
        return target
    raise FileExistsError(f"{name}: all names are taken")


@contextmanager
def replacing(
    folder: Path, *, file_mode: int, folder_mode: int = 0o700, keep: Callable[[], bool] = lambda: False
) -> Iterator[Path]:
    """A temporary folder beside ``folder`` that takes its place at the end, or is removed on an error.

    Its name is always the same, so that what a killed process left is found and removed: the caller holds a lock.
    keep: asked at the end whether the folder that is there stays. A process killed between the two renames leaves the
    old folder under another name; `recover` brings it back.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = recover(folder)
    temporary.mkdir(mode=0o700)
    try:
        yield temporary
        if not keep():
            sync_tree(temporary, file_mode=file_mode, folder_mode=folder_mode)
            _take_place(temporary, folder)
            sync_folder(folder.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def recover(folder: Path) -> Path:
    """Undo what a killed `replacing` left beside ``folder``, and return the name of its temporary folder.

    What was half built is removed; the folder that was just making room for it comes back.
    """
    temporary, old = folder.with_name(f".{folder.name}.part"), _aside(folder)
    shutil.rmtree(temporary, ignore_errors=True)
    if old.exists() and not folder.exists():
        old.replace(folder)
    _remove(old)
    return temporary


def sync_tree(folder: Path, *, file_mode: int, folder_mode: int) -> None:
    """Set the modes of a folder and of everything in it, and make it durable."""
    for top, folders, files in os.walk(folder):
        for file in files:
            path = Path(top) / file
            path.chmod(file_mode)
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
        for inner in folders:
            (Path(top) / inner).chmod(folder_mode)
        sync_folder(Path(top))
    folder.chmod(folder_mode)


def _take_place(new: Path, folder: Path) -> None:
    """Put ``new`` where ``folder`` is; the old one is removed only after that, and comes back where that fails."""
    old = _aside(folder)
    if folder.exists():
        folder.replace(old)
    try:
        new.replace(folder)
    except OSError:
        if old.exists():
            old.replace(folder)
        raise
    _remove(old)


def _remove(folder: Path) -> None:
    """Remove a folder; of a link to one (models on another disk) only the link, not its target."""
    if folder.is_symlink():
        folder.unlink()
    else:
        shutil.rmtree(folder, ignore_errors=True)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")
