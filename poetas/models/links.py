"""Symbolic links of a model's folder: the names of those that lead outside it."""

from __future__ import annotations

from pathlib import Path

from poetas.util.files import inside


def links_outside(folder: Path) -> list[str]:
    """Return the names of the folder's links whose target is outside it, sorted; [] where there is no folder.

    A snapshot of the Hub's own cache is made of links to the ``blobs`` folder beside ``snapshots``: these are allowed.
    Only the folder's own entries are looked at, because models are read from no deeper.
    """
    try:
        links = [path for path in folder.iterdir() if path.is_symlink()]
    except OSError:
        return []
    own = folder.resolve()
    allowed = [own, *([own.parents[1] / "blobs"] if own.parent.name == "snapshots" else [])]
    return sorted(link.name for link in links if not any(inside(root, link) for root in allowed))
