"""Plain text: stanzas or paragraphs between blank lines, else a line each, else the whole."""

from __future__ import annotations

from pathlib import Path

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import Hints, Raw
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.paragraphs import raw
from poetas.data.pipeline.limits import Limits


def read(path: Path, hints: Hints, limits: Limits) -> Raw:
    """Read a text file into one column. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    found = raw(decoded.text, hints.division, limits, encoding=decoded.encoding)
    if not found.rows:
        raise FileEmpty(path.name)
    return found
