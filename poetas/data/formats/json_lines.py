"""Reader of JSON lines: one JSON object a line; a broken line is reported and the rest is kept."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from poetas.data.errors import FileEmpty, FileUnreadable
from poetas.data.formats.base import Hints, RawTable, ReadingNotice, each_left_out, listed
from poetas.data.formats.encoding_detection import decode
from poetas.data.formats.records import JsonTable, loads, measure
from poetas.data.pipeline.limits import Limits
from poetas.i18n import _, ngettext, number

SHOWN = 5
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def read(path: Path, hints: Hints, limits: Limits) -> RawTable:
    """Read one object a line. Raises FileEmpty, NotText, FileUnreadable."""
    decoded = decode(path.read_bytes(), path.name, hints.encoding)
    if not decoded.text.strip():
        raise FileEmpty(path.name)
    table = from_lines(decoded.text, path.name, limits)
    if table is None:
        why = _("Espero un objeto de JSON en cada línea, y la mayoría no lo es.")
        raise FileUnreadable(path.name, why=why)
    return replace(table, encoding=decoded.encoding, notices=decoded.notices + table.notices)


def from_lines(text: str, name: str, limits: Limits) -> RawTable | None:
    """Make a table of JSON lines; None where most lines are none. Raises FileUnreadable for mixed shapes."""
    rows = JsonTable(limits)
    broken: list[int] = []
    others: list[int] = []  # lines that are no object
    good = left = 0
    # Only line feeds end a line: JSON may hold U+2028, at which splitlines() would split.
    for line_number, match in enumerate(_LINE.finditer(text), start=1):
        line = match[0]
        if not line.strip():
            continue
        if good >= limits.rows:  # the rest is counted without parsing
            left += 1
            continue
        value = _value(line, limits)
        if isinstance(value, dict | list | str):
            good += 1
            before = rows.counts["objects"]
            rows.add(value)
            others += [line_number] if rows.counts["objects"] == before else []
        else:
            broken.append(line_number)
            if len(broken) > limits.rows:  # more than the limit of good ones
                return None
    if len(broken) >= max(1, good):
        return None
    table = rows.raw(mostly=rows.counts["objects"] * 2 > good)
    if table is None:
        why = _("Sus líneas no tienen todas la misma forma.")
        raise FileUnreadable(name, why=why)
    lost = sorted([*broken, *others]) if rows.counts["objects"] else broken
    if not lost:
        return replace(table, left=(table.left or 0) + left)
    return replace(
        table,
        notices=(*table.notices, _broken(tuple(lost[:SHOWN]), len(lost))),
        left=(table.left or 0) + left,
        left_out=table.left_out + each_left_out(lost, "line-broken", _line_name, _other_lines),
        remade=True,
    )


def _line_name(line_number: int) -> str:
    return _("línea {n}").format(n=number(line_number))


def _other_lines(count: int) -> str:
    return ngettext("otra {n} línea", "otras {n} líneas", count).format(n=number(count))


def _value(line: str, limits: Limits) -> Any:
    depth, values = measure(line, limits)
    if depth > limits.depth or values > limits.cells:
        return None
    try:
        return loads(line)
    except ValueError:
        return None


def _broken(lines: tuple[int, ...], total: int) -> ReadingNotice:
    phrase = ngettext("Hay {n} línea que no pude entender", "Hay {n} líneas que no pude entender", total)
    sentence = _("{phrase} ({lines}): las demás están todas.")
    filled = sentence.format(phrase=phrase.format(n=number(total)), lines=listed(lines, total))
    return ReadingNotice("lines-broken", filled, lines, total)
