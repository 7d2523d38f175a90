"""Context window of the next-token chart: a slider over how many last tokens are read, and the bars of each window."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ipywidgets import Widget

from poetas.generation.generation_client import ContextWindowsAnswer
from poetas.i18n import _, ngettext, number, percent
from poetas.services.call import Call
from poetas.tokens.token_display import visible
from poetas.util.excerpt import shortened_start
from widgets.controls.bar_list.bar_list import BarList, share_phrase
from widgets.controls.slider_field import SliderField
from widgets.core.elements import column_of, html
from widgets.core.html import tag, text
from widgets.explore.next_token.chart_probe import ChartProbe
from widgets.explore.next_token.next_token_bars import token_bar
from widgets.explore.next_token.token_html import word

UNSEEN = 60  # characters of what is out of sight that a sentence quotes


class ContextWindow(ChartProbe):
    """The chart's bars where the model reads only the last tokens of the text.

    The service computes all windows at once; moving the slider draws, and asks nothing. size: tokens that are read now.
    """

    def label(self) -> str:
        """Label of the button."""
        return _("Probar con este comienzo")

    def build_result(self) -> Sequence[Widget]:
        """Make the slider's place, the text and the bars."""
        self._answer: ContextWindowsAnswer | None = None
        self.slider: SliderField | None = None
        self._place = column_of(())
        self.pieces = html("")
        self.bars = BarList(_("Las apuestas con esa ventana"))
        self.sentence = html("")
        return (self._place, self.pieces, self.sentence, self.bars)

    @property
    def size(self) -> int:
        """How many of the last tokens the model reads."""
        return int(self.slider.value) if self.slider is not None else 0

    def question(self) -> Call[Any, ContextWindowsAnswer]:
        """Ask for the bets of every window."""
        return self.context.services.generation.context_windows(self.context.model, self.chart.value)

    def draw_answer(self, answer: ContextWindowsAnswer) -> None:
        """Put the slider at the widest window and draw that."""
        self._answer = answer
        widest = len(answer["sizes"])
        if not widest:
            self.slider, self._place.children = None, ()
            self.pieces.value = tag("p", text(_("Tu comienzo está vacío: no hay nada que achicar.")), class_="soft")
            self.sentence.value = ""
            self.bars.draw([])
            return
        words = _("De 1, el último, a {n}. Movela hacia la izquierda y el modelo va a ir olvidando el comienzo.")
        self.slider = SliderField(
            _("Pedacitos que lee"),
            widest,
            lowest=1,
            highest=max(2, widest),
            step=1,
            help=words.format(n=number(widest)),
        )
        self.slider.observe(lambda _change: self.draw(), "value")
        self._place.children = (self.slider,)
        self.draw()

    def draw(self) -> None:
        """Draw the window that the slider now says."""
        answer = self._answer
        if answer is None or not len(answer["sizes"]):
            return
        row = min(self.size, len(answer["sizes"])) - 1
        read, tokens = row + 1, answer["prompt_pieces"]
        gone, seen = tokens[: len(tokens) - read], tokens[len(tokens) - read :]
        self.pieces.value = _window_html(gone[-_DRAWN:], seen)
        self.bars.draw(
            [
                token_bar(piece, float(share))
                for piece, share in zip(answer["pieces"][row], answer["shares"][row], strict=True)
            ]
        )
        self.sentence.value = tag("p", text(self._said(answer, gone, row)), role="status")

    @staticmethod
    def _said(answer: ContextWindowsAnswer, gone: Sequence[str], row: int) -> str:
        """Say what is out of sight, and what became of the favourite."""
        favourite, share = answer["pieces"][row][0], float(answer["shares"][row][0])
        if not gone and not answer["truncated"]:
            words = _("Ve todo tu comienzo. Su favorita es «{word}», con {share}.")
            return words.format(word=word(favourite), share=share_phrase(share))
        unseen = "".join(gone).strip()
        words = ngettext("Ve el último pedacito.", "Ve los últimos {n} pedacitos.", row + 1).format(n=number(row + 1))
        if unseen:
            words += " " + _("Ya no puede ver «{text}».").format(text=shortened_start(unseen, UNSEEN))
        if answer["truncated"]:
            words += " " + _("De tu texto largo, tampoco lo que está más atrás.")
        whole, whole_share = answer["pieces"][-1][0], float(answer["shares"][-1][0])
        if favourite == whole:
            same = _("La favorita sigue siendo «{word}»: pasó de {before} a {after}.")
            return words + " " + same.format(word=word(whole), before=percent(whole_share), after=percent(share))
        other = _("La favorita ya no es «{old}»: ahora es «{new}», con {share}.")
        old, new = word(whole), word(favourite)
        if old == new:  # the same word, with and without a blank
            old, new = visible(whole), visible(favourite)
        return words + " " + other.format(old=old, new=new, share=share_phrase(share))


_DRAWN = 60  # tokens out of sight that are drawn


def _window_html(gone: Sequence[str], seen: Sequence[str]) -> str:
    spans = "".join(tag("span", text(visible(piece)), class_="cut") for piece in gone)
    spans += "".join(tag("span", text(visible(piece))) for piece in seen)
    words = _("Lo que lee: {seen}.").format(seen=" | ".join(seen))
    if gone:
        words += " " + _("Lo que ya no ve: {gone}.").format(gone=" | ".join(gone))
    return tag("div", spans, class_="tok", role="img", aria_label=words)
