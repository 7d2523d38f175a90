"""Refusing XML that declares a document type: entity bombs and external entities need one, office files have none."""

from __future__ import annotations

import zipfile
from xml.parsers import expat

from poetas.data.errors import ArchiveUnsafe, FileUnreadable
from poetas.i18n import _

BLOCK = 1 << 16


class _FoundDoctype(Exception):
    pass


class _FoundRoot(Exception):
    pass


def refuse_entities(archive: zipfile.ZipFile, name: str) -> None:
    """Look at the prolog of every part of an office file, up to its first element, whatever the part is called.

    Raises ArchiveUnsafe where one declares a document type, FileUnreadable where one is no XML.
    """
    for member in archive.infolist():
        try:
            _look(archive, member)
        except _FoundDoctype as error:
            why = _("Define abreviaturas de XML, como las bombas que llenan la memoria. Un documento sano no las trae.")
            raise ArchiveUnsafe(name, why=why) from error
        except expat.ExpatError as error:
            if member.filename.lower().endswith((".xml", ".rels")):  # anything else may well be a picture
                raise FileUnreadable(name, detail=f"{member.filename}: {error}") from error


def _doctype(*_names: object) -> None:
    raise _FoundDoctype


def _root(*_names: object) -> None:
    raise _FoundRoot


def _look(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = _root
    with archive.open(member) as source:
        try:
            while block := source.read(BLOCK):
                parser.Parse(block, False)
        except _FoundRoot:
            return
