"""Card of one option among several: title, description and button; the chosen one is marked."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox

from poetas.i18n import _
from widgets.core.elements import html, look, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text


class ChoiceCard(VBox):
    """A title, a description and a button. description: HTML. verb: the button's label. level: of the heading."""

    def __init__(self, title: str, description: str, *, verb: str, pick: Callable[[], None], level: int = 3) -> None:
        super().__init__(**look("card", "poetas-choice", "whole-face"))
        self._heading = f"h{level}"
        self._title, self._description = title, description
        self.message = html("")
        self.button = make_button(verb)
        on_click(self.button, pick)
        self.children = (self.message, self.button)
        self.mark()

    def describe(self, description: str) -> None:
        """Change the description; the next `mark` draws it."""
        self._description = description

    def mark(self, *, chosen: bool = False, main: bool = False, busy: bool = False) -> ChoiceCard:
        """Draw the state: chosen (no button), main (the recommended option), busy (the button is disabled)."""
        head = tag(self._heading, text(self._title))
        if chosen:
            head += tag("span", text(_("en uso")), class_="chip good")
        self.message.value = head + self._description
        show(self.button, not (chosen))
        self.button.disabled = busy
        self.button.button_style = "primary" if main and not chosen else ""
        if chosen:
            self.add_class("chosen")
        else:
            self.remove_class("chosen")
        return self
