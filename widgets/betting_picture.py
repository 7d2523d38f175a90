"""The one picture of app 1: a text goes in, bets come out, one is written, and it all starts again."""

from __future__ import annotations

from ipywidgets import HTML

from poetas.i18n import _
from widgets.markup import tag, text

# Lengths of the drawn bets, in hundredths of the widest: an illustration, not a model's result.
_BETS = (100, 52, 30)


class BettingPicture(HTML):
    """A drawing of the loop that every language model repeats; its words are an illustration and say so."""

    def __init__(self) -> None:
        words = (_("lluvia"), _("noche"), _("luna"))
        rows = "".join(
            f'<g class="bet{" won" if place == 0 else ""}" transform="translate(452 {58 + 42 * place})">'
            f'<rect width="{1.5 * length:.0f}" height="28" rx="6"/>'
            f'<text x="{1.5 * length + 10:.0f}" y="20">{text(word)}</text></g>'
            for place, (length, word) in enumerate(zip(_BETS, words, strict=True))
        )
        drawing = f"""
<svg viewBox="0 0 760 268" role="img" aria-labelledby="poetas-loop-title" preserveAspectRatio="xMidYMid meet">
<title id="poetas-loop-title">{text(_("El texto entra al modelo, el modelo reparte sus apuestas, una se agrega al texto y todo empieza de nuevo."))}</title>
<defs><marker id="poetas-tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0L10 5L0 10z"/></marker></defs>
<g class="sheet"><rect x="8" y="66" width="176" height="92" rx="12"/>
<text x="96" y="106">{text(_("Esta tarde"))}</text><text x="96" y="134">{text(_("cae la…"))}</text></g>
<g class="model"><rect x="262" y="66" width="126" height="92" rx="46"/><text x="325" y="119">{text(_("modelo"))}</text></g>
{rows}
<path class="way" d="M190 112H254" marker-end="url(#poetas-tip)"/>
<path class="way" d="M394 112H444" marker-end="url(#poetas-tip)"/>
<path class="way back" d="M528 186C528 246 96 246 96 168" marker-end="url(#poetas-tip)"/>
<text class="say" x="312" y="256">{text(_("se escribe una, y vuelta a empezar"))}</text>
<text class="head" x="96" y="40">{text(_("un comienzo"))}</text>
<text class="head" x="325" y="40">{text(_("millones de números"))}</text>
<text class="head" x="560" y="40">{text(_("sus apuestas"))}</text>
</svg>"""
        caption = tag(
            "p",
            text(_("Un dibujo, no un resultado: las apuestas de verdad las vas a ver más abajo.")),
            class_="soft small",
        )
        super().__init__(tag("div", drawing + caption, class_="loop"))
        self.add_class("poetas")
