"""Documents of word processors in a folder or a zip: a name and its bytes in, their text out."""

from __future__ import annotations

import io
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import cast

from poetas.data.errors import DataError, FileTooLarge
from poetas.data.formats.documents.document_text import DocumentText
from poetas.data.pipeline.limits import Limits

# extension: module with ``gather(path, limits)``
FOLDER_DOCUMENTS = {f".{kind}": f"poetas.data.formats.documents.{kind}" for kind in ("docx", "odt", "rtf")}


class FolderDocuments:
    """Reads the documents of one folder; what they unpack to is limited together, as that of one zip is."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._unpacked = 0

    def gather(self, name: str, data: bytes) -> DocumentText | DataError:
        """The text of a document, or why it cannot be read. Raises FileTooLarge where all of them are too much."""
        self._unpacked += _unpacked(data)
        if self._unpacked > self._limits.unpacked_bytes:
            raise FileTooLarge(name, actual=self._unpacked, limit=self._limits.unpacked_bytes, unpacked=True)
        suffix = PurePosixPath(name).suffix.lower()
        with _as_path(data, suffix) as path:
            try:
                document = import_module(FOLDER_DOCUMENTS[suffix]).gather(path, self._limits)
            except DataError as error:
                return error
        document.set_titles()
        return cast("DocumentText", document)


@contextmanager
def _as_path(data: bytes, suffix: str) -> Iterator[Path]:
    """A path to the bytes, since readers of documents open one.

    On Linux they stay in memory, and are gone with the process, however it ends. Elsewhere they are for a while in a
    folder that is the user's alone.
    """
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create(f"documento{suffix}")
        try:
            with os.fdopen(os.dup(handle), "wb") as file:
                file.write(data)
            yield Path(f"/proc/self/fd/{handle}")
        finally:
            os.close(handle)
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"documento{suffix}")
            path.write_bytes(data)
            yield path


def _unpacked(data: bytes) -> int:
    """What a document says that it unpacks to; one that is no zip is as long as it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return len(data)
