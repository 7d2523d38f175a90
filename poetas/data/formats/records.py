"""What JSON and JSONL share: values of any shape turned into a table of text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from poetas.data.formats.base import Raw
from poetas.data.formats.paragraphs import text_column

_SCALARS = (str, int, float, bool, type(None))


def loads(text: str) -> Any:
    """Parse JSON with numbers kept as they are written. Raises ValueError, RecursionError.

    >>> loads('{"a": 1.50, "b": 12345678901234567890123}')
    {'a': '1.50', 'b': '12345678901234567890123'}
    """
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def depth(text: str, most: int) -> int:
    """Deepest nesting of brackets outside strings, counted no further than one above ``most``; reads, parses nothing.

    >>> depth('[[{"a": "[[[["}]]', 40), depth("[" * 100000, 40)
    (3, 41)
    """
    now = deepest = 0
    quoted = skip = False
    for character in text:
        if skip:
            skip = False
        elif quoted:
            skip, quoted = character == "\\", character != '"'
        elif character == '"':
            quoted = True
        elif character in "[{":
            now += 1
            deepest = max(deepest, now)
            if deepest > most:
                break
        elif character in "]}":
            now -= 1
    return deepest


def cell(value: Any) -> str:
    r"""Write any JSON value as a cell: lists of texts line by line, other structures as JSON.

    >>> cell(None), cell(["a", "b"]), cell({"x": "1"})
    ('', 'a\nb', '{"x": "1"}')
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False)


def table(items: Sequence[Any]) -> Raw | None:
    """Make a table of a list of objects (columns in the order met), or of a list of texts; None for anything else."""
    if items and all(isinstance(item, Mapping) for item in items):
        columns = list(dict.fromkeys(str(key) for item in items for key in item))
        return Raw([[cell(item.get(name)) for name in columns] for item in items], columns)
    if items and all(isinstance(item, _SCALARS) for item in items):
        return Raw([[cell(item)] for item in items], [text_column()])
    if items and all(isinstance(item, list) for item in items):
        return Raw([[cell(value) for value in item] for item in items])
    return None


def find_table(value: Any) -> Raw | None:
    """Find the table in a JSON document: a list, a dict of lists, or either of them under one key (``{"data": […]}``).

    >>> find_table({"texto": ["a", "b"], "resumen": ["c", "d"]}).rows
    [['a', 'c'], ['b', 'd']]
    >>> find_table({"version": "1", "data": [{"texto": "a"}]}).columns
    ['texto']
    """
    if isinstance(value, list):
        return table(value)
    if not isinstance(value, Mapping) or not value:
        return None
    lists = {str(name): items for name, items in value.items() if isinstance(items, list)}
    if len(lists) == len(value) and all(isinstance(item, _SCALARS) for items in lists.values() for item in items):
        longest = max(len(items) for items in lists.values())
        columns = list(lists)
        rows = [[cell(items[at]) if at < len(items) else "" for items in lists.values()] for at in range(longest)]
        return Raw(rows, columns)
    for items in sorted(lists.values(), key=len, reverse=True):
        if (found := table(items)) is not None:
            return found
    inner = list(value.values())
    if all(isinstance(item, Mapping) for item in inner):  # {"id-1": {...}, "id-2": {...}}, or one more wrapping
        return find_table(inner[0]) if len(inner) == 1 and _wraps(inner[0]) else table(inner)
    return table([value]) if all(isinstance(item, _SCALARS) for item in inner) else None


def _wraps(value: Mapping[str, Any]) -> bool:
    return any(isinstance(item, list | Mapping) for item in value.values())
