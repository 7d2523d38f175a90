"""Prompt for a prediction before a result is revealed: the learner writes one or skips it.

Its title is «Adiviná antes de mirar».
"""

from __future__ import annotations

import re

from ipywidgets import Text
from traitlets import Bool, Unicode

from poetas.i18n import _
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.theme import Themed


class PredictionPrompt(Themed):
    """A question, a box for the prediction, and «Mostrame» to go on without one.

    value: the prediction, "" when there is none. revealed: True once it was given or skipped.
    counts: the prediction is a count, so that text without a digit does not reveal yet.
    """

    value = Unicode()
    revealed = Bool(default_value=False)

    def __init__(self, question: str, *, counts: bool = False) -> None:
        super().__init__(**look("poetas", "guess"))
        self._counts = counts
        self.question = html("")
        self.box = Text(description=_("Tu apuesta"), continuous_update=False, placeholder=self._example())
        self.submit = make_button(_("Apostar"), kind="primary")
        self.show_me = make_button(_("Mostrame"))
        on_click(self.submit, self._submit)
        on_click(self.show_me, self.skip)
        if hasattr(self.box, "on_submit"):  # Enter counts as a click, in ipywidgets 7 and 8
            self.box.observe(lambda change: self._submit() if change.new.strip() else None, "value")
        self._row = row_of((self.box, self.submit, self.show_me))
        self.hint = html("")
        self.children = (self.question, self._row, self.hint)
        self.ask(question)

    def ask(self, question: str) -> None:
        """Ask a question: clear the prediction and show the box."""
        self.question.value = tag("p", tag("b", text(_("Adiviná antes de mirar:"))) + " " + text(question))
        self.box.value = ""
        self.value = ""
        self.hint.value = ""
        self.revealed = False
        show(self._row, True)
        show(self, True)

    def reopen(self) -> None:
        """Show the box again with the same prediction: the result could not be fetched."""
        self.revealed = False
        show(self._row, True)
        show(self, True)

    def again(self) -> None:
        """Reveal again with the same prediction."""
        self._reveal(self.value)

    def skip(self) -> None:
        """Reveal without a prediction."""
        self._reveal("")

    def _example(self) -> str:
        return _("un número") if self._counts else _("una palabra")

    def _submit(self) -> None:
        """Reveal with the typed prediction; without one, ask for it: going on without is the other button's."""
        prediction = self.box.value.strip()
        if re.search(r"\d", prediction) if self._counts else prediction:
            self._reveal(prediction)
            return
        if prediction:
            hint = _("Escribí tu apuesta con cifras, como 12, o tocá «{button}».")
        else:
            hint = _("Escribí tu apuesta en el recuadro, o tocá «{button}».")
        hint = hint.format(button=self.show_me.description)
        self.hint.value = tag("p", text(hint), class_="soft", role="status")

    def _reveal(self, prediction: str) -> None:
        if self.revealed:
            return
        self.hint.value = ""
        self.value = prediction.strip()
        show(self._row, False)
        show(self, False)
        self.revealed = True  # last: an observer may reopen it at once
