"""Labelled slider with a number box of the same value, for keyboard and screen reader."""

from __future__ import annotations

from math import log10
from typing import Any

import traitlets
from ipywidgets import FloatLogSlider, FloatSlider, IntSlider
from traitlets import Bool, observe

from widgets.controls.number_box.number_box import NumberBox
from widgets.core.elements import html, look, row_of, shared_style
from widgets.core.html import tag, text
from widgets.core.theme import Themed

POWER = 0.05  # step of a logarithmic slider, in powers of ten
SNAP = 0.6 * POWER


class SliderField(Themed):
    """A slider and a number box with the same value.

    value: int when ``step`` is an int, else float. lowest, highest, step: in the unit that ``label`` names.
    log: the slider moves by powers of ten (the number box is linear). help: text below it; note: the same as HTML.
    """

    value = traitlets.Any()
    disabled = Bool(default_value=False)

    def __init__(
        self,
        label: str,
        value: float,
        *,
        lowest: float,
        highest: float,
        step: float,
        help: str = "",  # noqa: A002  (the usual name)
        note: str = "",
        log: bool = False,
        live: bool = True,
    ) -> None:
        super().__init__(**look("poetas", "poetas-slider-field"))
        self.box = NumberBox(label, value, lowest=lowest, highest=highest, step=step)
        whole = self.box.whole
        options = {
            "readout": False,
            "continuous_update": live,
            "style": shared_style(IntSlider),
            **look("poetas-slider"),
        }
        if log:
            self.slider = FloatLogSlider(value=value, min=log10(lowest), max=log10(highest), step=POWER, **options)
        else:
            kind = IntSlider if whole else FloatSlider
            self.slider = kind(value=value, min=lowest, max=highest, step=step, **options)
        row = row_of((self.box, self.slider))
        note = note or (tag("p", text(help)) if help else "")
        self.note = html(note, "soft") if note else None
        self.children = (row,) if self.note is None else (row, self.note)
        self._whole, self._log = whole, log
        self.value = value
        for part in (self.box, self.slider):
            part.observe(self._moved, "value")

    def _moved(self, change: Any) -> None:
        if change.owner is self.slider and self._log and abs(log10(change.new / self.value)) < SNAP:
            return  # the browser rounds a logarithmic slider to its own grid: that is no choice of the learner
        digits = 2 if self._log and change.owner is self.slider else 6  # a logarithmic slider: 0,0002, not 0,000199526
        value = round(change.new) if self._whole else float(f"{change.new:.{digits}g}")
        self.value = min(max(value, self.box.min), self.box.max)

    @observe("value")
    def _show(self, change: Any) -> None:
        for part in (self.box, self.slider):
            if part.value != change.new:
                part.value = change.new

    @observe("disabled")
    def _switch(self, change: Any) -> None:
        self.box.disabled = self.slider.disabled = change.new
