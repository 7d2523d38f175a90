"""Record of whether every worker of a workspace so far ran in a network namespace; the header of a page reads it.

Where it did, no program that read the learner's texts had a way to the network, native code included. A workspace in
which no worker has run yet is not known to be isolated.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from poetas.util.files import private_folder, write_text

_YES, _NO = "namespace\n", "guard only\n"


def note_isolation(ledger: Path, *, isolated: bool) -> None:
    """Record whether a worker that is about to read texts runs in a namespace; one without it is recorded for good.

    ledger: path of the workspace's ledger. Where it cannot be written, the workspace counts as not isolated.
    """
    path = _path(ledger)
    answer = _YES if isolated else _NO
    with suppress(OSError):
        if _read(path) not in {answer, _NO}:
            private_folder(path.parent)
            write_text(path, answer)


def is_isolated(ledger: Path) -> bool:
    """Tell whether workers have run in a workspace, and all of them in a network namespace.

    >>> is_isolated(Path("/nowhere/registro.jsonl"))
    False
    """
    return _read(_path(ledger)) == _YES


def _path(ledger: Path) -> Path:
    return ledger.parent / "run" / "network.log"


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""
