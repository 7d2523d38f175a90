"""Free disk space: a check before long work, so that it does not fail half way."""

from __future__ import annotations

import shutil
from pathlib import Path

from poetas.errors import disk_full


def need_room(folder: Path, needed: int) -> None:
    """Raise DiskFull, with both figures, where the disk of an existing ``folder`` has less than ``needed`` bytes free.

    >>> need_room(Path.cwd(), 1)
    """
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise disk_full(f"{needed} bytes needed, {free} free", needed=needed, free=free)
