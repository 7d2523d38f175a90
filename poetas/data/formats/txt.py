"""Plain text: stanzas or paragraphs between blank lines, else a line each, else the whole."""

from __future__ import annotations

from pathlib import Path

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import Hints, Raw
from poetas.data.formats.decoding import decode
from poetas.data.formats.paragraphs import divide, raw
from poetas.data.limits import Limits


def read(path: Path, hints: Hints, limits: Limits) -> Raw:  # noqa: ARG001 - every reader takes the same
    """Read a text file into one column. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    pieces, way = divide(decoded.text, hints.division)
    if not pieces:
        raise FileEmpty(path.name)
    return raw(pieces, way, encoding=decoded.encoding)
