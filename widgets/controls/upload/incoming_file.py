"""Upload of one file in chunks: written to a part file, checked, then moved to its final name atomically."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from poetas.data.formats.unchanged_file import unchanged
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.util.atomic_file import publish_file, sweep_stale, temporary_file
from poetas.util.disk_space import need_room
from poetas.util.files import CHUNK, private_folder, readable_name, safe_name
from widgets.core.page_context import PageContext

_PREFIX = ".llega-"  # of the temporary name


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


class UnreadCopies:
    """Copies that one page made, of files that the project did not have, and that nothing has read yet."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()

    @classmethod
    def of(cls, context: PageContext) -> UnreadCopies:
        """Return the one register of a page."""
        return context.shared(cls, lambda _context: cls())

    def add(self, path: Path) -> None:
        """Register a new copy."""
        self._paths.add(path)

    def keep(self, path: Path) -> None:
        """Keep a copy that could be read: `discard` no longer removes it."""
        self._paths.discard(path)

    def discard(self, path: Path) -> None:
        """Remove a copy that could not be read; a file that was in the project before it stays."""
        if path in self._paths:
            self._paths.discard(path)
            with suppress(OSError):
                path.unlink()


class IncomingFile:
    r"""A file that is being written into a folder.

    name: as the browser or the disk has it; any text, made safe here. size: announced bytes. unread: registers the
    copy, unless the same file was there already.
    Raises DiskFull at once where there is no room for it.

    >>> import tempfile; folder = Path(tempfile.mkdtemp())
    >>> file = IncomingFile(folder, "../mis coplas?.txt", 4)
    >>> file.write(0, b"la"); file.write(2, b"\nl")
    >>> file.whole, file.finish().name
    (True, 'mis coplas.txt')
    """

    def __init__(self, folder: Path, name: str, size: int, unread: UnreadCopies | None = None) -> None:
        self.size, self.received, self._unread = size, 0, unread
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
        if fresh and self._unread is not None:
            self._unread.add(path)
        return path

    def cancel(self) -> None:
        """Remove the part file."""
        with suppress(OSError):
            self._out.close()
        with suppress(FileNotFoundError):
            self._part.unlink()


def copy_in(source: Path, folder: Path, unread: UnreadCopies | None = None) -> Path:
    """Copy a file of this machine into a folder through `IncomingFile`, and return the copy."""
    with source.open("rb") as pieces:
        incoming = IncomingFile(folder, source.name, os.fstat(pieces.fileno()).st_size, unread)
        try:
            with unchanged(source):
                while piece := pieces.read(CHUNK):
                    incoming.write(incoming.received, piece)
        except BaseException:
            incoming.cancel()
            raise
    return incoming.finish()


def write_in(content: bytes, name: str, folder: Path, unread: UnreadCopies | None = None) -> Path:
    """Write bytes into a folder through `IncomingFile`, and return the file; the same bytes are kept once."""
    incoming = IncomingFile(folder, name, len(content), unread)
    incoming.write(0, content)
    return incoming.finish()


def named(name: str) -> str:
    r"""Make a file's name safe, and keep its words and its ending, which tells its format.

    >>> named("C:\\Mis textos\\" + "a" * 90 + ".CSV")[-5:], named("../../.ssh/id"), named("¿?.txt")
    ('a.csv', 'id', 'textos.txt')
    >>> named("Borges & yo (versión 2).docx")
    'Borges & yo (versión 2).docx'
    """
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    stem, dot, ending = last.rpartition(".")
    ending = safe_name(ending, fallback="", longest=8).lower() if dot else ""
    stem = readable_name(stem if dot else last, fallback="textos", longest=50)
    return f"{stem}.{ending}" if ending else stem
