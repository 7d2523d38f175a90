"""Interface of the sources of models: the context that each is given, the files that it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol


@dataclass(frozen=True, slots=True)
class SourceContext:
    """What a source is given to do its work.

    folder: a private folder for downloads, kept between attempts so that they resume. say: called with
    ``(done, total, note)`` in bytes (total 0 = unknown) as bytes arrive. stopping: asked now and then; True means
    give up at once (raise `FetchInterrupted`). downloaded: called with ``(host, what, size)`` for the ledger. asked:
    called with ``(host, what)`` before a host is asked about a name that the learner typed. token: the Hub's, or "".
    """

    folder: Path
    say: Callable[[float, float, str], None]
    stopping: Callable[[], bool]
    downloaded: Callable[[str, str, int], None]
    asked: Callable[[str, str], None]
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class FetchedFiles:
    """What a source hands over, ready to be converted.

    folder: holds either a GGUF file or safetensors with their config and tokenizer. gguf: the GGUF file, or None.
    origin: one line that says where it came from, for the model's record. sha256: of the GGUF, or of each
    safetensors file by name. notices: licence texts and notices that must travel with the model, by the name they
    get.
    """

    folder: Path
    gguf: Path | None
    origin: str
    sha256: dict[str, str]
    notices: dict[str, Path] = field(default_factory=dict)


class FetchInterrupted(Exception):
    """The job was asked to stop in the middle of a download; what has arrived is kept."""


class Source(Protocol):
    """One place where a model can be had. Adding a kind means adding a file here and a line in the table."""

    kind: ClassVar[str]

    def available(self) -> bool:
        """Tell, without the network, whether it is worth trying (a folder exists, a downloader is installed)."""

    def obtain(self, source_context: SourceContext) -> FetchedFiles:
        """Bring the model's files. Raises a `PoetasError` that says why not."""
