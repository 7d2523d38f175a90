"""Summaries that the learner writes beside her texts: one JSON file of the project, keyed by the digest of each text.

They survive a closed page, and a file that is read again or in another order: what identifies a text is its letters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from poetas.data.pipeline.steps import normalise
from poetas.data.pipeline.table_cells import CELLS
from poetas.data.storage.written_file import COLUMN
from poetas.util.file_lock import file_lock
from poetas.util.files import private_folder, read_json, write_json

LONGEST = 20_000  # characters of a summary
_FORMAT = 1
_DIGEST = 64


def text_digest(text: str) -> str:
    r"""SHA-256 of a text, whatever its blanks.

    >>> text_digest("El  río \n") == text_digest("El río")
    True
    """
    return hashlib.sha256(normalise(text).encode("utf-8", "replace")).hexdigest()


def read_written(path: Path) -> dict[str, str]:
    """Return the summaries by the digest of their text; {} where there are none. The file is read as untrusted."""
    try:
        value = read_json(path)
    except (OSError, ValueError):
        return {}
    stored = value.get("summaries") if isinstance(value, dict) else None
    if not isinstance(stored, dict):
        return {}
    return {
        key: text[:LONGEST] for key, text in stored.items() if len(key) == _DIGEST and isinstance(text, str) and text
    }


def write_summary(path: Path, digest: str, summary: str) -> dict[str, str]:
    """Store the summary of a text, "" to remove it, and return all of them. Raises OSError.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "r.json"; digest = text_digest("El río creció.")
    >>> write_summary(path, digest, "Río") == read_written(path) == {digest: "Río"}
    True
    """
    private_folder(path.parent)
    with file_lock(path.with_suffix(".lock")):  # two pages may write into it
        summaries = read_written(path)
        summaries.pop(digest, None)
        if summary.strip():
            summaries[digest] = summary[:LONGEST]
        write_json(path, {"format": _FORMAT, "summaries": summaries})
    return summaries


def with_written(table: pd.DataFrame, text: str, summaries: Mapping[str, str]) -> pd.DataFrame:
    """Return a table with the written summaries as its last column, "" where a text has none. text: its column.

    >>> table = pd.DataFrame({"texto": ["El río creció.", "Sol"]}, dtype="str")
    >>> with_written(table, "texto", {text_digest("El río creció."): "Río"})[COLUMN].tolist()
    ['Río', '']
    """
    column = [summaries.get(text_digest(cell), "") for cell in table[text]]
    return table.assign(**{COLUMN: pd.Series(column, index=table.index, dtype=CELLS)})
