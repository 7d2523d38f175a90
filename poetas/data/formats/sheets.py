"""What Excel and LibreOffice workbooks share: picking one sheet of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poetas.data.formats.base import Notice
from poetas.i18n import _


def choose(tables: Mapping[str, Sequence[Sequence[str]]], told: str | None) -> str:
    """Return the name of the sheet to read: the one told, else the one with most letters; "" where all are empty.

    >>> choose({"a": [["x"]], "b": [["mucho texto"]], "c": []}, None)
    'b'
    """
    if told is not None and tables.get(told):
        return told
    letters = {name: sum(len(cell) for row in rows for cell in row) for name, rows in tables.items()}
    best = max(letters, key=lambda name: letters[name], default="")
    return best if best and letters[best] else ""


def other_sheets(filled: Sequence[str], chosen: str) -> tuple[Notice, ...]:
    """Say which sheet was read where several hold something."""
    if len(filled) <= 1:
        return ()
    others = ", ".join(f"«{name}»" for name in filled if name != chosen)
    sentence = _("El archivo tiene varias hojas: leí «{chosen}» y dejé {others}.").format(chosen=chosen, others=others)
    return (Notice("other-sheets", sentence),)
