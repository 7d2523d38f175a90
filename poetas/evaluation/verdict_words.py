"""The sentences of a verdict."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.systems import BASE, action, contracted, joined, listed
from poetas.i18n import _, ngettext, number, percent, signed

FEW = 10  # texts: below, an interval itself says too little
MANY = 100  # texts: from here on, "too few to tell" would be an excuse


class VerdictKind(StrEnum):
    """How the tuned model did against its own base. MIXED: better in the score that decides, worse in another."""

    IMPROVED = "improved"
    MIXED = "mixed"
    WORSE = "worse"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"


def headline(
    kind: VerdictKind,
    groups: Mapping[str, tuple[str, ...]],
    count: int,
    *,
    metric: str,
    against: Mapping[str, Collection[str]],
) -> str:
    """Return the one sentence (or two, or three) that says what came out.

    groups: systems beaten, not_beaten and unclear by ``metric``. against: other scores that contradict, each with the
    systems that are better by it after all.
    """
    better = [system for system in groups["not_beaten"] if system != BASE]
    unclear = [system for system in groups["unclear"] if system != BASE]
    texts = ngettext("{n} texto", "{n} textos", count).format(n=number(count))
    match kind:
        case VerdictKind.TOO_FEW:
            return unproven(count)
        case VerdictKind.IMPROVED:
            if against and not better and not unclear:
                sentence = _("Mejoró: en {metric} les gana a todos los puntos de comparación, pero en {others} no.")
                return sentence.format(metric=metric, others=listed(list(against)))
            return contracted(_improved(better, unclear, texts))
        case VerdictKind.MIXED:
            worse = listed([name for name, systems in against.items() if BASE in systems])
            first = _("Mejoró en {metric}, pero empeoró en {others}.").format(metric=metric, others=worse)
            rest = (first, _still_better(better), _not_known(unclear, texts))
            return contracted(" ".join(sentence for sentence in rest if sentence))
        case VerdictKind.WORSE:
            first = _("Empeoró: el modelo base resumía mejor antes del ajuste.")
        case VerdictKind.UNCLEAR:
            first = unproven(count)
    return f"{first} {_still_better(better)}".rstrip()


def unproven(count: int) -> str:
    """Return what an interval around zero says: too few texts to tell, or so many that it would have shown.

    >>> unproven(500)
    'No se nota que haya mejorado, y 500 textos son bastantes para notarlo.'
    """
    if count >= MANY:
        texts = ngettext("{n} texto", "{n} textos", count).format(n=number(count))
        return _("No se nota que haya mejorado, y {texts} son bastantes para notarlo.").format(texts=texts)
    sentence = ngettext(
        "{n} texto no alcanza para afirmar que mejoró.", "{n} textos no alcanzan para afirmar que mejoró.", count
    )
    return sentence.format(n=number(count))


def _still_better(better: Sequence[str]) -> str:
    if not better:
        return ""
    sentence = ngettext("Además, {list} es mejor.", "Además, {list} son mejores.", len(better))
    return sentence.format(list=joined(better))


def _not_known(unclear: Sequence[str], texts: str) -> str:
    if not unclear:
        return ""
    return _("Si le gana a {list}, con {texts} no se sabe.").format(list=joined(unclear), texts=texts)


def _improved(better: Sequence[str], unclear: Sequence[str], texts: str) -> str:
    if not better and not unclear:
        return _("Mejoró, y les gana a todos los puntos de comparación.")
    sentence = ngettext(
        "Mejoró, pero {list} sigue siendo mejor.", "Mejoró, pero {list} siguen siendo mejores.", len(better)
    ).format(list=joined(better))
    if not better:
        sentence = _("Mejoró, pero {texts} no alcanzan para afirmar que le gane a {list}.")
        return sentence.format(texts=texts, list=joined(unclear))
    return f"{sentence} {_not_known(unclear, texts)}".rstrip()


def compared(system: str, difference: Interval, metric: str, *, few: bool) -> str:
    """Return the sentence that sets the tuned model beside one system, with numbers."""
    points = signed(difference.mean, 1)
    if difference.low is None or difference.high is None:
        return _("Contra {system}: {points} puntos de {metric}.").format(
            system=action(system), points=points, metric=metric
        )
    if few or not (difference.above or difference.below):
        sentence = _("Contra {system}: {points} puntos de {metric} (entre {low} y {high}). No se sabe.")
    elif difference.above:
        sentence = _("Contra {system}: {points} puntos de {metric} (entre {low} y {high}). Le gana.")
    else:
        sentence = _("Contra {system}: {points} puntos de {metric} (entre {low} y {high}). No le gana.")
    low, high = signed(difference.low, 1), signed(difference.high, 1)
    return sentence.format(system=action(system), points=points, metric=metric, low=low, high=high)


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
            points=signed(one.mean, 1),
            low=signed(one.low or 0.0, 1),
            high=signed(one.high or 0.0, 1),
        )
        for system, one in better.items()
    ]
    sentence = _("Otra medida, {metric}, no coincide: ahí el ajustado no le gana a {list}.")
    return contracted(sentence.format(metric=metric, list=_("; ni a ").join(phrases)))
