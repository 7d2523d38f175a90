"""Number box: typed text with a decimal comma in (0,0002), an int or float out.

The browser's own number input drops the comma where the browser's language has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import floor
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Any as AnyValue
from traitlets import Bool, Unicode, observe, validate

from poetas.util.number_parsing import DIGITS, read_number, written
from widgets.core.elements import look


class NumberBox(anywidget.AnyWidget):
    """A labelled box for a number. Enter, or leaving the box, applies what was typed; the arrows up and down step.

    value: int where it is ``whole``, else float; clamped to ``min`` and ``max``, of the same type. Text that is no
    number is ignored: the box shows the last value again. The kernel parses it, so that all browsers behave alike.
    """

    _esm = Path(__file__).with_name("number_box.js")
    value = AnyValue()
    min = AnyValue().tag(sync=True)
    max = AnyValue().tag(sync=True)
    shown = Unicode().tag(sync=True)
    description = Unicode().tag(sync=True)
    disabled = Bool(default_value=False).tag(sync=True)
    whole = Bool(default_value=False).tag(sync=True)

    def __init__(self, description: str, value: float, *, lowest: float, highest: float, step: float) -> None:
        self._step = step
        whole = isinstance(step, int) and isinstance(value, int)
        super().__init__(
            description=description,
            min=lowest,
            max=highest,
            whole=whole,
            value=value,
            **look("jupyter-widgets", "widget-inline-hbox", "widget-text", "poetas-number"),
        )
        self.on_msg(self._receive)

    @validate("value")
    def _within(self, proposal: Any) -> float:
        value = min(max(float(proposal["value"]), self.min), self.max)
        return floor(value + 0.5) if self.whole else float(f"{value:.{DIGITS}g}")

    @observe("value")
    def _write(self, change: Any) -> None:
        self.shown = written(change.new)

    @observe("min", "max")
    def _narrow(self, _change: Any) -> None:
        if self.value is not None:
            self.value = self.value  # validate again

    def _receive(self, _widget: Any, message: Any, _buffers: Sequence[Any]) -> None:
        if self.disabled or not isinstance(message, dict):
            return
        typed = self.value
        if "typed" in message:  # text typed since the last message
            with suppress(ValueError):
                typed = read_number(str(message["typed"]), whole=self.whole)
        steps = {"up": 1, "down": -1}.get(str(message.get("step")), 0)
        self.value = typed + steps * self._step
        self.send({"shown": self.shown})  # also where it has not changed, because the box shows the typed text
