"""A box for a number as it is written here: 0,0002. The browser's own drops the comma where its language has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from math import floor, isfinite
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Any as AnyValue
from traitlets import Bool, Unicode, observe, validate

from poetas.i18n import number

_DIGITS = 6  # that count; no knob has more
_LONGEST = 40  # characters; no number that anybody types has more
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?", re.ASCII | re.IGNORECASE)


def read_number(typed: str, *, whole: bool = False) -> float:
    """Read a number with a comma or a point before its decimals. Raises ValueError for what is none.

    whole: it counts things, so that three digits after a point or a comma are thousands.

    >>> read_number("0,0005"), read_number("0.0005"), read_number("5e-4"), read_number("1.234,5")
    (0.0005, 0.0005, 0.0005, 1234.5)
    >>> read_number("1.024", whole=True), read_number("1.024")
    (1024.0, 1.024)
    """
    compact = "".join(typed[: _LONGEST + 1].split()).replace("\N{MINUS SIGN}", "-")
    groups = _GROUPS.fullmatch(compact)
    decimal = max(".,", key=compact.rfind)  # the last of the two
    if groups and (whole or compact.count(groups[1]) > 1):
        compact = compact.replace(groups[1], "")
    elif compact.count(decimal) == 1:
        compact = compact.replace("," if decimal == "." else ".", "").replace(decimal, ".")
    if len(typed) > _LONGEST or not _PLAIN.fullmatch(compact) or not isfinite(value := float(compact)):
        raise ValueError(typed)
    return value


def written(value: float) -> str:
    """Write a number with as many decimals as it needs.

    >>> written(0.0002), written(1e-06), written(2.5), written(1024)
    ('0,0002', '0,000001', '2,5', '1.024')
    """
    exact = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    return number(value, len(f"{exact:f}".partition(".")[2]))


class NumberBox(anywidget.AnyWidget):
    """A labelled box for a number. Enter, or leaving it, makes what was typed count; the arrows up and down step.

    value: int where it is ``whole``, else float; it is kept between ``min`` and ``max``, of the same type. What is no
    number is not taken: the box shows the last one again. The kernel reads what is typed: in any browser alike.
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
        super().__init__(description=description, min=lowest, max=highest, whole=whole, value=value)
        for name in ("jupyter-widgets", "widget-inline-hbox", "widget-text", "poetas-number"):
            self.add_class(name)
        self.on_msg(self._receive)

    @validate("value")
    def _within(self, proposal: Any) -> float:
        value = min(max(float(proposal["value"]), self.min), self.max)
        return floor(value + 0.5) if self.whole else float(f"{value:.{_DIGITS}g}")

    @observe("value")
    def _write(self, change: Any) -> None:
        self.shown = written(change.new)

    @observe("min", "max")
    def _narrow(self, _change: Any) -> None:
        if self.value is not None:
            self.value = self.value  # validated anew

    def _receive(self, _widget: Any, message: Any, _buffers: Sequence[Any]) -> None:
        if self.disabled or not isinstance(message, dict):
            return
        fresh = self.value
        if "typed" in message:  # since the last answer
            with suppress(ValueError):
                fresh = read_number(str(message["typed"]), whole=self.whole)
        steps = {"up": 1, "down": -1}.get(str(message.get("step")), 0)
        self.value = fresh + steps * self._step
        self.send({"shown": self.shown})  # also where it is what it was: the box shows what was typed
