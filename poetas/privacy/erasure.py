"""Erasure of the learner's data: a workspace in, the removed paths out.

Called by the button «Borrar mis datos»; what is running has to be stopped before.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from poetas.util.files import inside
from poetas.workspace import PERSONAL, SERVER_LOG, Workspace

ATTEMPTS = 3


def erase_personal_data(workspace: Workspace) -> list[str]:
    """Remove what the learner brought, did and wrote; say what was removed, as paths below the root.

    The models stay, and so do the licences that were accepted for them: neither holds anything of the learner.
    Links are removed, never followed.
    """
    removed: list[str] = []
    for name in PERSONAL:
        path = workspace.root / name
        if path.is_symlink() or path.is_file():
            path.unlink()
            removed.append(name)
        elif path.is_dir() and inside(workspace.root, path):
            files = (entry for entry in sorted(path.rglob("*")) if entry.is_file())
            removed += [str(entry.relative_to(workspace.root)) for entry in files]
            _remove(path)
    return removed + _erase_logs(workspace.root)


def _remove(folder: Path) -> None:
    """Remove a folder, again where another page of it wrote a file meanwhile. Raises OSError."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            shutil.rmtree(folder)
        except OSError as error:
            if error.errno != errno.ENOTEMPTY:
                raise
        else:
            return
    shutil.rmtree(folder)


def _erase_logs(root: Path) -> list[str]:
    """Remove logs, where an error may have quoted a text; those of what is running are emptied in their place."""
    folder = root / "run"
    if folder.is_symlink() or not folder.is_dir():
        return []
    names = sorted(path.name for path in folder.iterdir())
    addresses = [name for name in names if name.endswith(".json")]
    removed: list[str] = []
    for name in names:
        owner, dot, _rest = name.partition(".log")
        path = folder / name
        if not dot or not (path.is_symlink() or path.is_file()):
            continue
        running = name == SERVER_LOG or any(address.startswith((f"{owner}.", f"{owner}-")) for address in addresses)
        if running and not path.is_symlink():
            os.truncate(path, 0)  # the running process goes on appending
        else:
            path.unlink()
        removed.append(f"run/{name}")
    return removed
