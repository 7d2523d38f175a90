"""Files with new names that appear whole or not at all: written beside their place, then moved to a free name.

`claim` never overwrites: of two processes that want a name at once, one gets it. To replace a file that is there, use
`poetas.util.files.writing`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from poetas.util.files import sha256, sync_folder

STALE = 24 * 3600.0  # seconds after which what a killed process was writing is removed


def temporary_file(folder: Path, prefix: str, suffix: str = ".part") -> tuple[Path, IO[bytes]]:
    """A new private file of ``folder`` to write to; those that killed processes left go after a day."""
    sweep_stale(folder, f"{prefix}*{suffix}")
    handle, path = tempfile.mkstemp(prefix=prefix, suffix=suffix, dir=folder)
    return Path(path), os.fdopen(handle, "wb")


def sweep_stale(folder: Path, pattern: str) -> None:
    """Remove temporary files and folders of that pattern that are older than a day; links are left alone."""
    for left in folder.glob(pattern):
        with suppress(OSError):
            if left.is_symlink() or time.time() - left.stat().st_mtime <= STALE:
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink()


def publish_file(part: Path, out: IO[bytes], name: str, digest: str) -> tuple[Path, bool]:
    """Make a temporary file durable, close it, and give it a free name beside it.

    A file of that name with the same SHA-256 is kept in its stead; with other content, the new one gets a number.
    Return where the file is, and whether it is the new one. Raises OSError.
    """
    out.flush()
    os.fsync(out.fileno())
    out.close()
    part.chmod(0o600)
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (name, "")
    count = 1
    while True:
        target = part.with_name(f"{stem} ({count}){ending}" if count > 1 else name)
        if claim(part, target):
            sync_folder(part.parent)
            return target, True
        if target.is_file() and sha256(target) == digest:
            part.unlink()
            sync_folder(part.parent)
            return target, False
        count += 1


def claim(part: Path, target: Path) -> bool:
    """Move a file to a name unless it is taken: of two processes that try at once, one gets it."""
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links, such as FAT
        return _claim_empty(part, target)
    part.unlink()
    return True


def _claim_empty(part: Path, target: Path) -> bool:
    try:
        target.touch(0o600, exist_ok=False)
    except FileExistsError:
        return False
    try:
        part.replace(target)
    except BaseException:
        target.unlink()
        raise
    return True
