"""Paths of the program's data files, in a checkout or in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parents[1]
_CHECKOUT = {
    "apps": Path("apps"),
    "samples": Path("data/samples"),
    "locale": Path("locale"),
    "template": Path("share/jupyter/voila/templates/poetas"),
    "jupyter": Path("share/jupyter"),
}


def in_checkout() -> bool:
    """Tell whether the program runs from a source checkout."""
    root = _HERE.parent
    return (root / "pyproject.toml").is_file() and (root / "apps").is_dir()


def folder(name: str) -> Path:
    """Return the folder of an asset: ``apps``, ``samples``, ``locale``, ``template`` or ``jupyter``.

    In a wheel the same folders lie under ``poetas/_assets`` (see pyproject.toml). They are read-only by
    convention: nothing is ever written there.

    Raises KeyError for a name that is not in the table.

    >>> (folder("template") / "conf.json").name
    'conf.json'
    """
    place = _CHECKOUT[name]
    return _HERE.parent / place if in_checkout() else _HERE / "_assets" / name
