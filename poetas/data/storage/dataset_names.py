"""Names of prepared datasets: the learner's name in, a folder's name out, and back with its number."""

from __future__ import annotations

import re

from poetas.util.files import safe_name

STAGING = ".guardando-"  # prefix of the folders in which datasets are built


def folder_name(name: str) -> str:
    """The folder's name for a dataset's name."""
    return safe_name(name, fallback="conjunto")


def numbered_name(name: str, folder: str) -> str:
    """A dataset's name, with the number that its folder got where the name was taken.

    >>> numbered_name("Mis poemas", "Mis-poemas-2"), numbered_name("Mis poemas", "Mis-poemas")
    ('Mis poemas (2)', 'Mis poemas')
    """
    numbered = re.fullmatch(rf"{re.escape(folder_name(name))}-(\d+)", folder)
    return f"{name} ({numbered[1]})" if numbered else name
