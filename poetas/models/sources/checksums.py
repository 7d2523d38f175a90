"""Check of a downloaded file against its pinned checksum; a file that differs is removed."""

from __future__ import annotations

from pathlib import Path

from poetas.models.errors import wrong_checksum


def keep_if_equal(path: Path, expected: str, actual: str, *, name: str = "") -> None:
    """Remove ``path`` and raise WrongChecksum unless its checksum is the expected one.

    name: of the file on the error card; "" takes the path's.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "a.gguf"; path.touch()
    >>> keep_if_equal(path, "ab", "ab"); path.exists()
    True
    >>> keep_if_equal(path, "ab", "cd")
    Traceback (most recent call last):
    poetas.models.errors.WrongChecksum: Lo que llegó no es el archivo que esperaba.
    >>> path.exists()
    False
    """
    if actual != expected:
        path.unlink()
        raise wrong_checksum(name or path.name, expected, actual)
