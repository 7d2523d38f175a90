"""Office files that look like DOCX or XLSX and are not quite: a zip in, why it is not read and what to do out."""

from __future__ import annotations

import zipfile
from contextlib import suppress

from poetas.i18n import _

_MOST = 1_000_000  # bytes of a list of parts
_STRICT = b"purl.oclc.org/ooxml"
_OTHER = (b"macroEnabled", b"template.main+xml", b"template.macro")


def why_not_read(archive: zipfile.ZipFile, usual: str) -> str:
    """Say why a sound file is not read, "" where nothing tells. usual: the name of the usual kind in «Guardar como»."""
    strict, other = _mentions(archive, "_rels/.rels", _STRICT), _mentions(archive, "[Content_Types].xml", *_OTHER)
    if strict:
        words = _("Está guardado como «Open XML estricto», que no sé leer. En «Guardar como» elegí «{usual}».")
    elif other:
        words = _("Por dentro es una plantilla o tiene macros. En «Guardar como» elegí «{usual}».")
    else:
        return ""
    return words.format(usual=usual)


def _mentions(archive: zipfile.ZipFile, part: str, *marks: bytes) -> bool:
    with (
        suppress(KeyError, zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError),
        archive.open(part) as source,
    ):
        content = source.read(_MOST)
        return any(mark in content for mark in marks)
    return False
