"""Verdict on a model that learnt a style, from the registry's style metrics.

The one that decides gives the kind and the headline; each metric says its sentences, and may add a warning to the
headline (the model recites).
"""

from __future__ import annotations

from collections.abc import Mapping

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import STYLE_DECISIVE, STYLE_METRICS
from poetas.evaluation.metrics.style_metric import StyleComparison
from poetas.evaluation.systems import BASE
from poetas.evaluation.verdict import FEW, Verdict, VerdictKind
from poetas.i18n import _


def style_verdict(compared: Mapping[str, StyleComparison]) -> Verdict:
    """Judge a style. compared: each style metric's values, by its key. Raises ValueError without those that decide.

    >>> compared = {
    ...     "loss": StyleComparison(4.0, 3.5, None, Interval(-0.5, -0.6, -0.4, 30)),
    ...     "copied": StyleComparison(3, 12, 4),
    ...     "repetition": StyleComparison(0.0, 0.0, 0.0),
    ... }
    >>> print(style_verdict(compared).headline)
    Mejoró: tus textos lo sorprenden menos. Pero a veces recita los textos con los que aprendió.
    """
    difference = compared[STYLE_DECISIVE.key].difference
    if difference is None:
        raise ValueError("a verdict on a style compares with the base model")
    kind = _kind(difference)
    measured = [(metric, compared[metric.key]) for metric in STYLE_METRICS]
    first = [STYLE_DECISIVE.headline(kind, difference), *(metric.warning(values) for metric, values in measured)]
    sentences = [sentence for metric, values in measured for sentence in metric.sentences(values)]
    base = (BASE,)
    return Verdict(
        kind=kind,
        headline=" ".join(part for part in first if part),
        sentences=(*sentences, _caution(difference)),
        beaten=base if kind is VerdictKind.IMPROVED else (),
        not_beaten=base if kind is VerdictKind.WORSE else (),
        unclear=base if kind in {VerdictKind.UNCLEAR, VerdictKind.TOO_FEW} else (),
        n=difference.n,
    )


def _kind(difference: Interval) -> VerdictKind:
    if difference.n < FEW:
        return VerdictKind.TOO_FEW
    gain = difference.negated() if STYLE_DECISIVE.direction is Direction.LOWER else difference
    if gain.above:
        return VerdictKind.IMPROVED
    return VerdictKind.WORSE if gain.below else VerdictKind.UNCLEAR


def _caution(difference: Interval) -> str:
    limits = STYLE_DECISIVE.limits()
    if difference.n < FEW:
        return _("Con menos de {few} textos, ni el intervalo es de fiar.").format(few=FEW) + f" {limits}"
    return limits
