"""Memory limits of Linux control groups for this process: the limit, and the bytes left below it.

Binder, Slurm, systemd and class servers set such limits. A group's limit holds for all the groups below it, so the
process's own and every one above are asked. Of version 2 the process has one path (``0::/path``), of version 1 one for
memory (``4:memory:/path``). See cgroups(7), and "Memory" in the kernel's ``cgroup-v2`` document.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_MEMBERSHIP = Path("/proc/self/cgroup")
_ROOT = Path("/sys/fs/cgroup")
_NO_LIMIT = 1 << 50  # bytes: version 1 writes a number near 2^63 where there is none


@dataclass(frozen=True, slots=True)
class Allowance:
    """Bytes. limit: of the smallest of the limits. left: what the fullest of the limited groups can still take."""

    limit: int
    left: int


@dataclass(frozen=True, slots=True)
class _Files:
    """Where a version keeps a group's numbers. cache: the lines of ``memory.stat`` to look for, best first."""

    limit: str
    used: str
    cache: tuple[str, ...]


_SECOND = _Files("memory.max", "memory.current", ("inactive_file",))
# Of the first version only the "total" counts the groups below, as its usage does.
_FIRST = _Files("memory.limit_in_bytes", "memory.usage_in_bytes", ("total_inactive_file", "inactive_file"))


def allowance(membership: Path = _MEMBERSHIP, root: Path = _ROOT) -> Allowance | None:
    """Return what the groups of this process allow it, None where none of them has a limit.

    membership: the file with its paths. root: where the groups are mounted.

    >>> allowance(Path("/nowhere"), Path("/nowhere")) is None
    True
    """
    limits = []
    for folder, files in _groups(membership, root):
        limit = _count(folder / files.limit)
        if limit is not None and limit < _NO_LIMIT:
            used = (_count(folder / files.used) or 0) - _reclaimable(folder / "memory.stat", files.cache)
            limits.append((limit, max(0, limit - max(0, used))))
    return Allowance(min(limit for limit, _left in limits), min(left for _limit, left in limits)) if limits else None


def _groups(membership: Path, root: Path) -> Iterator[tuple[Path, _Files]]:
    """The process's group and all above it, in both versions; those that are not to be seen have no files."""
    paths = _paths(membership)
    for controller, base, files in (("", root, _SECOND), ("memory", root / "memory", _FIRST)):
        own = PurePosixPath(paths.get(controller, "/").lstrip("/"))
        if ".." in own.parts:  # a group outside of what this container sees: only the root is known
            own = PurePosixPath()
        for group in (own, *own.parents) if own.parts else (own,):
            yield base / group, files


def _paths(membership: Path) -> dict[str, str]:
    """The process's path by controller, "" for version 2; a path may hold colons."""
    paths = {}
    with suppress(OSError):
        for line in membership.read_text("utf-8", "surrogateescape").splitlines():
            _number, _colon, rest = line.partition(":")
            controllers, _colon, path = rest.partition(":")
            paths.update(dict.fromkeys(controllers.split(","), path))
    return paths


def _count(file: Path) -> int | None:
    """A number of bytes; None where there is no file, or where it says "max"."""
    try:
        return int(file.read_text("ascii"))
    except (OSError, ValueError):
        return None


def _reclaimable(file: Path, names: tuple[str, ...]) -> int:
    """Bytes of files that were read and are kept for the next time: the kernel gives them back when asked."""
    with suppress(OSError, ValueError):
        lines = [line.split() for line in file.read_text("ascii").splitlines()]
        values = {words[0]: int(words[1]) for words in lines if len(words) == 2}  # noqa: PLR2004 - a name and a number
        return next((values[name] for name in names if name in values), 0)
    return 0
