"""BarList that are buttons: each a word, its share drawn and written; a click or Enter picks one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, List, Unicode

from poetas.i18n import percent
from poetas.util.excerpt import shortened

SCALE = 0.25
SMALLEST, ROUNDED = 0.0005, 0.1  # a share below is not written as a number, one above without decimals
LETTERS = 24  # of a label; whoever bets on more knows what they wrote


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    label: the word. share: 0 to 1 of all bets. text: the share as it is written. kept: False draws it grey.
    mine: marked as the learner's guess. note: a few words below. spoken: heard before the word,
    for example "Agregar": what the button does.
    """

    label: str
    share: float
    text: str
    kept: bool = True
    mine: bool = False
    note: str = ""
    spoken: str = ""


def in_brief(share: float) -> str:
    r"""Write a share in the narrow place beside a bar.

    >>> in_brief(0.314), in_brief(0.0123), in_brief(0.00001)
    ('31\xa0%', '1,2\xa0%', '<0,1\xa0%')
    """
    if 0 < share < SMALLEST:
        return "<" + percent(2 * SMALLEST, 1)
    return percent(share, 0 if share >= ROUNDED else 1)


class BarList(anywidget.AnyWidget):
    """A list of bars. Texts are put into the page as text, never as HTML."""

    _esm = Path(__file__).with_name("bar_list.js")
    rows: List[Any] = List().tag(sync=True)
    asleep = Bool(default_value=False).tag(sync=True)  # buttons that do nothing for now, but keep the focus
    clickable = Bool(default_value=True).tag(sync=True)
    label = Unicode().tag(sync=True)

    def __init__(self, label: str, *, on_pick: Callable[[int], None] | None = None) -> None:
        super().__init__(label=label, clickable=on_pick is not None)
        self.add_class("poetas")
        self._picked = on_pick
        self.on_msg(self._heard)

    def draw(self, bars: list[Bar]) -> None:
        """Show these bars, on a scale that the longest fills; nothing is sent when they are the same.

        The scale never grows beyond a quarter of all bets: ten bets of two percent each should look small.
        """
        whole = max([SCALE, *(bar.share for bar in bars)])
        self.rows = [
            {**asdict(bar), "label": shortened(bar.label, LETTERS), "length": bar.share / whole} for bar in bars
        ]

    def focus(self) -> None:
        """Let the first button have the focus, where the control that had it is gone and nobody else took it."""
        self.send({"kind": "focus"})

    def pick(self, index: int) -> None:
        """Do what a click on a bar does."""
        if self._picked is not None and 0 <= index < len(self.rows):
            self._picked(index)

    def _heard(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "pick" and isinstance(content.get("index"), int):
            self.pick(content["index"])
