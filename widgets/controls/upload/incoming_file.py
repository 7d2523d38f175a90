"""Upload of one file in chunks: written to a part file, checked, then moved to its final name atomically."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.util.atomic_file import publish_file, sweep_stale, temporary_file
from poetas.util.disk_space import need_room
from poetas.util.files import CHUNK, private_folder, safe_name

_PREFIX = ".llega-"  # of the temporary name
_untried: set[Path] = set()  # copies made by this page, of files that it had not, which nothing has read yet


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
        sweep_stale(self._folder, f"{_PREFIX}*")  # before the room is counted
        need_room(folder, size + 20 * CHUNK)  # for it, and a little for the work on it
        self.name = named(name)
        self._part, self._out = temporary_file(folder, _PREFIX)
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
            path, fresh = publish_file(self._part, self._out, self.name, self._digest.hexdigest())
        except BaseException:
            self.cancel()
            raise
        if fresh:
            _untried.add(path)
        return path

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
