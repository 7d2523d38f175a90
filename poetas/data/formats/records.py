"""Tables out of JSON values, shared by JSON and JSONL: lists, objects or texts in, rows of strings out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from poetas.data.formats.base import RawTable
from poetas.data.formats.chat_messages import Conversations, is_conversation
from poetas.data.formats.rows import Rows
from poetas.data.formats.running_text import text_column
from poetas.data.pipeline.limits import Limits

_SCALARS = (str, int, float, bool, type(None))
# Strings are matched whole, unfinished ones too; possessive quantifiers, so that there is no backtracking.
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SIGNS = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?+|[\[{\]},]', re.DOTALL)


class WrittenNumber(str):
    """A number of JSON, as it is written."""

    __slots__ = ()


def loads(text: str) -> Any:
    """Parse JSON with numbers kept as they are written. Raises ValueError, RecursionError.

    >>> loads('{"a": 1.50, "b": 12345678901234567890123}')
    {'a': '1.50', 'b': '12345678901234567890123'}
    """
    return json.loads(text, parse_int=WrittenNumber, parse_float=WrittenNumber, parse_constant=WrittenNumber)


def measure(text: str, limits: Limits) -> tuple[int, int]:
    """Count the deepest nesting of brackets outside strings, and roughly the values, without parsing.

    Counting ends one above either limit.

    >>> measure('[[{"a": "[[[["}]]', Limits()), measure("[" * 100000, Limits())
    ((3, 3), (41, 41))
    """
    depth = deepest = values = 0
    for match in _SIGNS.finditer(text):
        sign = match[0]
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
        if sign in "[{,":
            values += 1
        if deepest > limits.depth or values > limits.cells:
            break
    return deepest, values


def cell(value: Any) -> str:
    r"""Write any JSON value as a cell: lists of texts line by line, other structures as JSON.

    >>> cell(None), cell(["a", "b"]), cell({"x": "1"})
    ('', 'a\nb', '{"x": "1"}')
    """
    if isinstance(value, str):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "\n".join(value)
    return json.dumps(value, ensure_ascii=False)


class JsonTable:
    """A table that grows by JSON values, one a row: objects, texts or lists.

    Objects give a column for each of their keys, in order of appearance, up to the limit; a conversation gives its
    first message and its first answer.
    """

    def __init__(self, limits: Limits) -> None:
        self.objects, self.texts, self.lists = Rows(limits), Rows(limits), Rows(limits)
        self.counts = {"objects": 0, "texts": 0, "lists": 0}
        self._columns: dict[str, int] = {}
        self._beyond: set[str] = set()  # names of columns that are not kept
        self._limits = limits
        self._conversations = Conversations()
        self._remade = False

    def add(self, value: Any) -> None:
        """Add a row."""
        if (pair := self._conversations.row(value)) is not None:
            value = pair
        if isinstance(value, Mapping):
            self._remade = self._remade or not self._is_plain(value)
            self.counts["objects"] += 1
            self.objects.add(() if self.objects.full else self._row(value))
        elif isinstance(value, list):
            self.counts["lists"] += 1
            self.lists.add(cell(item) for item in value)
        else:
            self.counts["texts"] += 1
            self.texts.add([cell(value)])

    def raw(self, *, mostly: bool = False) -> RawTable | None:
        """The table; None where the values are not all of one shape. mostly: objects among others are enough."""
        total = sum(self.counts.values())
        if self.counts["objects"] and (self.counts["objects"] == total or mostly):
            table = _raw(self.objects, list(self._columns))
            left_out = tuple(self._conversations.left_out)
            remade = self._remade or self._conversations.count > 0 or self.counts["objects"] < total
            return replace(table, notices=self._conversations.notices(), left_out=left_out, remade=remade)
        if self.counts["texts"] and self.counts["texts"] == total:
            return _raw(self.texts, [text_column()], remade=True)
        return _raw(self.lists, None, remade=True) if self.counts["lists"] and self.counts["lists"] == total else None

    def _is_plain(self, value: Mapping[str, Any]) -> bool:
        """Whether a plain loader gives the same row: the same names as in the others, and texts that are no dates."""
        names = list(value)
        if self._columns and names != list(self._columns):
            return False
        texts = all(
            isinstance(item, str) and not isinstance(item, WrittenNumber) and not _DATE.match(item)
            for item in value.values()
        )
        return texts and any(value.values()) and all(name == " ".join(name.split()) for name in names)

    def _row(self, value: Mapping[str, Any]) -> list[str]:
        row = [""] * len(self._columns)
        for name, item in value.items():
            column = self._columns.get(name)
            if column is not None:
                row[column] = cell(item)
            elif len(self._columns) < self._limits.columns:
                self._columns[name] = len(row)
                row.append(cell(item))
            elif item not in (None, ""):
                self._beyond.add(name)
                self.objects.wide = len(self._beyond)
        return row


def _raw(rows: Rows, columns: list[str] | None, *, remade: bool = False) -> RawTable:
    return RawTable(rows.kept, columns, left=rows.left, wide=rows.wide, remade=remade)


def table(items: Iterable[Any], limits: Limits) -> RawTable | None:
    """Make a table of a list of objects, lists or texts; None for anything else."""
    rows = JsonTable(limits)
    for item in items:
        rows.add(item)
    return rows.raw()


def find_table(value: Any, limits: Limits) -> RawTable | None:
    """Find the table in a JSON document: a list, a dict of lists, or either of them under one key (``{"data": […]}``).

    >>> find_table({"texto": ["a", "b"], "resumen": ["c", "d"]}, Limits()).rows
    [['a', 'c'], ['b', 'd']]
    >>> find_table({"version": "1", "data": [{"texto": "a"}]}, Limits()).columns
    ['texto']
    """
    if isinstance(value, list):
        return table(value, limits)
    if not isinstance(value, Mapping) or not value:
        return None
    lists = {str(name): items for name, items in value.items() if isinstance(items, list)}
    if is_conversation(value):
        lists = {"": [value]}
    if len(lists) == len(value) and all(isinstance(item, _SCALARS) for items in lists.values() for item in items):
        return _side_by_side(lists, limits)
    for items in sorted(lists.values(), key=len, reverse=True):
        if (rows := table(items, limits)) is not None:
            return rows
    inner = list(value.values())
    if all(isinstance(item, Mapping) for item in inner):  # {"id-1": {...}, "id-2": {...}}, or one more wrapping
        wraps = len(inner) == 1 and _wraps(inner[0])
        return find_table(inner[0], limits) if wraps else table(inner, limits)
    return table([value], limits) if all(isinstance(item, _SCALARS) for item in inner) else None


def _side_by_side(lists: Mapping[str, list[Any]], limits: Limits) -> RawTable:
    rows = Rows(limits)
    columns = list(lists)[: limits.columns]
    for index in range(max(len(lists[name]) for name in columns)):
        rows.add(cell(lists[name][index]) if index < len(lists[name]) else "" for name in columns)
    rows.wide = len(lists) - len(columns)
    return _raw(rows, columns, remade=True)


def _wraps(value: Mapping[str, Any]) -> bool:
    return any(isinstance(item, list | Mapping) for item in value.values())
