"""Memory of what was found in single rows: each repair that is switched looks through the same texts again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from poetas.data.pipeline.row_digest import row_digest

_MOST = 40_000
Remembered = TypeVar("Remembered")


class RowMemory(Generic[Remembered]):
    """Calls a function of texts once for each row; digests are kept, not the texts.

    >>> looked: list[str] = []
    >>> memory = RowMemory(lambda text: looked.append(text) or len(text))
    >>> memory("sol"), memory("sol"), looked
    (3, 3, ['sol'])
    """

    def __init__(self, find: Callable[..., Remembered]) -> None:
        self._find = find
        self._known: dict[str, Remembered] = {}

    def __call__(self, *row: str) -> Remembered:
        """What the function finds in a row."""
        digest = row_digest([row])
        if digest not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[digest] = self._find(*row)
        return self._known[digest]
