"""List of bars that are buttons: labels and shares in, drawn and written; a click or Enter picks one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, List, Unicode

from poetas.i18n import percent, percent_phrase
from poetas.util.excerpt import shortened
from widgets.core.elements import look

SCALE = 0.25
SMALLEST, ROUNDED = 0.0005, 0.1  # shares below the first are written as "<", those above the second without decimals
LETTERS = 24  # longest label, in characters


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar.

    label: the token. share: probability, 0 to 1. text: the share as it is written. kept: False draws it grey.
    mine: marked as the learner's prediction. note: shown below the label. spoken: what the button does, read by screen
    readers before the label, for example "Agregar".
    """

    label: str
    share: float
    text: str
    kept: bool = True
    mine: bool = False
    note: str = ""
    spoken: str = ""


def in_brief(share: float) -> str:
    r"""Format a share for the narrow space beside a bar.

    >>> in_brief(0.314), in_brief(0.0123), in_brief(0.00001)
    ('31\xa0%', '1,2\xa0%', '<0,1\xa0%')
    """
    if 0 < share < SMALLEST:
        return "<" + percent(2 * SMALLEST, 1)
    return in_sentence(share)


def in_sentence(share: float) -> str:
    r"""Format a share as the bars round it, for a sentence beside them.

    >>> in_sentence(0.075), in_sentence(0.00001)
    ('7,5\xa0%', 'menos del 0,1\xa0%')
    """
    return percent(share, 0 if share >= ROUNDED else 1)


def share_phrase(share: float) -> str:
    r"""Format a share as the bars round it, with its article.

    >>> share_phrase(0.556), share_phrase(0.0156), share_phrase(0.00002)
    ('el 56\xa0%', 'el 1,6\xa0%', 'menos del 0,1\xa0%')
    """
    return percent_phrase(share, 0 if share >= ROUNDED else 1)


class BarList(anywidget.AnyWidget):
    """A list of bars. Texts are put into the page as text, never as HTML."""

    _esm = Path(__file__).with_name("bar_list.js")
    rows: List[Any] = List().tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)  # the buttons ignore clicks for now, but keep the focus
    clickable = Bool(default_value=True).tag(sync=True)
    label = Unicode().tag(sync=True)

    def __init__(self, label: str, *, on_pick: Callable[[int], None] | None = None) -> None:
        super().__init__(label=label, clickable=on_pick is not None, **look("poetas"))
        self._picked = on_pick
        self.on_msg(self._receive)

    def draw(self, bars: list[Bar]) -> None:
        """Show these bars, scaled so that the longest is full; nothing is sent when they have not changed.

        A full bar is at least `SCALE`, so that ten shares of two percent each look small.
        """
        full = max([SCALE, *(bar.share for bar in bars)])
        self.rows = [
            {**asdict(bar), "label": shortened(bar.label, LETTERS), "length": bar.share / full} for bar in bars
        ]

    def focus(self) -> None:
        """Focus the first button, if the control that had the focus is gone and no other has it."""
        self.send({"kind": "focus"})

    def pick(self, index: int) -> None:
        """Handle a click on a bar."""
        if self._picked is not None and 0 <= index < len(self.rows):
            self._picked(index)

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("kind") == "pick" and isinstance(content.get("index"), int):
            self.pick(content["index"])
