"""Zip files from untrusted sources: a path in, an opened archive out, after checks on names, links and sizes.

Nothing is unpacked to the disk. `zipfile` reads no member beyond the size it declares, so the limit on the sum of the
declared sizes bounds what can come out.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath, PureWindowsPath

from poetas.data.errors import ArchiveUnsafe, FileProtected, FileTooLarge, FileUnreadable
from poetas.data.formats.signature import ENCRYPTED_OFFICE, OLE
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _

MOST_SHRUNK = 300  # text shrinks 3 to 10 times, an empty spreadsheet 100; bombs, 1,000 and more
SMALL = 1_000_000
_ENCRYPTED = 0x1


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open a zip, or an office file, after checking its directory.

    Raises FileProtected, FileTooLarge, ArchiveUnsafe or FileUnreadable, also for damage found while members are read.
    """
    refuse_ole(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check(archive, path.name, limits)
            yield archive
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, NotImplementedError, KeyError) as error:
        raise FileUnreadable(path.name, detail=f"{type(error).__name__}: {error}") from error
    except RuntimeError as error:  # what zipfile raises for a member that needs a password
        if "password" in str(error):
            raise FileProtected(path.name) from error
        raise


def refuse_ole(path: Path) -> None:
    """Refuse an OLE file: an Office file of before 2007, or a later one with a password."""
    with path.open("rb") as source:
        if source.read(len(OLE)) != OLE:
            return
        rest = source.read(4_000_000)
    if ENCRYPTED_OFFICE in rest:
        raise FileProtected(path.name)
    why = _("Es un documento de Office de antes de 2007, o de otro programa, con otro nombre.")
    raise FileUnreadable(path.name, why=why)


def _check(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        raise ArchiveUnsafe(name, why=_("Trae demasiados archivos adentro."), bomb=True)
    total = 0
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise FileProtected(name)
        if escapes(member.filename):
            raise ArchiveUnsafe(name, why=_("Trae nombres que intentan salirse de su carpeta."))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveUnsafe(name, why=_("Trae atajos a otros lugares de la máquina."))
        if member.file_size > SMALL and member.file_size > MOST_SHRUNK * max(1, member.compress_size):
            why = _("Es muy chico para lo que dice traer: puede ser una bomba de descompresión.")
            raise ArchiveUnsafe(name, why=why, bomb=True)
        total += member.file_size
    if total > limits.unpacked_bytes:
        raise FileTooLarge(name, actual=total, limit=limits.unpacked_bytes, unpacked=True)


def escapes(member: str) -> bool:
    r"""Tell whether a member's name points outside the folder it would be unpacked to.

    >>> escapes("textos/a.txt"), escapes("../a.txt"), escapes("/etc/passwd"), escapes("C:\\a.txt"), escapes("a/../../b")
    (False, True, True, True, True)
    """
    posix, windows = PurePosixPath(member), PureWindowsPath(member)
    absolute = posix.is_absolute() or bool(windows.drive) or bool(windows.root)
    return absolute or ".." in posix.parts or ".." in windows.parts or "\0" in member
