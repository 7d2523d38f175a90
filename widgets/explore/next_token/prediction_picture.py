"""Picture of the autoregressive loop: text in, next-token probabilities out, one token appended, and again."""

from __future__ import annotations

from ipywidgets import HTML

from poetas.i18n import _
from widgets.core.elements import look
from widgets.core.html import tag, text

# Lengths of the drawn bars, in hundredths: an illustration, not a model's result.
_BARS = (100, 52, 30)
_ARROW = '<svg class="arrow" viewBox="0 0 34 20" aria-hidden="true"><path d="M1 10H30M22 3l9 7-9 7"/></svg>'


class PredictionPicture(HTML):
    """A drawing of the loop that every language model repeats, with made-up tokens, as it says.

    Made of boxes rather than of one image, so that its text keeps its size on a phone.
    """

    def __init__(self) -> None:
        words = (_("lluvia"), _("noche"), _("luna"))
        bets = "".join(
            tag("li", tag("i", "", style=f"width:{length * 0.62:.0f}%") + tag("b", text(word)), class_=mood)
            for word, length, mood in zip(words, _BARS, ("won", "", ""), strict=True)
        )
        boxes = (
            _box(_("un comienzo"), tag("span", text(_("Esta tarde cae la…")), class_="sheet")),
            _box(_("millones de números"), tag("span", text(_("modelo")), class_="engine")),
            _box(_("sus apuestas"), tag("ul", bets)),
        )
        back = tag(
            "p", text(_("Se escribe una de las apuestas al final del comienzo, y vuelta a empezar.")), class_="back"
        )
        note = tag("p", text(_("Un dibujo, no un resultado: las apuestas de verdad las vas a ver más abajo.")))
        super().__init__(
            tag("div", _ARROW.join(boxes), class_="loop") + back + tag("div", note, class_="soft small"),
            **look("poetas"),
        )


def _box(head: str, content: str) -> str:
    return tag("div", tag("small", text(head)) + content)
