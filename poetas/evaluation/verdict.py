"""Verdict on a fine-tuned summariser: whether it improved on its base, and which baselines it does not beat.

It rests on the interval of the difference in one score (the registry's `DECISIVE`), text by text, between the
tuned model and each point of comparison. Every one that was not beaten is named, with its interval; where the
interval holds zero, the verdict says how much may have been won or lost, not that both are equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.registry import DECISIVE, phrase, score
from poetas.evaluation.output_faults import Collapse, OutputFaults
from poetas.evaluation.systems import BASE, OTHER, SYSTEMS
from poetas.evaluation.verdict_kind import FEW, VerdictKind
from poetas.evaluation.verdict_words import caution, compared, contradiction, headline, unit
from poetas.i18n import _

__all__ = ["FEW", "Verdict", "VerdictKind", "verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out, in words and by name.

    kind: against the base. headline: one sentence. sentences: one for each comparison, the unbeaten first, then what
    other scores say against it and what the score cannot see. beaten, not_beaten, unclear: systems by identifier, by
    the score that decides, the base among them. n: texts.
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


def verdict(
    differences: Mapping[str, Interval],
    *,
    key: str = DECISIVE,
    others: Mapping[str, Mapping[str, Interval]] | None = None,
    faults: OutputFaults | None = None,
    before: tuple[Collapse | None, int] = (None, 0),
) -> Verdict:
    """Judge a tuned model by ``differences``: baseline -> interval of (tuned minus baseline), in points.

    Above zero the tuned model is better. key: of the score that decides. others: the same in other scores, by their
    keys; where one of them contradicts, the verdict says so, and in its headline where the base is better by it.
    faults: what the scores do not see; a model whose outputs collapsed did not improve, whatever it scores. before:
    what most outputs of the base are, and how many: of a base that collapsed it is said, whatever came out. Raises
    ValueError where the base is not among the differences.

    >>> print(verdict({"base": Interval(9, 6, 12, 44), "lead1": Interval(-4, -7, -1, 44)}).headline)
    Sí, mejoró, pero copiar la primera oración sigue siendo mejor.
    """
    if BASE not in differences:
        raise ValueError("a verdict compares with the base model")
    metric = phrase(key)
    compared_systems = {system: differences[system] for system in SYSTEMS if system in differences}
    count = compared_systems[BASE].n
    groups = _grouped(compared_systems, few=count < FEW)
    against = {} if count < FEW else _against(groups["beaten"], others or {})
    kind = _kind(groups, against, faults, few=count < FEW)
    order = (*groups["not_beaten"], *groups["unclear"], *groups["beaten"])
    sentences = [unit(metric, compared_systems)]
    sentences += [compared(system, compared_systems[system], few=count < FEW) for system in order]
    if count < FEW:
        sentences.insert(0, _("Con menos de {few} textos, ni el intervalo es de fiar.").format(few=FEW))
    sentences += [contradiction(name, better) for name, better in against.items()]
    sentences.append(caution(compared_systems[BASE], score(key).limits()))
    first = headline(kind, groups, compared_systems, metric=metric, against=against, faults=faults, before=before)
    return Verdict(kind, first, tuple(sentences), n=count, **groups)


def _grouped(differences: Mapping[str, Interval], *, few: bool) -> dict[str, tuple[str, ...]]:
    """Sort the systems into beaten, not beaten, and those that the texts cannot tell from the tuned model."""
    groups: dict[str, list[str]] = {"beaten": [], "not_beaten": [], "unclear": []}
    for system, difference in differences.items():
        if few or not (difference.above or difference.below):
            groups["unclear"].append(system)
        else:
            groups["beaten" if difference.above else "not_beaten"].append(system)
    return {name: tuple(systems) for name, systems in groups.items()}


def _kind(
    groups: Mapping[str, tuple[str, ...]],
    against: Mapping[str, Mapping[str, Interval]],
    faults: OutputFaults | None,
    *,
    few: bool,
) -> VerdictKind:
    if faults is not None and faults.collapse is not None:
        return VerdictKind.COLLAPSED
    if few:
        return VerdictKind.TOO_FEW
    if BASE in groups["beaten"]:
        worse = any(BASE in better for better in against.values())
        worse = worse or OTHER in (*groups["not_beaten"], *groups["unclear"])
        worse = worse or (faults is not None and faults.often)
        return VerdictKind.MIXED if worse else VerdictKind.IMPROVED
    return VerdictKind.WORSE if BASE in groups["not_beaten"] else VerdictKind.UNCLEAR


def _against(beaten: tuple[str, ...], others: Mapping[str, Mapping[str, Interval]]) -> dict[str, dict[str, Interval]]:
    """Return the other scores by which something that was beaten is better after all, with what is better by each."""
    by_title = {
        phrase(key): {
            system: interval for system, interval in differences.items() if system in beaten and interval.below
        }
        for key, differences in others.items()
    }
    return {name: better for name, better in by_title.items() if better}
