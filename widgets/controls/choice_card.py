"""One thing to choose among several, as a card: what it is, and one button; the chosen one says so."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Button, VBox

from poetas.i18n import _
from widgets.core.html import html, tag, text


class ChoiceCard(VBox):
    """A title, a few sentences and a button; ``words`` is HTML. level: of the heading."""

    def __init__(self, title: str, words: str, *, verb: str, pick: Callable[[], None], level: int = 3) -> None:
        super().__init__()
        self._heading = f"h{level}"
        self._title, self._inner = title, words
        self.words = html("")
        self.button = Button(description=verb)
        self.button.on_click(lambda _button: pick())
        self.children = (self.words, self.button)
        self.add_class("card")
        self.add_class("poetas-choice")
        self.mark()

    def tell(self, words: str) -> None:
        """Say what it is anew; the next `mark` draws it."""
        self._inner = words

    def mark(self, *, chosen: bool = False, main: bool = False, busy: bool = False) -> ChoiceCard:
        """Say how things are: in use (then there is nothing to click), the way to begin with, or not now."""
        head = tag(self._heading, text(self._title))
        if chosen:
            head += tag("span", text(_("en uso")), class_="chip good")
        self.words.value = head + self._inner
        self.button.layout.display = "none" if chosen else ""
        self.button.disabled = busy
        self.button.button_style = "primary" if main and not chosen else ""
        if chosen:
            self.add_class("chosen")
        else:
            self.remove_class("chosen")
        return self
