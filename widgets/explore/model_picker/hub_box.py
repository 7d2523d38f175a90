"""Text box for the name of a model of the Hub, with a button; Enter counts as a click on it."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import HBox, Text

from poetas.i18n import _
from widgets.core.elements import look, make_button
from widgets.core.event_guards import on_click, on_enter


class HubBox(HBox):
    """ask: called by the button and by Enter. edited: called with each key."""

    def __init__(self, *, ask: Callable[[], None], edited: Callable[[], None]) -> None:
        # Updated with each key: ipywidgets reports Enter before the text that was typed last.
        self.box = Text(description=_("Otro de Hugging Face"), placeholder=_("dueño/nombre"))
        self.box.observe(lambda _change: edited(), "value")
        self.search = make_button(_("Averiguar"))
        on_click(self.search, ask)
        on_enter(self.box, self.search)
        super().__init__((self.box, self.search), **look("row"))

    @property
    def name(self) -> str:
        """The typed name."""
        return str(self.box.value)
