"""A box for the name of a model of the Hub, and the button beside it; Enter is a click on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ipywidgets import Button, HBox, Text

from poetas.i18n import _


class HubBox(HBox):
    """ask: called by the button and by Enter. edited: called with each key, since what was told is of another name."""

    def __init__(self, *, ask: Callable[[], None], edited: Callable[[], None]) -> None:
        self._ask = ask
        # Each key tells: ipywidgets says that Enter was pressed before it says what was typed last.
        self.box = Text(description=_("Otro de Hugging Face"), placeholder=_("dueño/nombre"))
        self.box.observe(lambda _change: edited(), "value")
        self.box.on_msg(self._heard)
        self.look = Button(description=_("Averiguar"))
        self.look.on_click(lambda _button: ask())
        super().__init__((self.box, self.look))
        self.add_class("row")

    @property
    def name(self) -> str:
        """What is typed."""
        return str(self.box.value)

    def _heard(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("event") == "submit" and not self.look.disabled:
            self._ask()
