"""Header detection: rows in, whether the first holds column names, and those names made distinct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from statistics import median

from poetas.data.pipeline.column_names import role
from poetas.i18n import _

LONGEST_TITLE = 60
_NUMBER = re.compile(r"[+-]?[\d.,\s]*\d\s*%?")


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, with point or comma.

    >>> is_number("1.234,5"), is_number("2 mates")
    (True, False)
    """
    return bool(_NUMBER.fullmatch(cell.strip()))


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Guess whether the first row holds titles.

    Titles are short, distinct, no numbers, on one line, and either known names or much shorter than the cells below.

    >>> has_header([["texto", "resumen"], ["Había una vez un río.", "Un río."]])
    True
    >>> has_header([["Había una vez un río.", "Un río."], ["El pan subió otra vez.", "El pan."]])
    False
    """
    if not rows:
        return False
    first = [cell.strip() for cell in rows[0]]
    titles = [cell for cell in first if cell]
    if not titles or any(is_number(cell) or len(cell) > LONGEST_TITLE or "\n" in cell for cell in titles):
        return False
    if any(role(cell) for cell in titles):
        return True
    if len({cell.casefold() for cell in titles}) < len(titles):
        return False
    below = rows[1:200]
    if not below or any(cell.endswith((".", "?", "!", "…")) for cell in titles):
        return False
    return any(
        _unlike(title, [row[column] for row in below if column < len(row)])
        for column, title in enumerate(first)
        if title
    )


def _unlike(title: str, cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return False
    numbers = sum(is_number(cell) for cell in filled)
    return numbers > 0.8 * len(filled) or median(len(cell) for cell in filled) > 4 * len(title)


def column_names(titles: Sequence[str], width: int) -> list[str]:
    """Make ``width`` distinct, non-empty names out of a header.

    >>> column_names(["texto", "", "texto"], 4)
    ['texto', 'columna 2', 'texto (2)', 'columna 4']
    """
    names: list[str] = []
    for column in range(width):
        title = " ".join(titles[column].split()) if column < len(titles) else ""
        name = unicodedata.normalize("NFC", title)[:LONGEST_TITLE] or _("columna {n}").format(n=column + 1)
        copy, plain = 2, name
        while name in names:
            name, copy = f"{plain} ({copy})", copy + 1
        names.append(name)
    return names
