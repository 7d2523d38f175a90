"""Lock of a file that several pages write, with a time-out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from poetas.errors import PoetasError
from poetas.i18n import _

PATIENCE = 5.0  # seconds that writing a few lines never takes


class LockTimeout(PoetasError):
    """Another page holds the lock of the file for longer than `PATIENCE`."""

    code = "crowded"


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Hold the lock file ``path`` while the block runs. Raises LockTimeout after `PATIENCE` seconds, OSError.

    >>> import tempfile
    >>> with file_lock(Path(tempfile.mkdtemp()) / "a.lock"):
    ...     "alone"
    'alone'
    """
    lock = FileLock(path, timeout=PATIENCE)
    try:
        lock.acquire()
    except Timeout as error:
        raise LockTimeout(
            _("No pude anotar lo que elegiste."),
            why=_("Otra página está escribiendo en el mismo proyecto, y no termina."),
            remedy=_("Volvé a intentar. Si sigue igual, cerrá las otras páginas."),
            action="retry",
            detail=str(error),
        ) from error
    except NotImplementedError:  # a file system without locks: writing unlocked is better than not writing
        yield
        return
    try:
        yield
    finally:
        lock.release()
