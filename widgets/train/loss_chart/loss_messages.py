"""Sentences of a loss chart: the loss as a number of tokens, why the line zigzags, what to do when it rises.

A loss of L nats is that of choosing blindly between exp(L) equally likely tokens (the perplexity).
"""

from __future__ import annotations

import math

from poetas.i18n import _, number
from poetas.training.loss_curve import Curve
from poetas.training.loss_trend import Trend
from poetas.training.parameter_docs import parameter_doc
from widgets.core.html import tag, text

MOST = 1e5  # tokens: a worse loss than that of choosing blindly says no more
FEW = 3  # tokens: below, a whole number would hide every change


def tokens(loss: float) -> str:
    r"""Write a loss as the number of tokens that the model hesitates between, exp(loss).

    >>> tokens(1.6), tokens(9.0), tokens(0.9), tokens(0.3)
    ('5', '8.103', '2,5', '1 y 2')
    """
    count = min(math.exp(min(loss, math.log(MOST))), MOST)
    if count < FEW / 2:
        return _("1 y 2")
    return number(count, 1 if count < FEW else 0)


def hesitation(curve: Curve) -> str:
    """Say between how many tokens the model hesitates, and between how many at first; "" before the first loss."""
    now, beginning = curve.now, curve.beginning
    if now is None or beginning is None:
        return ""
    first, last = tokens(beginning), tokens(now)
    if len(curve.validation()[0]) <= 1 or first == last:
        words = _("Al elegir cada pedacito, es como si dudara entre {n}.")
        return words.format(n=last)
    return _("Ante textos que no estudia, ahora duda entre {n} pedacitos; antes, entre {m}.").format(n=last, m=first)


def zigzag() -> str:
    """Draw why the line zigzags, folded."""
    words = _(
        "Cada punto es una tanda: los textos que miró antes de corregirse. Hay tandas de textos fáciles y de textos "
        "difíciles. La línea es el promedio de los últimos puntos: mirá si baja ella, no cada punto."
    )
    return tag("details", tag("summary", text(_("¿Por qué zigzaguea?"))) + tag("p", text(words)), class_="poetas-whole")


def advice(curve: Curve, trend: Trend, *, running: bool) -> str:
    """Say what two rising lines mean, and what helps; "" where nothing rises."""
    knob = parameter_doc("learning_rate").label
    if trend is Trend.MEMORISING:
        words = _(
            "La línea del simulacro sube y la otra no: se está aprendiendo el cuaderno de memoria. "
            "Queda guardado el mejor punto."
        )
        offer = _("Detenerlo no pierde nada.")
    elif trend is Trend.STEP_TOO_LARGE:
        words = _("Las dos líneas suben: el paso es demasiado grande, y se pasa de largo.")
        if not len(curve.validation()[0]):
            words = _("La pérdida sube: el paso es demasiado grande, y se pasa de largo.")
        offer = _("Detenelo y bajá la perilla «{knob}».").format(knob=knob)
    else:
        return ""
    again = ""
    if trend is Trend.STEP_TOO_LARGE:
        again = _("Para otra vez: bajá la perilla «{knob}».").format(knob=knob)
    return f"{words} {offer if running else again}".strip()
