"""Atomic writes, JSON, checksums, and file names that cannot escape their folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeGuard

CHUNK = 1 << 20
_LARGEST = 1e18  # above any count of bytes
_AROUND = "-._, "  # no name begins or ends with these


def sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` durable; a no-op where folders cannot be opened (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """Open ``path`` for writing so that readers see the old file or the whole new one, never a part.

    The bytes go to a temporary name beside it, are flushed to the disk, and are renamed at the end; on an error
    the temporary file is removed and the old file is untouched. What must not replace another file goes through
    `poetas.util.atomic_file`.

    >>> import tempfile; target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with writing(target) as out: _ = out.write(b"hola")
    >>> target.read_bytes()
    b'hola'
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def write_text(path: Path, text: str, *, mode: int = 0o600) -> None:
    """Write UTF-8 text atomically."""
    with writing(path, mode=mode) as out:
        out.write(text.encode("utf-8"))


def write_json(path: Path, value: Any, *, mode: int = 0o600) -> None:
    """Write JSON atomically: readable, UTF-8, keys in the order given."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n", mode=mode)


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises FileNotFoundError, or ValueError where it is not JSON."""
    return parse_json(path.read_bytes())


def parse_json(data: bytes) -> Any:
    """Read JSON that may come from anywhere. Raises ValueError alone, also where it is nested too deeply to parse.

    >>> parse_json(b'{"n": 1}')
    {'n': 1}
    """
    try:
        return json.loads(data.decode("utf-8"))
    except RecursionError as error:
        raise ValueError("JSON nested too deeply") from error


def is_figure(value: Any) -> TypeGuard[float]:
    """Tell whether a value that was read is a finite number in range: JSON has NaN, infinity and endless integers too.

    >>> is_figure(0.5), is_figure(float("nan")), is_figure(10**400), is_figure(True), is_figure("1")
    (True, False, False, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and -_LARGEST < value < _LARGEST


def private_folder(path: Path) -> Path:
    """Create a folder (and its parents) that only its owner can open, and return it."""
    if not path.parent.exists():  # mkdir(parents=True) would give the parents the default mode
        private_folder(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def append_line(path: Path, line: str, *, sync: bool = False, mode: int = 0o600) -> None:
    r"""Add one line to a file that several processes may append to and read at the same time.

    The line is one `write` in append mode, so lines of several writers never mix. If an earlier writer died in the
    middle of its line, this one starts on a fresh line (so it does when another is writing just now: readers pass over
    the empty line that this leaves). ``sync`` also waits until the disk has it.

    >>> import tempfile; target = Path(tempfile.mkdtemp()) / "a.jsonl"
    >>> _ = target.write_bytes(b'{"half')
    >>> append_line(target, "{}"); target.read_bytes()
    b'{"half\n{}\n'
    """
    data = line.encode("utf-8", errors="replace") + b"\n"
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), mode)
    try:
        if os.lseek(handle, 0, os.SEEK_END) > 0:
            os.lseek(handle, -1, os.SEEK_END)
            data = data if os.read(handle, 1) == b"\n" else b"\n" + data
        while data:  # a full disk takes a part; asking again is what raises its error
            data = data[os.write(handle, data) :]
        if sync:
            os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as 64 hexadecimal digits, reading it in pieces of 1 MB."""
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while piece := source.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def safe_name(text: str, *, fallback: str = "sin-nombre", longest: int = 60) -> str:
    """Turn any text into a file name that stays where it is put: letters, digits, ``-``, ``_`` and ``.``.

    >>> safe_name("../../etc/passwd"), safe_name("  Mis poemas (2024)  "), safe_name("¿?")
    ('etc-passwd', 'Mis-poemas-2024', 'sin-nombre')
    """
    kept = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", text))
    kept = re.sub(r"-{2,}", "-", kept).strip("-._")[:longest].strip("-._")
    return fallback if not kept or _is_reserved(kept) else kept


def readable_name(text: str, *, fallback: str = "sin nombre", longest: int = 60) -> str:
    r"""Turn any text into a file name that stays where it is put, and reads as its owner wrote it.

    Besides what `safe_name` keeps: single spaces, and the signs of titles that every file system takes.

    >>> readable_name("../../etc/passwd"), readable_name("  Mis poemas  (2024)\n"), readable_name("=¿?")
    ('etc passwd', 'Mis poemas (2024)', 'sin nombre')
    """
    kept = re.sub(r"[^\w.,;()\[\]'’¡!&+–—-]+", " ", unicodedata.normalize("NFC", text))
    kept = kept.strip(_AROUND).lstrip("+")[:longest].strip(_AROUND)
    return fallback if not kept or _is_reserved(kept) else kept


def _is_reserved(name: str) -> bool:
    """Tell whether Windows keeps a name for a device, whatever its ending."""
    devices = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
    return name.split(".", maxsplit=1)[0].strip().lower() in devices


def inside(folder: Path, path: Path) -> bool:
    """Tell whether ``path``, with links resolved, lies in ``folder``. A link that leads round leads nowhere.

    >>> inside(Path("/tmp"), Path("/tmp/../etc"))
    False
    """
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # RuntimeError: links that lead round, before Python 3.13
        return False
