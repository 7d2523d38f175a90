"""Registry of file formats: a table from file extension to reader, one module a format.

To add one: write a module with ``read(path, hints, limits) -> RawTable`` and a line in `READERS`. Readers are named,
not imported, so that importing this package loads no parser.
"""

from __future__ import annotations

import importlib
from typing import cast

from poetas.data.formats.base import Reader

# extension: (module:function, whether the file has to be held whole and parsed)
READERS: dict[str, tuple[str, bool]] = {
    ".csv": ("poetas.data.formats.csv_tsv:read", False),
    ".tsv": ("poetas.data.formats.csv_tsv:read", False),
    ".tab": ("poetas.data.formats.csv_tsv:read", False),
    ".xlsx": ("poetas.data.formats.xlsx:read", True),
    ".xlsm": ("poetas.data.formats.xlsx:read", True),
    ".xls": ("poetas.data.formats.xls:read", True),
    ".ods": ("poetas.data.formats.ods:read", True),
    ".parquet": ("poetas.data.formats.parquet:read", True),
    ".json": ("poetas.data.formats.json_table:read", True),
    ".jsonl": ("poetas.data.formats.json_lines:read", False),
    ".ndjson": ("poetas.data.formats.json_lines:read", False),
    ".txt": ("poetas.data.formats.txt:read", False),
    ".md": ("poetas.data.formats.txt:read", False),
    ".docx": ("poetas.data.formats.documents.docx:read", True),
    ".odt": ("poetas.data.formats.documents.odt:read", True),
    ".rtf": ("poetas.data.formats.documents.rtf:read", True),
    ".epub": ("poetas.data.formats.documents.epub:read", True),
    ".html": ("poetas.data.formats.documents.html_page:read", True),
    ".htm": ("poetas.data.formats.documents.html_page:read", True),
    ".xhtml": ("poetas.data.formats.documents.html_page:read", True),
    ".pdf": ("poetas.data.formats.pdf:read", True),
    ".srt": ("poetas.data.formats.subtitles:read", True),
    ".vtt": ("poetas.data.formats.subtitles:read", True),
    ".zip": ("poetas.data.formats.text_folder:read_zip", False),
}
FOLDER = "poetas.data.formats.text_folder:read_folder"
SHOWN = "CSV, TSV, XLSX, XLS, ODS, PARQUET, JSON, JSONL, TXT, DOCX, ODT, RTF, EPUB, HTML, PDF, SRT, VTT, ZIP"


def extensions() -> tuple[str, ...]:
    """Extensions that can be read, for a file chooser.

    >>> ".csv" in extensions()
    True
    """
    return tuple(READERS)


def load(target: str) -> Reader:
    """Import the reader that ``module:function`` names."""
    module, _colon, function = target.partition(":")
    return cast("Reader", getattr(importlib.import_module(module), function))
