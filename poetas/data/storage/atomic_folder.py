"""Folders that appear whole or not at all: made beside their place, private and durable, and then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from poetas.util.files import private_folder, sync_folder

STAGING = ".guardando-"
_STALE = 24 * 3600.0  # seconds after which what a killed process was writing is swept away
_MOST_NAMES = 1_000


@contextmanager
def staging(parent: Path) -> Iterator[Path]:
    """A folder of ``parent`` to work in, which is gone at the end; those that killed processes left go as well."""
    private_folder(parent)
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place(inner: Path, parent: Path, name: str) -> Path:
    """Give a finished folder its name in ``parent``, with a number where it is taken, and return where it is."""
    _settle(inner)
    return _move(inner, parent, name)


def _settle(folder: Path) -> None:
    """Make everything private and durable before it gets its name."""
    for top, folders, files in os.walk(folder):
        for file in files:
            path = Path(top) / file
            path.chmod(0o600)
            with path.open("rb+") as handle:
                os.fsync(handle.fileno())
        for inner in folders:
            (Path(top) / inner).chmod(0o700)
        sync_folder(Path(top))
    folder.chmod(0o700)


def _move(inner: Path, parent: Path, name: str) -> Path:
    for count in range(1, _MOST_NAMES):
        target = parent / (name if count == 1 else f"{name}-{count}")
        if target.exists() or target.is_symlink():
            continue
        try:
            inner.rename(target)  # refused if another process made a folder of that name, with something in it, by now
        except (FileExistsError, NotADirectoryError):
            continue
        except OSError:
            if target.exists():
                continue
            raise
        sync_folder(parent)
        return target
    raise FileExistsError(f"{name}: all names are taken")


def _sweep(parent: Path) -> None:
    for left in parent.glob(f"{STAGING}*"):
        with suppress(OSError):
            if not left.is_symlink() and time.time() - left.stat().st_mtime > _STALE:
                shutil.rmtree(left, ignore_errors=True)
