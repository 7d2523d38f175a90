"""Reader of plain text (TXT, MD): a row for each stanza or paragraph, else for each line, else one row."""

from __future__ import annotations

from pathlib import Path

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.division import text_table
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.running_text import PlainLines
from poetas.data.pipeline.limits import Limits


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a text file into one column. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    table = text_table(PlainLines(decoded.text), hints, limits, encoding=decoded.encoding)
    if not table.rows:
        raise FileEmpty(path.name)
    return table
