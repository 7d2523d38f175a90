"""Sentences of the verdict on a summariser: headline, one comparison a system, contradictions, limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.fault_words import base_collapsed, care, collapsed, inventing
from poetas.evaluation.output_faults import Collapse, OutputFaults
from poetas.evaluation.systems import BASE, OTHER, action, contracted, joined
from poetas.evaluation.verdict_kind import VerdictKind, behind, too_few
from poetas.i18n import _, listed, ngettext, number, percent, signed


def headline(
    kind: VerdictKind,
    groups: Mapping[str, tuple[str, ...]],
    differences: Mapping[str, Interval],
    *,
    metric: str,
    against: Mapping[str, Collection[str]],
    faults: OutputFaults | None = None,
    before: tuple[Collapse | None, int] = (None, 0),
) -> str:
    """Return the one sentence (or two, or three) that says what came out.

    groups: systems beaten, not_beaten and unclear by ``metric``. differences: the intervals, in points of it. against:
    other scores that contradict, each with the systems that are better by it after all. faults: of the outputs. before:
    what most outputs of the base are, and how many.
    """
    invents = kind is VerdictKind.MIXED and faults is not None and faults.often
    warning = care(faults, counted=invents) if faults is not None else ""
    better = [system for system in groups["not_beaten"] if system != BASE]
    rest = _undecided({system: differences[system] for system in groups["unclear"] if system not in {BASE, OTHER}})
    match kind:
        case VerdictKind.TOO_FEW:
            first, better, rest = too_few(differences[BASE].n), [], []
        case VerdictKind.COLLAPSED:
            first, rest = collapsed(faults) if faults is not None else "", []
        case VerdictKind.IMPROVED if against and not better and not rest:
            sentence = _(
                "Sí, mejoró: en {metric} les gana a todos los puntos de comparación, pero en {others} pierde contra "
                "alguno."
            )
            first = sentence.format(metric=metric, others=listed(list(against)))
        case VerdictKind.IMPROVED:
            first = _improved(better, rest, groups["beaten"], differences)
            rest = rest if better or not rest else rest[1:]
            better = []
        case VerdictKind.MIXED if invents and faults is not None:
            first = inventing(faults)
        case VerdictKind.MIXED if OTHER in differences and OTHER not in groups["beaten"]:
            first = _(
                "Todavía no: cambió, pero no se nota que sus resúmenes se parezcan a los de referencia más que el "
                "resumen de otro texto."
            )
            better = [system for system in better if system != OTHER]
        case VerdictKind.MIXED:
            worse = listed([name for name, systems in against.items() if BASE in systems])
            first = _("Sí y no: mejoró en {metric}, pero empeoró en {others}.").format(metric=metric, others=worse)
        case VerdictKind.WORSE:
            first, rest = _worse(before[0]), []
        case VerdictKind.UNCLEAR:
            first, rest = _unproven(differences[BASE], metric), []
    start = base_collapsed(*before, differences[BASE].n, faults)
    return contracted(" ".join(part for part in (first, start, _still_better(better), *rest, warning) if part))


def _worse(before: Collapse | None) -> str:
    if before is None:
        return _("No, empeoró: antes del ajuste resumía mejor.")
    return _("No: saca menos que el modelo como vino, que tampoco resumía.")


def _unproven(difference: Interval, metric: str) -> str:
    """Return what an interval with zero in it says: how much may have been won, and how much lost.

    >>> _unproven(Interval(1.2, -1.0, 3.4, 500), "ROUGE-1")
    'No se sabe si mejoró: pudo ganar hasta 3,4 puntos de ROUGE-1 o perder hasta 1,0.'
    """
    low, high = difference.low or 0.0, difference.high or 0.0
    if low == high == 0:
        return _("No cambió: en {metric} saca lo mismo que antes del ajuste.").format(metric=metric)
    if behind(difference, 1):
        sentence = _(
            "No se nota que haya mejorado: en estos {n} textos perdió {mean} puntos de {metric}; en otros pudo perder "
            "hasta {low} o ganar hasta {high}."
        )
    else:
        sentence = _("No se sabe si mejoró: pudo ganar hasta {high} puntos de {metric} o perder hasta {low}.")
    return sentence.format(
        n=number(difference.n),
        mean=number(-difference.mean, 1),
        metric=metric,
        low=number(-low, 1),
        high=number(high, 1),
    )


def _still_better(better: Sequence[str]) -> str:
    if not better:
        return ""
    sentence = ngettext("Además, {list} es mejor.", "Además, {list} son mejores.", len(better))
    return sentence.format(list=joined(better))


def _undecided(differences: Mapping[str, Interval]) -> list[str]:
    """Return a sentence on the systems that it is ahead of and one on those that it is behind, none for certain."""
    ahead = [system for system, difference in differences.items() if not behind(difference, 1)]
    others = [system for system in differences if system not in ahead]
    count = max((difference.n for difference in differences.values()), default=0)
    sentences = []
    if ahead:
        sentence = ngettext(
            "Con {n} textos no se sabe si le gana a {list}.",
            "Con {n} textos no se sabe si les gana a {list}.",
            len(ahead),
        )
        sentences.append(sentence.format(n=number(count), list=joined(ahead)))
    if others:
        sentence = ngettext(
            "No se nota que le gane a {list}: en promedio quedó abajo.",
            "No se nota que les gane a {list}: en promedio quedó abajo.",
            len(others),
        )
        sentences.append(sentence.format(list=joined(others)))
    return sentences


def _improved(
    better: Sequence[str], rest: Sequence[str], beaten: Sequence[str], differences: Mapping[str, Interval]
) -> str:
    if better:
        sentence = ngettext(
            "Sí, mejoró, pero {list} sigue siendo mejor.",
            "Sí, mejoró, pero {list} siguen siendo mejores.",
            len(better),
        )
        return sentence.format(list=joined(better))
    if rest:
        return _("Sí, mejoró, pero {sentence}").format(sentence=rest[0][0].lower() + rest[0][1:])
    strongest = strongest_of({system: differences[system] for system in beaten})
    if strongest == BASE:
        return _("Sí, mejoró: le gana a {system}.").format(system=action(BASE))
    return _("Sí, mejoró: le gana a {system}, que era lo más difícil de superar.").format(system=action(strongest))


def strongest_of(differences: Mapping[str, Interval]) -> str:
    """Return the point of comparison that the tuned model is least ahead of; the base only where there is no other.

    >>> strongest_of({"lead1": Interval(9, 6, 12, 44), "lead3": Interval(2, 1, 3, 44), "base": Interval(1, 0, 2, 44)})
    'lead3'
    """
    rivals = [system for system in differences if system not in {BASE, OTHER}]
    return min(rivals, key=lambda system: differences[system].mean, default=BASE)


def unit(metric: str, differences: Mapping[str, Interval]) -> str:
    """Return the sentence before the comparisons: what their points are, and which is the strongest."""
    sentence = _("Comparo texto por texto, en puntos de {metric}, que van de 0 a 100.").format(metric=metric)
    strongest = strongest_of(differences)
    if strongest == BASE:
        return sentence
    return f"{sentence} {_('Lo más difícil de superar es {system}.').format(system=action(strongest))}"


def compared(system: str, difference: Interval, *, few: bool) -> str:
    """Return the sentence that sets the tuned model beside one system, with numbers."""
    points = signed(difference.mean, 1)
    if difference.low is None or difference.high is None:
        return _("Contra {system}: {points} puntos.").format(system=action(system), points=points)
    if few:
        sentence = _("Contra {system}: {points} puntos (entre {low} y {high}). No se sabe.")
    elif difference.above:
        sentence = _("Contra {system}: {points} puntos (entre {low} y {high}). Le gana.")
    elif difference.below:
        sentence = _("Contra {system}: {points} puntos (entre {low} y {high}). Pierde.")
    elif behind(difference, 1):
        sentence = _("Contra {system}: {points} puntos (entre {low} y {high}). No se nota que le gane.")
    else:
        sentence = _("Contra {system}: {points} puntos (entre {low} y {high}). No se sabe si le gana.")
    low, high = signed(difference.low, 1), signed(difference.high, 1)
    return sentence.format(system=action(system), points=points, low=low, high=high)


def caution(difference: Interval, limits: str) -> str:
    """Return what the numbers cannot tell. limits: what the score that decides does not see."""
    if difference.low is None:
        return limits
    intervals = _("Los intervalos son del {confidence} de confianza.").format(confidence=percent(difference.confidence))
    return f"{intervals} {limits}".rstrip()


def contradiction(metric: str, better: Mapping[str, Interval]) -> str:
    """Return the sentence that lets another score speak against the verdict."""
    phrases = [
        _("{system} ({points} puntos; entre {low} y {high})").format(
            system=action(system),
            points=signed(interval.mean, 1),
            low=signed(interval.low or 0.0, 1),
            high=signed(interval.high or 0.0, 1),
        )
        for system, interval in better.items()
    ]
    sentence = _("Otra medida, {metric}, no coincide: ahí el ajustado pierde contra {list}.")
    return contracted(sentence.format(metric=metric, list=_("; y contra ").join(phrases)))
