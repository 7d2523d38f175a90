"""Preview of a truncation length: number of texts cut, share of words lost, and one of those texts at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from ipywidgets import VBox

from poetas.data.service.answers import CutAnswer
from poetas.i18n import _, ngettext, number, percent_phrase
from widgets.controls.previews import xray
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest

Ask = Callable[[int, int, Callable[[CutAnswer], None]], None]


class TruncationPreview(VBox):
    """Drawn by `show`. ask: called with a text's index, the cut and a callback for the answer; None without texts.

    answered: called with each answer, and with None where nothing is cut.

    >>> preview = TruncationPreview(None); preview.show(np.array([3, 900]), 512)
    >>> "Se corta 1 de 2 textos" in preview.message.value
    True
    """

    def __init__(self, ask: Ask | None, answered: Callable[[CutAnswer | None], object] | None = None) -> None:
        self._ask, self._answered = ask, answered
        self._lengths, self._longest = np.zeros(0, dtype=np.int64), 0
        self._requests, self._index = LatestRequest(), 0
        self.message = html("")
        self.xray = html("")
        self.before = make_button(_("El anterior"))
        self.after = make_button(_("Otro texto"))
        on_click(self.before, partial(self._step, -1))
        on_click(self.after, partial(self._step, 1))
        self.steps = row_of((self.before, self.after))
        super().__init__((self.message, self.xray, self.steps), **look("stack"))

    def show(self, lengths: np.ndarray, longest: int) -> None:
        """Show what a cut at ``longest`` tokens costs texts of these lengths, int64[n]."""
        self._lengths, self._longest, self._index = lengths, longest, 0
        self._draw()

    def _step(self, by: int) -> None:
        self._index += by
        self._draw()

    def _draw(self) -> None:
        """Ask for the cost of the cut and for one of the texts that it cuts; the newest request counts."""
        request = self._requests.begin()
        cut_texts = np.flatnonzero(self._lengths > self._longest)
        show(self.steps, self._ask is not None and len(cut_texts) > 1)
        if not len(cut_texts):
            self._show_uncut()
            self._tell(None)
        elif self._ask is None:
            self.message.value = _care(tag("b", text(self._count_sentence(len(cut_texts)))))
        else:
            done = request.only(partial(self._show_cost, len(cut_texts)))
            self._ask(int(cut_texts[self._index % len(cut_texts)]), self._longest, done)

    def _show_uncut(self) -> None:
        count = len(self._lengths)
        whole = ngettext("Tu texto entra entero.", "Tus {n} textos entran enteros.", count)
        words = text(f"{whole.format(n=number(count))} {_('No se pierde ni una palabra.')}")
        self.message.value = tag("p", words, class_="verdict", role="status")
        self.xray.value = ""

    def _count_sentence(self, cut_texts: int) -> str:
        if len(self._lengths) == 1:
            return _("Tu texto se corta.")
        sentence = ngettext("Se corta {n} de {all} textos.", "Se cortan {n} de {all} textos.", cut_texts)
        return sentence.format(n=number(cut_texts), all=number(len(self._lengths)))

    def _show_cost(self, cut_texts: int, answer: CutAnswer) -> None:
        share = percent_phrase(answer["words_lost"] / max(1, answer["words"]), 1)
        lost = _("El modelo nunca va a leer {share} de las palabras.").format(share=share)
        self._tell(answer)
        self.message.value = _care(tag("b", text(self._count_sentence(cut_texts))) + " " + text(lost))
        self.xray.value = xray(answer["kept"], answer["lost"], int(answer["tokens"]))

    def _tell(self, answer: CutAnswer | None) -> None:
        if self._answered is not None:
            self._answered(answer)


def _care(words: str) -> str:
    return tag("p", words, class_="notice care", role="status")
