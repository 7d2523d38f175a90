"""Tick list of lines: lines to choose from in, the ticked ones out, at most so many at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
from traitlets import Int, List, Unicode, validate

from widgets.core.elements import own_look


class LineTicks(anywidget.AnyWidget):
    """A box with a tick for each line; once ``most`` are ticked, the others cannot be.

    options: the lines, each once. value: those that are ticked, in their order; what is no option is dropped.

    >>> ticks = LineTicks("Lo mejor", most=2)
    >>> ticks.options = ["uno", "dos", "tres"]
    >>> ticks.value = ["tres", "uno", "x"]; ticks.value
    ['uno', 'tres']
    """

    _esm = Path(__file__).with_name("line_ticks.js")
    label = Unicode().tag(sync=True)
    options: List[str] = List(Unicode()).tag(sync=True)
    value: List[str] = List(Unicode()).tag(sync=True)
    most = Int().tag(sync=True)

    def __init__(self, label: str, *, most: int) -> None:
        super().__init__(label=label, most=most, **own_look("poetas-line-ticks"))

    @validate("value")
    def _known(self, proposal: Any) -> list[str]:
        return [line for line in self.options if line in proposal["value"]][: self.most]
