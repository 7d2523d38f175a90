"""SHA-256 of a table's cells in their order: the fingerprint of a split, and of a folder of texts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def row_digest(rows: Iterable[Iterable[object]]) -> str:
    """Return the digest of all cells, row by row, as 64 hexadecimal digits; each cell is preceded by its length.

    >>> row_digest([["a", "b"]]) == row_digest([["a"], ["b"]]), row_digest([["ab"]]) == row_digest([["a", "b"]])
    (True, False)
    """
    digest = hashlib.sha256()
    for row in rows:
        for cell in row:
            data = str(cell).encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()
