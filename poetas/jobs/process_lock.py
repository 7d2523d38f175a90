"""File lock that is released when the process that holds it ends, however it ends.

The hold is on an open file (`flock(2)`), so it can be handed to a child process: it is held at every moment
between `start` and the end of the job's process. A file left by a dead process holds nothing.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


class Lock:
    """An exclusive hold on a file, released by `release` or by the end of the process."""

    def __init__(self, handle: int) -> None:
        self.handle = handle

    def release(self) -> None:
        """Release the lock; a child process that inherited the handle still holds it."""
        if self.handle >= 0:
            os.close(self.handle)
            self.handle = -1

    def keep_from_children(self) -> None:
        """Make sure that neither programs started from here nor forks (data loaders) hold on after this process."""
        os.set_inheritable(self.handle, False)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self.release)


def acquire(path: Path, *, patience: float = 0.3) -> Lock | None:
    """Take the lock, or return None if another holds it for ``patience`` seconds.

    It always waits a little, because `held` touches the lock for some microseconds.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    deadline = time.monotonic() + patience
    while not _take(handle, shared=False):
        if time.monotonic() >= deadline:
            os.close(handle)
            return None
        time.sleep(0.01)
    return Lock(handle)


def held(path: Path) -> bool:
    """Tell whether a living process holds the lock. Any number may ask at the same time."""
    try:
        handle = os.open(path, os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        return not _take(handle, shared=True)
    finally:
        os.close(handle)


def _take(handle: int, *, shared: bool) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
