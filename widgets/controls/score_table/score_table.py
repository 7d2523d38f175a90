"""Table of scores whose numbers can be clicked, to see in a text what they count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anywidget
from traitlets import List, Unicode

from widgets.core.elements import own_look


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One row. cells: the scores as they are written. spoken: what a screen reader says of each. mine: drawn bold."""

    title: str
    cells: tuple[str, ...]
    spoken: tuple[str, ...]
    mine: bool = False


class ScoreTable(anywidget.AnyWidget):
    """An HTML table; each number is a button.

    label: the caption. picked: [row, column] of the selected number.
    """

    _esm = Path(__file__).with_name("score_table.js")
    columns: List[Any] = List().tag(sync=True)
    rows: List[Any] = List().tag(sync=True)
    picked: List[Any] = List().tag(sync=True)
    label = Unicode().tag(sync=True)

    def __init__(self, label: str, *, on_pick: Callable[[int, int], None]) -> None:
        super().__init__(label=label, picked=[-1, -1], **own_look("poetas"))
        self._picked = on_pick
        self.on_msg(self._receive)

    def draw(self, columns: Sequence[str], rows: Sequence[ScoreRow]) -> None:
        """Show these rows; the first column is the rows' names."""
        with self.hold_sync():
            self.columns = list(columns)
            self.rows = [asdict(row) for row in rows]

    def pick(self, row: int, column: int) -> None:
        """Handle a click on a number."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]["cells"]):
            self.picked = [row, column]
            self._picked(row, column)

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "pick":
            row, column = content.get("row"), content.get("column")
            if isinstance(row, int) and isinstance(column, int):
                self.pick(row, column)
