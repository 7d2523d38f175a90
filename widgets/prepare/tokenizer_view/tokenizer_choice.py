"""Checkboxes of the tokenizers to show side by side: up to three of the models on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipywidgets import Checkbox, VBox
from traitlets import Tuple

from poetas.i18n import _, number
from widgets.core.elements import html, row_of, show
from widgets.core.html import tag, text

MAX_CHOSEN = 3


class TokenizerChoice(VBox):
    """One checkbox per model. value: ids of the chosen ones, in the order in which they were chosen."""

    value = Tuple()

    def __init__(self) -> None:
        super().__init__()
        self.titles: dict[str, str] = {}
        self.boxes: dict[str, Checkbox] = {}
        self.message = html("")
        self.row = row_of(())
        self.children = (self.message, self.row)
        show(self, False)

    def offer(self, titles: Mapping[str, str], *, first: str) -> None:
        """Offer these models; keep what was chosen, else choose ``first``."""
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
        words = _("Cada modelo tiene su tijera. Compará las dos:")
        if len(titles) > 2:  # noqa: PLR2004 - more than a pair
            words = _("Cada modelo tiene su tijera. Compará hasta {n}:").format(n=number(MAX_CHOSEN))
        self.message.value = tag("p", text(words), class_="soft")
        show(self, len(titles) > 1)
        self.value = tuple(kept)
        self._limit()

    def _ticked(self, model: str, change: Any) -> None:
        others = tuple(other for other in self.value if other != model)
        if not change.new and not others:
            self.boxes[model].value = True  # at least one stays chosen
            return
        self.value = (*others, model) if change.new else others
        self._limit()

    def _limit(self) -> None:
        for model, box in self.boxes.items():
            box.disabled = len(self.value) >= MAX_CHOSEN and model not in self.value
