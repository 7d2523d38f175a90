"""Held-out loss: mean cross-entropy, in nats a token, of texts of a style that the model did not learn from."""

from __future__ import annotations

from statistics import fmean

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleMetric
from poetas.evaluation.verdict_kind import VerdictKind, behind, too_few
from poetas.i18n import _, number, signed


def _headline(kind: VerdictKind, difference: Interval) -> str:
    match kind:
        case VerdictKind.IMPROVED:
            return _("Sí, mejoró: los textos del examen lo sorprenden menos.")
        case VerdictKind.MIXED:
            return _("Sí y no: los textos del examen lo sorprenden menos, pero no todo lo que escribe mejoró.")
        case VerdictKind.WORSE:
            return _("No, empeoró: los textos del examen lo sorprenden más que antes del ajuste.")
        case VerdictKind.TOO_FEW:
            return too_few(difference.n)
        case _:
            return _unproven(difference)


def _unproven(difference: Interval) -> str:
    """Return what an interval with zero in it says; the interval itself is in the fold, with `_sentences`."""
    low, high = difference.low or 0.0, difference.high or 0.0
    if low == high == 0:
        return _("No cambió: los textos del examen lo sorprenden lo mismo que antes del ajuste.")
    if behind(difference.negated(), 2):
        sentence = _("No se nota que haya mejorado: estos {n} textos lo sorprenden algo más; otros, quizá menos.")
    else:
        sentence = _("No se sabe si mejoró: lo que cambió con estos {n} textos puede ser suerte.")
    return sentence.format(n=number(difference.n))


def _sentences(loss: StyleComparison) -> tuple[str, ...]:
    sentence = _("En textos que no había visto, su pérdida pasó de {base} a {tuned} ({difference}).")
    difference = loss.difference
    change = signed(loss.tuned - loss.base if difference is None else difference.mean, 2)
    if difference is not None and difference.low is not None and difference.high is not None:
        change = _("{difference}; entre {low} y {high}").format(
            difference=change, low=signed(difference.low, 2), high=signed(difference.high, 2)
        )
    return (sentence.format(base=number(loss.base, 2), tuned=number(loss.tuned, 2), difference=change),)


STYLE_METRIC = StyleMetric(
    key="loss",
    title=lambda: _("Pérdida"),
    reading=lambda: _("la pérdida, cuanto más baja, mejor"),
    values=lambda writing: writing.losses,
    combine=fmean,
    shown=lambda value: number(value, 2),
    direction=Direction.LOWER,
    on_people=False,
    compared=True,
    plot=lambda: _("Pérdida: cuánto lo sorprenden los textos del examen"),
    unit=lambda: _("de pérdida"),
    sentences=_sentences,
    decides=True,
    headline=_headline,
    limits=lambda: _("La pérdida mide sorpresa, no belleza: para eso, leelo."),
)
