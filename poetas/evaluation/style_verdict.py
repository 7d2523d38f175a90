"""Verdict on a model that learnt a style, from the registry's style metrics.

The one that decides gives the kind and the headline; each metric says its sentences, and may add a warning to the
headline (the model recites), or object to an improvement. A model whose samples collapsed did not improve, whatever
its loss.
"""

from __future__ import annotations

from collections.abc import Mapping

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import STYLE_DECISIVE, STYLE_METRICS
from poetas.evaluation.metrics.style_metric import StyleComparison
from poetas.evaluation.output_faults import Collapse
from poetas.evaluation.systems import BASE
from poetas.evaluation.verdict import FEW, Verdict, VerdictKind
from poetas.i18n import _, number


def style_verdict(
    compared: Mapping[str, StyleComparison],
    *,
    collapse: tuple[Collapse | None, int] = (None, 0),
    before: tuple[Collapse | None, int] = (None, 0),
    samples: int = 0,
) -> Verdict:
    """Judge a style. compared: the values of each style metric that could be measured, by its key.

    collapse: what most of the ``samples`` are, and how many. before: the same of the base. Raises ValueError without
    the values that decide.

    >>> compared = {
    ...     "loss": StyleComparison(4.0, 3.5, None, Interval(-0.5, -0.6, -0.4, 30)),
    ...     "copied": StyleComparison(3, 12, 4),
    ...     "repetition": StyleComparison(0.0, 0.0, 0.0),
    ... }
    >>> print(style_verdict(compared).headline)
    Sí, mejoró: los textos del examen lo sorprenden menos. Pero a veces recita los textos con los que aprendió.
    """
    difference = compared[STYLE_DECISIVE.key].difference
    if difference is None:
        raise ValueError("a verdict on a style compares with the base model")
    kind = by_loss = _kind(difference)
    measured = [(metric, compared[metric.key]) for metric in STYLE_METRICS if metric.key in compared]
    if kind is VerdictKind.IMPROVED and any(metric.objects(values) for metric, values in measured):
        kind = VerdictKind.MIXED
    headline = STYLE_DECISIVE.headline(kind, difference)
    if collapse[0] is not None:
        kind, headline = VerdictKind.COLLAPSED, _collapsed(collapse[0], collapse[1], samples)
    first = [headline, _before(*before, samples, collapse[0]), *(metric.warning(values) for metric, values in measured)]
    sentences = [sentence for metric, values in measured for sentence in metric.sentences(values)]
    base = (BASE,)
    return Verdict(
        kind=kind,
        headline=" ".join(part for part in first if part),
        sentences=(*sentences, _caution(difference)),
        beaten=base if by_loss is VerdictKind.IMPROVED else (),
        not_beaten=base if by_loss is VerdictKind.WORSE else (),
        unclear=base if by_loss in {VerdictKind.UNCLEAR, VerdictKind.TOO_FEW} else (),
        n=difference.n,
    )


def _phrases(collapse: Collapse) -> tuple[str, str]:
    """What is said where most samples of the tuned model are so, and where most of the base's are."""
    match collapse:
        case Collapse.EMPTY:
            return (
                _("No: de {n} comienzos, dejó {k} sin seguir."),
                _("El modelo como vino dejaba {k} de {n} comienzos sin seguir."),
            )
        case Collapse.WORD:
            return (
                _("No: de {n} comienzos, en {k} repite una palabra o dos, una y otra vez."),
                _("El modelo como vino repetía una palabra o dos en {k} de {n} comienzos."),
            )
        case Collapse.MIXED:
            return (
                _("No: de {n} comienzos, en {k} no escribe nada, repite palabras o sigue con lo mismo."),
                _(
                    "El modelo como vino no escribía nada, repetía palabras o seguía con lo mismo en {k} de {n} "
                    "comienzos."
                ),
            )
        case _:
            return (
                _("No: de {n} comienzos, a {k} los sigue con lo mismo, o casi."),
                _("El modelo como vino seguía con lo mismo, o casi, {k} de {n} comienzos."),
            )


def _collapsed(collapse: Collapse, count: int, samples: int) -> str:
    return _phrases(collapse)[0].format(n=number(samples), k=number(count))


def _before(collapse: Collapse | None, count: int, samples: int, after: Collapse | None) -> str:
    """What most samples of the base are, "" where they are of many kinds."""
    if collapse is None:
        return ""
    again = collapse is after
    sentence = _("El modelo como vino hacía lo mismo con {k} de {n}.") if again else _phrases(collapse)[1]
    return sentence.format(k=number(count), n=number(samples))


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
