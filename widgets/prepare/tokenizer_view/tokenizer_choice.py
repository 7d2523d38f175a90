"""Which tokenizers are shown side by side: up to three of the models that are here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipywidgets import Checkbox, HBox, VBox
from traitlets import Tuple

from poetas.i18n import _
from widgets.core.html import html, tag, text

MOST = 3


class TokenizerChoice(VBox):
    """A box to tick a model. value: ids of the chosen ones, in the order in which they were chosen."""

    value = Tuple()

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[str, str] = {}
        self.boxes: dict[str, Checkbox] = {}
        self.words = html(tag("p", text(_("Cada modelo tiene su tijera. Compará hasta tres:")), class_="soft"))
        self.row = HBox()
        self.row.add_class("row")
        self.children = (self.words, self.row)
        self.layout.display = "none"

    def offer(self, titles: Mapping[str, str], *, first: str) -> None:
        """FallbackConfig the models that are here; keep what was chosen, begin with ``first``."""
        self.titles = dict(titles)
        kept = [model for model in self.value if model in titles]
        if not kept and titles:
            kept = [first if first in titles else next(iter(titles))]
        self.boxes = {
            model: Checkbox(value=model in kept, description=title, indent=False) for model, title in titles.items()
        }
        for model, box in self.boxes.items():
            box.observe(lambda change, model=model: self._ticked(model, change), "value")
        self.row.children = tuple(self.boxes.values())
        self.layout.display = "" if len(titles) > 1 else "none"
        self.value = tuple(kept)
        self._limit()

    def _ticked(self, model: str, change: Any) -> None:
        others = tuple(one for one in self.value if one != model)
        if not change.new and not others:
            self.boxes[model].value = True  # one of them has to stay
            return
        self.value = (*others, model) if change.new else others
        self._limit()

    def _limit(self) -> None:
        for model, box in self.boxes.items():
            box.disabled = len(self.value) >= MOST and model not in self.value
