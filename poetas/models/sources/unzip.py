"""Extraction of one named member of an untrusted zip: exact name, bounded size, never its own path."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import IO

from poetas.models.errors import broken_model
from poetas.util.files import CHUNK


def copy_member(archive: Path, name: str, out: IO[bytes], *, most: int) -> int:
    """Copy a member's bytes to ``out`` and return how many; more than ``most`` is refused.

    The size that the zip claims is checked first and the bytes that really come out are counted too (a bomb lies).
    Raises BrokenModel for an archive that is no zip, lacks the member, has it twice, encrypts it, or exceeds.
    """
    try:
        with zipfile.ZipFile(archive) as source:
            members = [info for info in source.infolist() if info.filename == name]
            if len(members) != 1 or members[0].is_dir() or members[0].flag_bits & 0x1 or members[0].file_size > most:
                raise broken_model(archive.name, f"{name}: {len(members)} members, or not of the size expected")
            copied = 0
            with source.open(members[0]) as member:
                while piece := member.read(CHUNK):
                    copied += len(piece)
                    if copied > most:
                        raise broken_model(archive.name, f"{name}: more than {most} bytes")
                    out.write(piece)
            return copied
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise broken_model(archive.name, f"{name}: {error}") from error
