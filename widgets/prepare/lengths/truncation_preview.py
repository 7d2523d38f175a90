"""What a cut costs: the texts that it touches, the words that are lost, and one of those texts at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from ipywidgets import Button, HBox, VBox

from poetas.data.service.answers import CutAnswer
from poetas.i18n import _, ngettext, number, percent_phrase
from widgets.controls.previews import xray
from widgets.core.html import html, tag, text
from widgets.core.tasks import LatestRequest

Ask = Callable[[int, int, Callable[[CutAnswer], None]], None]


class TruncationPreview(VBox):
    """Show it with `look`. ask: takes a text's index, the cut, and who is told the answer; None without the texts.

    >>> preview = TruncationPreview(None); preview.look(np.array([3, 900]), 512)
    >>> "Se corta 1 de 2 textos" in preview.words.value
    True
    """

    def __init__(self, ask: Ask | None) -> None:
        self._ask = ask
        self._lengths, self._longest = np.zeros(0, dtype=np.int64), 0
        self._requests, self._place = LatestRequest(), 0
        self.words = html("")
        self.xray = html("")
        self.before = Button(description=_("El anterior"))
        self.after = Button(description=_("Otro texto"))
        self.before.on_click(lambda _button: self._step(-1))
        self.after.on_click(lambda _button: self._step(1))
        self.steps = HBox((self.before, self.after))
        self.steps.add_class("row")
        super().__init__((self.words, self.xray, self.steps))
        self.add_class("stack")

    def look(self, lengths: np.ndarray, longest: int) -> None:
        """Show what a cut at ``longest`` tokens costs texts of these lengths, int64[n]."""
        self._lengths, self._longest, self._place = lengths, longest, 0
        self._draw()

    def _step(self, by: int) -> None:
        self._place += by
        self._draw()

    def _draw(self) -> None:
        """Ask for the cost of the cut and for one of the texts that it touches; the newest question counts."""
        request = self._requests.begin()
        touched = np.flatnonzero(self._lengths > self._longest)
        self.steps.layout.display = "" if self._ask is not None and len(touched) > 1 else "none"
        if not len(touched):
            self._tell_whole()
        elif self._ask is None:
            self.words.value = _care(tag("b", text(self._many(len(touched)))))
        else:
            done = request.only(partial(self._tell, len(touched)))
            self._ask(int(touched[self._place % len(touched)]), self._longest, done)

    def _tell_whole(self) -> None:
        everyone = len(self._lengths)
        told = ngettext("Tu texto entra entero.", "Tus {n} textos entran enteros.", everyone)
        words = text(f"{told.format(n=number(everyone))} {_('No se pierde ni una palabra.')}")
        self.words.value = tag("p", words, class_="verdict", role="status")
        self.xray.value = ""

    def _many(self, touched: int) -> str:
        if len(self._lengths) == 1:
            return _("Tu texto se corta.")
        told = ngettext("Se corta {n} de {all} textos.", "Se cortan {n} de {all} textos.", touched)
        return told.format(n=number(touched), all=number(len(self._lengths)))

    def _tell(self, touched: int, answer: CutAnswer) -> None:
        share = percent_phrase(answer["words_lost"] / max(1, answer["words"]), 1)
        lost = _("El modelo nunca va a leer {share} de las palabras.").format(share=share)
        self.words.value = _care(tag("b", text(self._many(touched))) + " " + text(lost))
        self.xray.value = xray(answer["kept"], answer["lost"], int(answer["tokens"]))


def _care(words: str) -> str:
    return tag("p", words, class_="notice care", role="status")
