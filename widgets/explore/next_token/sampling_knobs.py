"""Sampling knobs: temperature in sight, top-k and top-p behind «Más perillas», with their ranges and glossary links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import Widget

from poetas.i18n import _
from widgets.controls.slider_field import SliderField
from widgets.core.elements import column_of
from widgets.core.html import gloss, tag, text

HOTTEST = 3.0
MOST = 200  # top-k


class SamplingKnobs:
    """Temperature, and two more that `build_more` makes.

    changed: called when a setting changes. place: follows each label where there are two sets, such as "de un lado".
    settings: temperature, top_k, top_p, also while two of them are not built.
    """

    def __init__(self, changed: Callable[[], object], place: str = "", *, temperature: float = 1.0) -> None:
        self._changed = changed
        self.top_k: SliderField | None = None
        self.top_p: SliderField | None = None
        self._place = place
        self.temperature = SliderField(
            self._label(_("Temperatura")), temperature, lowest=0.0, highest=HOTTEST, step=0.05
        )
        self.temperature.observe(lambda _change: changed(), "value")

    @property
    def settings(self) -> dict[str, Any]:
        """The values as `poetas.generation.sampling.GenerationSettings` takes them."""
        return {
            "temperature": self.temperature.value,
            "top_k": 0 if self.top_k is None else self.top_k.value,
            "top_p": 1.0 if self.top_p is None else self.top_p.value,
        }

    def reset(self) -> None:
        """Set every knob to what changes nothing: temperature 1, no cuts."""
        self.temperature.value = 1.0
        if self.top_k is not None and self.top_p is not None:
            self.top_k.value, self.top_p.value = 0, 1.0

    def build_more(self) -> Widget:
        """Make the knobs for top-k and top-p."""
        words = _("de 1, solo la favorita, a 200. Con 0 no deja a nadie afuera.")
        self.top_k = self._knob("top-k", words, 0, lowest=0, highest=MOST, step=1)
        words = _("de 0,05, las que juntan el 5 % de las apuestas, a 1, todas. Con 0,9 se va la cola.")
        self.top_p = self._knob("top-p", words, 1.0, lowest=0.05, highest=1.0, step=0.05)
        return column_of((self.top_k, self.top_p), "stack")

    def _label(self, name: str) -> str:
        return f"{name} {self._place}".strip()

    def _knob(self, term: str, words: str, value: float, *, lowest: float, highest: float, step: float) -> SliderField:
        note = tag("p", gloss(term) + text(": " + words))
        knob = SliderField(self._label(term), value, lowest=lowest, highest=highest, step=step, note=note)
        knob.observe(lambda _change: self._changed(), "value")
        return knob


def temperature_html() -> str:
    """Return the sentence about the temperature: what it is, and its range."""
    words = _("de 0, gana siempre la favorita, a 3, sale casi cualquiera. En 1, las apuestas tal cual.")
    return tag("p", gloss("temperatura") + text(": " + words), class_="soft")
