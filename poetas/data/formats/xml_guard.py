"""Guard against XML entity bombs: refuses office files with a document type, which sound ones never have."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from poetas.data.errors import ArchiveUnsafe, FileUnreadable
from poetas.i18n import _

BLOCK = 1 << 16


class _DoctypeSeen(Exception):
    pass


class _RootSeen(Exception):
    pass


def refuse_entities(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """Parse the prolog of every part of an office file, up to its first element; return the parts that are XML.

    Raises ArchiveUnsafe where one declares a document type, FileUnreadable where one is no XML.
    """
    parts: list[zipfile.ZipInfo] = []
    for member in archive.infolist():
        try:
            if _is_xml(archive, member):
                parts.append(member)
        except _DoctypeSeen as error:
            why = _("Define abreviaturas de XML, como las bombas que llenan la memoria. Un documento sano no las trae.")
            raise ArchiveUnsafe(name, why=why, bomb=True) from error
        except expat.ExpatError as error:
            if member.filename.lower().endswith((".xml", ".rels")):  # other parts may be pictures
                raise FileUnreadable(name, detail=f"{member.filename}: {error}") from error
    return parts


def _doctype(*_names: object) -> None:
    raise _DoctypeSeen


def _root(*_names: object) -> None:
    raise _RootSeen


def _is_xml(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _root
    with archive.open(member) as source:
        try:
            while block := source.read(BLOCK):
                parser.Parse(block, False)
        except _RootSeen:
            return True
    return False
