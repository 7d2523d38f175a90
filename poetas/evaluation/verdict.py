"""The verdict on a fine-tuned summariser, in plain words: whether it got better, and what it still does not beat.

It rests on the interval of the difference in one score (ROUGE-1 unless told otherwise), text by text, between the
tuned model and each point of comparison. Every one that was not beaten is named, with its interval; where the
interval holds zero, the verdict says that the texts were too few to tell, not that both are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.systems import BASE, SYSTEMS, action, joined
from poetas.i18n import _, ngettext, number, percent, signed

FEW = 10  # texts: below, an interval itself says too little
MANY = 100  # texts: from here on, "too few to tell" would be an excuse


class VerdictKind(StrEnum):
    """How the tuned model did against its own base."""

    IMPROVED = "improved"
    WORSE = "worse"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out, in words and by name.

    kind: against the base. headline: one sentence. sentences: one for each comparison, the unbeaten first, then what
    the score cannot see. beaten, not_beaten, unclear: systems by identifier, the base among them. n: texts.
    """

    kind: VerdictKind
    headline: str
    sentences: tuple[str, ...]
    beaten: tuple[str, ...]
    not_beaten: tuple[str, ...]
    unclear: tuple[str, ...]
    n: int

    @property
    def text(self) -> str:
        """The whole verdict as one paragraph."""
        return " ".join((self.headline, *self.sentences))

    def as_dict(self) -> dict[str, Any]:
        """Return the fields, and the whole text, as a JSON-ready mapping."""
        return {**asdict(self), "kind": self.kind.value, "text": self.text}


def verdict(differences: Mapping[str, Interval], *, metric: str = "ROUGE-1") -> Verdict:
    """Judge a tuned model by ``differences``: baseline -> interval of (tuned minus baseline), in points.

    The base has to be among them; raises ValueError otherwise.

    >>> print(verdict({"base": Interval(9, 6, 12, 44), "lead1": Interval(-4, -7, -1, 44)}).headline)
    Mejoró, pero copiar la primera oración sigue siendo mejor.
    """
    if BASE not in differences:
        raise ValueError("a verdict compares with the base model")
    found = {system: differences[system] for system in SYSTEMS if system in differences}
    count = found[BASE].n
    groups = _grouped(found, few=count < FEW)
    kind = _kind(groups, few=count < FEW)
    order = (*groups["not_beaten"], *groups["unclear"], *groups["beaten"])
    sentences = [_compared(system, found[system], metric, few=count < FEW) for system in order]
    if kind is VerdictKind.TOO_FEW:
        sentences.insert(0, _("Con menos de {few} textos, ni el intervalo es de fiar.").format(few=FEW))
    sentences.append(_caution(found[BASE], metric))
    return Verdict(kind, _headline(kind, groups, count), tuple(sentences), n=count, **groups)


def _grouped(differences: Mapping[str, Interval], *, few: bool) -> dict[str, tuple[str, ...]]:
    """Sort the systems into beaten, not beaten, and those that the texts cannot tell from the tuned model."""
    groups: dict[str, list[str]] = {"beaten": [], "not_beaten": [], "unclear": []}
    for system, difference in differences.items():
        if few or not (difference.above or difference.below):
            groups["unclear"].append(system)
        else:
            groups["beaten" if difference.above else "not_beaten"].append(system)
    return {name: tuple(systems) for name, systems in groups.items()}


def _kind(groups: Mapping[str, tuple[str, ...]], *, few: bool) -> VerdictKind:
    if few:
        return VerdictKind.TOO_FEW
    if BASE in groups["beaten"]:
        return VerdictKind.IMPROVED
    return VerdictKind.WORSE if BASE in groups["not_beaten"] else VerdictKind.UNCLEAR


def _headline(kind: VerdictKind, groups: Mapping[str, tuple[str, ...]], count: int) -> str:
    better = [system for system in groups["not_beaten"] if system != BASE]
    unclear = [system for system in groups["unclear"] if system != BASE]
    texts = ngettext("{n} texto", "{n} textos", count).format(n=number(count))
    match kind:
        case VerdictKind.TOO_FEW:
            return _not_enough(count)
        case VerdictKind.IMPROVED:
            return _improved(better, unclear, texts)
        case VerdictKind.WORSE:
            first = _("Empeoró: el modelo base resumía mejor antes del ajuste.")
        case VerdictKind.UNCLEAR if count >= MANY:
            first = _("No se nota que haya mejorado, y {texts} son bastantes para notarlo.").format(texts=texts)
        case VerdictKind.UNCLEAR:
            first = _not_enough(count)
    return f"{first} {_still_better(better)}".rstrip()


def _not_enough(count: int) -> str:
    sentence = ngettext(
        "{n} texto no alcanza para afirmar que mejoró.", "{n} textos no alcanzan para afirmar que mejoró.", count
    )
    return sentence.format(n=number(count))


def _still_better(better: list[str]) -> str:
    if not better:
        return ""
    sentence = ngettext("Además, {list} es mejor.", "Además, {list} son mejores.", len(better))
    return sentence.format(list=joined(better))


def _improved(better: list[str], unclear: list[str], texts: str) -> str:
    if not better and not unclear:
        return _("Mejoró, y les gana a todos los puntos de comparación.")
    sentence = ngettext(
        "Mejoró, pero {list} sigue siendo mejor.", "Mejoró, pero {list} siguen siendo mejores.", len(better)
    ).format(list=joined(better))
    if not unclear:
        return sentence
    if not better:
        sentence = _("Mejoró, pero {texts} no alcanzan para afirmar que le gane a {list}.")
        return sentence.format(texts=texts, list=joined(unclear))
    rest = _("Si le gana a {list}, con {texts} no se sabe.").format(list=joined(unclear), texts=texts)
    return f"{sentence} {rest}"


def _compared(system: str, difference: Interval, metric: str, *, few: bool) -> str:
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


def _caution(difference: Interval, metric: str) -> str:
    """Return what the numbers cannot tell."""
    told = _("{metric} cuenta palabras en común con el resumen de una persona: no ve si lo que dice es cierto.")
    if difference.low is None:
        return told.format(metric=metric)
    intervals = _("Los intervalos son de {confidence} de confianza.")
    return f"{intervals} {told}".format(confidence=percent(difference.confidence), metric=metric)
