"""Upload of one file in chunks: written to a part file, checked, then moved to its final name atomically."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.util.disk_space import need_room
from poetas.util.files import CHUNK, private_folder, safe_name, sha256, sync_folder

_SIGN, _END = ".llega-", ".part"
_untried: set[Path] = set()  # copies made by this page that were not there before and that no reader has accepted yet
_STALE = 24 * 3600  # seconds after which an unfinished part file is removed


class ChunkOutOfOrder(PoetasError):
    """A chunk that does not follow the one before it: page and kernel are out of step."""

    code = "upload-broken"

    def __init__(self) -> None:
        super().__init__(
            _("La copia del archivo se cortó por la mitad."),
            why=_("La página y el programa perdieron el hilo. Tu archivo quedó igual."),
            remedy=_("Elegilo de nuevo."),
            action="choose-file",
        )


class IncomingFile:
    r"""A file that is being written into a folder.

    name: as the browser or the disk has it; any text, made safe here. size: announced bytes.
    Raises DiskFull at once where there is no room for it.

    >>> import tempfile; folder = Path(tempfile.mkdtemp())
    >>> file = IncomingFile(folder, "../mis coplas?.txt", 4)
    >>> file.write(0, b"la"); file.write(2, b"\nl")
    >>> file.whole, file.finish().name
    (True, 'mis-coplas.txt')
    """

    def __init__(self, folder: Path, name: str, size: int) -> None:
        self.size, self.received = size, 0
        self._folder = private_folder(folder)
        _sweep(self._folder)
        need_room(folder, size + 20 * CHUNK)  # for it, and a little for the work on it
        self.name = named(name)
        handle, part = tempfile.mkstemp(prefix=_SIGN, suffix=_END, dir=folder)
        self._part = Path(part)
        self._out = os.fdopen(handle, "wb")
        self._digest = hashlib.sha256()

    @property
    def whole(self) -> bool:
        """Whether all announced bytes have arrived."""
        return self.received == self.size

    def write(self, offset: int, piece: bytes | memoryview) -> None:
        """Append the next chunk. Raises ChunkOutOfOrder, or OSError on a full disk; either removes the part file."""
        if offset != self.received or self.received + len(piece) > self.size:
            self.cancel()
            raise ChunkOutOfOrder
        try:
            self._out.write(piece)
            self._out.flush()  # so that a full disk is noticed with this piece
        except BaseException:
            self.cancel()
            raise
        self._digest.update(piece)
        self.received += len(piece)

    def finish(self) -> Path:
        """Move the file to its final name and return it; an identical file is kept once."""
        if not self.whole:
            self.cancel()
            raise ChunkOutOfOrder
        try:
            os.fsync(self._out.fileno())
            self._out.close()
            self._part.chmod(0o600)
            goal, fresh = _place(self._part, self._folder, self.name, self._digest.hexdigest())
            sync_folder(self._folder)
        except BaseException:
            self.cancel()
            raise
        if fresh:
            _untried.add(goal)
        return goal

    def cancel(self) -> None:
        """Remove the part file."""
        with suppress(OSError):
            self._out.close()
        with suppress(FileNotFoundError):
            self._part.unlink()


def copy_in(source: Path, folder: Path) -> Path:
    """Copy a file of this machine into a folder through `IncomingFile`, and return the copy."""
    with source.open("rb") as pieces:
        incoming = IncomingFile(folder, source.name, os.fstat(pieces.fileno()).st_size)
        try:
            while piece := pieces.read(CHUNK):
                incoming.write(incoming.received, piece)
        except BaseException:
            incoming.cancel()
            raise
    return incoming.finish()


def commit(path: Path) -> None:
    """Keep a copy that could be read: `discard` no longer removes it."""
    _untried.discard(path)


def discard(path: Path) -> None:
    """Remove a copy that could not be read; a file that was here before it came stays."""
    if path in _untried:
        _untried.discard(path)
        with suppress(OSError):
            path.unlink()


def named(name: str) -> str:
    r"""Make a file's name safe, and keep its ending, which tells its format.

    >>> named("C:\\Mis textos\\" + "a" * 90 + ".CSV")[-5:], named("../../.ssh/id"), named("¿?.txt")
    ('a.csv', 'id', 'textos.txt')
    """
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    stem, dot, ending = last.rpartition(".")
    ending = safe_name(ending, fallback="", longest=8).lower() if dot else ""
    stem = safe_name(stem if dot else last, fallback="textos", longest=50)
    return f"{stem}.{ending}" if ending else stem


def _place(part: Path, folder: Path, name: str, digest: str) -> tuple[Path, bool]:
    """Give a file its name, with a number where a namesake is another file; a twin that is there stays in its stead.

    Return where it is, and whether it came by this.
    """
    stem, dot, ending = name.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (name, "")
    count = 1
    while True:
        goal = folder / (f"{stem}-{count}{ending}" if count > 1 else name)
        if _claim(part, goal):
            return goal, True
        if goal.is_file() and sha256(goal) == digest:
            part.unlink()
            return goal, False
        count += 1


def _claim(part: Path, goal: Path) -> bool:
    """Move a file to a name, unless somebody has it: of two processes that try at once, one gets it."""
    try:
        os.link(part, goal)
    except FileExistsError:
        return False
    except OSError:  # a disk without links, such as many a memory stick
        return _claim_empty(part, goal)
    part.unlink()
    return True


def _claim_empty(part: Path, goal: Path) -> bool:
    try:
        goal.touch(0o600, exist_ok=False)
    except FileExistsError:
        return False
    try:
        part.replace(goal)
    except BaseException:
        goal.unlink()
        raise
    return True


def _sweep(folder: Path) -> None:
    for old in folder.glob(f"{_SIGN}*{_END}"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _STALE:
                old.unlink()
