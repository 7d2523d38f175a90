"""JSONL: one JSON object a line; a broken line is reported and the rest is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, Notice, Raw, listed, rows_cut
from poetas.data.formats.decoding import decode
from poetas.data.formats.records import depth, loads, table
from poetas.data.limits import Limits
from poetas.i18n import _, ngettext, number

SHOWN = 5


def read(path: Path, hints: Hints, limits: Limits) -> Raw:
    """Read one object a line. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    if not decoded.text.strip():
        raise FileEmpty(path.name)
    found = from_lines(decoded.text, path.name, limits)
    if found is None:
        why = _("Espero un objeto de JSON en cada línea, y la mayoría no lo es.")
        raise FileUnreadable(path.name, why=why)
    return Raw(found.rows, found.columns, decoded.encoding, notices=found.notices)


def from_lines(text: str, name: str, limits: Limits) -> Raw | None:
    """Make a table of JSON lines; None where most lines are none. Raises FileUnreadable for mixed shapes."""
    items: list[Any] = []
    broken: list[int] = []
    cut = False
    # Only line feeds end a line: JSON may hold U+2028 and its kin as they are, which splitlines() would cut at.
    for at, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        if len(items) >= limits.rows:
            cut = True
            break
        value = _value(line, limits)
        if isinstance(value, dict | list | str):
            items.append(value)
        else:
            broken.append(at)
    if len(broken) >= max(1, len(items)):
        return None
    objects = [item for item in items if isinstance(item, dict)]
    found = table(objects if len(objects) * 2 > len(items) else items)
    if found is None:
        why = _("Sus líneas no tienen todas la misma forma.")
        raise FileUnreadable(name, why=why)
    lost = len(broken) + len(items) - len(found.rows)
    notices = [_broken(tuple(broken[:SHOWN]), lost)] if lost else []
    if cut:
        notices.append(rows_cut(limits.rows))
    return Raw(found.rows, found.columns, notices=tuple(notices))


def _value(line: str, limits: Limits) -> Any:
    if depth(line, limits.depth) > limits.depth:
        return None
    try:
        return loads(line)
    except ValueError:
        return None


def _broken(lines: tuple[int, ...], total: int) -> Notice:
    told = ngettext("Hay {n} línea que no pude entender", "Hay {n} líneas que no pude entender", total)
    sentence = _("{told} ({lines}): las demás están todas.")
    filled = sentence.format(told=told.format(n=number(total)), lines=listed(lines, total))
    return Notice("lines-broken", filled, lines)
