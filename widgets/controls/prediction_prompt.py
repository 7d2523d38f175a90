"""«Adiviná antes de mirar»: the learner writes a guess, or asks to be shown, before anything is revealed."""

from __future__ import annotations

import re

from ipywidgets import Button, HBox, Text
from traitlets import Bool, Unicode

from poetas.i18n import _
from widgets.core.html import html, tag, text
from widgets.core.theme import Themed


class PredictionPrompt(Themed):
    """A question, a box for the guess, and «Mostrame» for those who would rather not guess.

    value: the guess, "" when there is none. revealed: True once guessed or asked to be shown.
    counts: the guess is how many, so that words without a figure are no bet yet.
    """

    value = Unicode()
    revealed = Bool(default_value=False)

    def __init__(self, question: str, *, counts: bool = False) -> None:
        super().__init__()
        self._counts = counts
        self.add_class("poetas")
        self.add_class("guess")
        self.question = html("")
        self.box = Text(description=_("Tu apuesta"), continuous_update=False, placeholder=self._example())
        self.tell = Button(description=_("Apostar"), button_style="primary")
        self.show_me = Button(description=_("Mostrame"))
        self.tell.on_click(lambda _button: self._tell())
        self.show_me.on_click(lambda _button: self.skip())
        if hasattr(self.box, "on_submit"):  # Enter counts as a click, in ipywidgets 7 and 8
            self.box.observe(lambda change: self._tell() if change.new.strip() else None, "value")
        self._row = HBox((self.box, self.tell, self.show_me))
        self._row.add_class("row")
        self.hint = html("")
        self.children = (self.question, self._row, self.hint)
        self.ask(question)

    def ask(self, question: str) -> None:
        """Start again with a question."""
        self.question.value = tag("p", tag("b", text(_("Adiviná antes de mirar:"))) + " " + text(question))
        self.box.value = ""
        self.value = ""
        self.hint.value = ""
        self.revealed = False
        self._row.layout.display = ""
        self.layout.display = ""

    def reopen(self) -> None:
        """Invite the guess again, as it stands: what it was to reveal could not be had."""
        self.revealed = False
        self._row.layout.display = ""
        self.layout.display = ""

    def again(self) -> None:
        """Reveal with the guess as it stands, once more."""
        self._reveal(self.value)

    def skip(self) -> None:
        """Go on without a guess."""
        self._reveal("")

    def _example(self) -> str:
        return _("un número") if self._counts else _("una palabra")

    def _tell(self) -> None:
        """Reveal with what is written; without a word there is no bet, and going on is the other button's."""
        bet = self.box.value.strip()
        if re.search(r"\d", bet) if self._counts else bet:
            self._reveal(bet)
            return
        if bet:
            words = _("Escribí tu apuesta con cifras, como 12, o tocá «{button}».")
        else:
            words = _("Escribí tu apuesta en el recuadro, o tocá «{button}».")
        words = words.format(button=self.show_me.description)
        self.hint.value = tag("p", text(words), class_="soft", role="status")

    def _reveal(self, guess: str) -> None:
        if self.revealed:
            return
        self.hint.value = ""
        self.value = guess.strip()
        self._row.layout.display = "none"
        self.layout.display = "none"
        self.revealed = True  # last: whoever listens may open it again at once
