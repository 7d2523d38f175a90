"""Store of generated texts, one JSON line each, from which an interrupted evaluation resumes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from poetas.util.files import append_line


@dataclass(frozen=True, slots=True)
class StoredText:
    """What a system wrote for one text.

    index: of the text in its split. key: of the request, so that a line counts only for the same request. tokens: how
    many it took. complete: whether it ended by itself. cut: whether it breaks off, at the limit, in mid-sentence.
    """

    system: str
    index: int
    key: str
    text: str
    tokens: int
    complete: bool
    cut: bool = False


def request_key(*parts: Sequence[int] | str) -> str:
    """Return a short fingerprint of a request: its token ids, and all else that the text depends on.

    >>> request_key([1, 2], "greedy") == request_key([1, 2], "greedy"), len(request_key([1]))
    (True, 16)
    """
    payload = json.dumps([part if isinstance(part, str) else list(part) for part in parts])
    return hashlib.sha256(payload.encode()).hexdigest()[:16]


class TextStore:
    """A file of written texts. A half-written or foreign line is passed over; of two for one text, the later counts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = {(text.system, text.index): text for text in _read(path)}
        self._borrowed: dict[tuple[str, str], StoredText] = {}
        self.added: Callable[[StoredText], object] = lambda _text: None  # called with each text that is written

    def borrow(self, path: Path) -> int:
        """Count the texts of another evaluation for the same requests, whatever their index; return how many."""
        self._borrowed |= {(text.system, text.key): text for text in _read(path)}
        return len(self._borrowed)

    def get(self, system: str, index: int, key: str) -> StoredText | None:
        """Return what a system wrote for a text, None where it did not, or was asked something else."""
        stored = self._held.get((system, index))
        if stored is not None and stored.key == key:
            return stored
        borrowed = self._borrowed.get((system, key))
        return None if borrowed is None else replace(borrowed, index=index)

    def add(self, written: StoredText) -> None:
        """Append a text. Raises OSError where the disk is full; what is held stays."""
        append_line(self._path, json.dumps(asdict(written), ensure_ascii=False))
        self._held[written.system, written.index] = written
        self.added(written)


def _read(path: Path) -> list[StoredText]:
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    texts = []
    for line in lines:
        try:
            value = json.loads(line)
            texts.append(
                StoredText(
                    str(value["system"]),
                    int(value["index"]),
                    str(value["key"]),
                    str(value["text"]),
                    int(value["tokens"]),
                    bool(value["complete"]),
                    bool(value.get("cut")),
                )
            )
        except (ValueError, TypeError, KeyError):
            continue
    return texts
