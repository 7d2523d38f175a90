"""Download of one Hub file, resumed across processes, with the client's own addresses, headers, checks, retries.

`hf_hub_download` (client 2.4) writes to a new temporary name each time and throws it away on an error: a killed
download of 1 GB starts over. Here the part stays under a fixed name in a folder that belongs to one commit, and the
next attempt asks for the rest; for the same reason it is not written with `poetas.util.files.writing`. `http_get` is
what `hf_hub_download` itself calls; it resumes within one process.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from poetas.errors import no_network
from poetas.models.sources.base import FetchInterrupted
from poetas.models.sources.checksums import keep_if_equal
from poetas.models.sources.hub_files import HubFile
from poetas.util.files import CHUNK, sha256

_PIECE = 1 << 18


def download(
    where: tuple[str, str],
    file: HubFile,
    target: Path,
    *,
    token: str,
    say: Callable[[float], None],
    stop: Callable[[], bool],
) -> str:
    """Bring one file to ``target`` and check it; return the host it came from, "" where it was there already.

    where: repository and commit. say: called with the bytes of the file that are here. Raises WrongChecksum (the
    file is then removed), NoNetwork, FetchInterrupted, and the client's own errors.
    """
    if target.is_file():
        pinned, actual = _checksums(target, file)
        if actual == pinned:
            return ""
    from huggingface_hub import constants, get_hf_file_metadata, hf_hub_url  # noqa: PLC0415 - only this process needs it
    from huggingface_hub.file_download import http_get  # noqa: PLC0415
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined] # noqa: PLC0415 - exported lazily

    # The client keeps 10 MB in memory before it writes: a lost connection loses them, and the bar stands still.
    constants.DOWNLOAD_CHUNK_SIZE = _PIECE
    url = hf_hub_url(where[0], file.name, revision=where[1])
    metadata = get_hf_file_metadata(url, token=token or None, retry_on_errors=True)
    headers = {**build_hf_headers(token=token or None), "Accept-Encoding": "identity"}
    if urlsplit(metadata.location).netloc != urlsplit(url).netloc:
        headers.pop("authorization", None)  # the token is for the Hub, not for where it keeps its bytes
    expected = metadata.size if metadata.size is not None else file.size
    part = target.with_name(f"{target.name}.part")
    with part.open("ab") as out:
        here = out.tell()
        if here > expected:
            out.truncate(0)
            here = 0
        bar = _bar(say, stop)
        try:
            http_get(metadata.location, out, resume_size=here, headers=headers, expected_size=expected, tqdm_class=bar)
        except OSError as error:
            if error.errno is None and "Consistency check" in str(error):
                raise no_network(f"{file.name}: the connection ended early") from None
            raise
    keep_if_equal(part, *_checksums(part, file), name=file.name)
    part.replace(target)
    return urlsplit(metadata.location).hostname or ""


def _checksums(path: Path, file: HubFile) -> tuple[str, str]:
    """Return the pinned and the actual sha256 of a file; of a small one git's name, without either its size."""
    if file.sha256:
        return file.sha256, sha256(path)
    if file.blob:
        return file.blob, git_name(path)
    return f"{file.size} bytes", f"{path.stat().st_size} bytes"


def git_name(path: Path) -> str:
    """Return the name that git gives a file's content: the SHA-1 of ``blob SIZE`` and the bytes.

    >>> import tempfile; path = Path(tempfile.mkdtemp()) / "a"; _ = path.write_bytes(b"hola")
    >>> git_name(path)
    'b8b4a4e2a5db3ebed5f5e02beb3e2d27bca9fc9a'
    """
    digest = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def _bar(say: Callable[[float], None], stopping: Callable[[], bool]) -> type:
    """Make the progress bar class for the client: it reports bytes to ``say`` and raises when stopping."""
    from tqdm.auto import tqdm  # type: ignore[import-untyped]  # noqa: PLC0415 - has no types

    class DownloadBar(tqdm):  # type: ignore[misc] # as above
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)
            super().__init__(*args, **{**kwargs, "disable": True})
            self._here = float(kwargs.get("initial") or 0)

        def update(self, n: float | None = 1) -> None:
            self._here += n or 0
            say(self._here)
            if stopping():
                raise FetchInterrupted

    return DownloadBar
