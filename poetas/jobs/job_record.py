"""``job.json``: a job's kind and configuration, read as untrusted input."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.util.files import read_json, write_json
from poetas.workspace import Workspace

_NAME = "job.json"
_LARGEST = 4 << 20  # bytes: a configuration, never data
# What a job's processes and watchers open, and partly write to: a pipe would keep them waiting, a link lead elsewhere.
_FILES = (_NAME, "events.jsonl", "last-words", "lock", "log.txt", "result.json", "starting", "stop")
_FOLDERS = ("checkpoints", "adapter")


class JobUnreadable(PoetasError):
    """A folder that is no job, or whose description is broken."""

    code = "job-unreadable"


def _unreadable(folder: Path, detail: str) -> JobUnreadable:
    return JobUnreadable(
        _("No puedo leer este trabajo."),
        why=_("La carpeta «{name}» no tiene la descripción del trabajo, o está dañada.").format(name=folder.name),
        remedy=_("Empezá el trabajo de nuevo. Tus textos y los otros trabajos no cambiaron."),
        action="restart",
        detail=detail,
    )


@dataclass(frozen=True, slots=True)
class JobRecord:
    """id: the folder's name. created: unix seconds. ledger: path of the ledger's file, or None.

    The path in the file is untrusted, because the ledger is written to: only its presence counts, and the ledger is
    that of the workspace in which the job's folder lies now.
    """

    id: str
    kind: str
    config: Mapping[str, Any]
    created: float
    ledger: str | None

    def write(self, folder: Path) -> None:
        """Write it whole; done once, before the process starts."""
        write_json(folder / _NAME, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> JobRecord:
        """Read it. Raises JobUnreadable, whatever the file holds."""
        path = folder / _NAME
        try:
            for name in _FILES:
                if not _is_or_is_not_there(folder / name, stat.S_ISREG):
                    raise _unreadable(folder, f"{name} is not a file")
            for name in _FOLDERS:
                if not _is_or_is_not_there(folder / name, stat.S_ISDIR):
                    raise _unreadable(folder, f"{name} is not a folder")
            if path.stat().st_size > _LARGEST:
                raise _unreadable(folder, "too large")
            value = read_json(path)
            kind, config, ledger = value["kind"], value["config"], value.get("ledger")
            created = float(value["created"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise _unreadable(folder, f"{type(error).__name__}: {error}") from error
        if not isinstance(kind, str) or not isinstance(config, dict) or not isinstance(ledger, str | None):
            raise _unreadable(folder, "wrong types")
        workspace = Workspace.around(folder) if ledger is not None else None
        return cls(folder.name, kind, config, created, str(workspace.ledger) if workspace is not None else None)


def _is_or_is_not_there(path: Path, kind: Callable[[int], bool]) -> bool:
    """Check a file with one call to lstat: some of these files come and go while a job works."""
    try:
        return kind(path.lstat().st_mode)
    except FileNotFoundError:
        return True


def is_job(folder: Path) -> bool:
    """Tell whether a folder looks like a job, without reading it."""
    return (folder / _NAME).is_file() and not folder.is_symlink()
