"""Reader of plain text (TXT, MD): a chat's messages, or the texts that its lines make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from poetas.data.errors import FileEmpty
from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.chat_export import chat_table, is_chat
from poetas.data.formats.division import text_table
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.markdown_lines import markdown_lines
from poetas.data.formats.running_text import Line, PlainLines
from poetas.data.pipeline.limits import Limits

_MARKDOWN = (".md", ".markdown")


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read a text file. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    lines = lines_of(decoded.text, path.name)
    if hints.division is None and isinstance(lines, PlainLines) and is_chat(lines):
        table = chat_table(lines, limits, encoding=decoded.encoding)
    else:
        table = text_table(lines, hints, limits, encoding=decoded.encoding)
    if not table.rows:
        raise FileEmpty(path.name)
    return replace(table, notices=decoded.notices + table.notices)


def lines_of(text: str, name: str) -> Sequence[Line]:
    """The lines of a text file, by the ending of its name."""
    return markdown_lines(text) if name.lower().endswith(_MARKDOWN) else PlainLines(text)
