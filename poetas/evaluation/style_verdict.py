"""Verdict on a model that learnt a style: whether held-out texts surprise it less, and whether it recites.

The surprise is the loss on held-out texts, in nats a token, text by text for base and tuned. Reciting is seen in the
longest run of words that what it wrote shares with the training texts, set beside the longest run that the held-out
texts share with them.
"""

from __future__ import annotations

from dataclasses import dataclass

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.systems import BASE
from poetas.evaluation.verdict import FEW, Verdict, VerdictKind
from poetas.evaluation.verdict_words import behind, too_few
from poetas.i18n import _, ngettext, number, percent_phrase, signed

RECITED = 8  # words: a shorter run is a turn of phrase
REPEATED = 0.1  # share of repeated runs of three words above the held-out texts' own that a reader notices


@dataclass(frozen=True, slots=True)
class StyleFindings:
    """What was measured.

    base_loss, tuned_loss: mean over the held-out texts, nats a token. difference: tuned minus base, with interval.
    copied, human_copied: longest run of words shared with the training texts, by the tuned model's texts and by the
    held-out texts. repetition, human_repetition: share of repeated runs of three words.
    """

    base_loss: float
    tuned_loss: float
    difference: Interval
    copied: int
    human_copied: int
    repetition: float
    human_repetition: float

    @property
    def recites(self) -> bool:
        """Whether the tuned model copies longer runs than the held-out texts share with the training texts."""
        return self.copied >= RECITED and self.copied > self.human_copied

    @property
    def stutters(self) -> bool:
        """Whether the tuned model repeats itself more than the held-out texts do."""
        return self.repetition > self.human_repetition + REPEATED


def style_verdict(findings: StyleFindings) -> Verdict:
    """Judge a style by what was measured.

    >>> findings = StyleFindings(4.0, 3.5, Interval(-0.5, -0.6, -0.4, 30), 12, 4, 0.0, 0.0)
    >>> print(style_verdict(findings).headline)
    Mejoró: tus textos lo sorprenden menos. Pero a veces recita los textos con los que aprendió.
    """
    few = findings.difference.n < FEW
    kind = _kind(findings.difference, few=few)
    base = (BASE,)
    return Verdict(
        kind=kind,
        headline=_headline(kind, findings),
        sentences=(_losses(findings), _recital(findings), *_stutter(findings), _caution(findings.difference)),
        beaten=base if kind is VerdictKind.IMPROVED else (),
        not_beaten=base if kind is VerdictKind.WORSE else (),
        unclear=base if kind in {VerdictKind.UNCLEAR, VerdictKind.TOO_FEW} else (),
        n=findings.difference.n,
    )


def _kind(difference: Interval, *, few: bool) -> VerdictKind:
    if few:
        return VerdictKind.TOO_FEW
    if difference.below:
        return VerdictKind.IMPROVED
    return VerdictKind.WORSE if difference.above else VerdictKind.UNCLEAR


def _headline(kind: VerdictKind, findings: StyleFindings) -> str:
    match kind:
        case VerdictKind.IMPROVED:
            first = _("Mejoró: tus textos lo sorprenden menos.")
        case VerdictKind.WORSE:
            first = _("Empeoró: tus textos lo sorprenden más que antes del ajuste.")
        case VerdictKind.TOO_FEW:
            first = too_few(findings.difference.n)
        case _:
            first = _unproven(findings.difference)
    if findings.recites:
        first = f"{first} " + _("Pero a veces recita los textos con los que aprendió.")
    return first


def _unproven(difference: Interval) -> str:
    """Return what an interval with zero in it says: how far the loss may have gone down or up."""
    low, high = difference.low or 0.0, difference.high or 0.0
    if low == high == 0:
        return _("No cambió: tus textos lo sorprenden lo mismo que antes del ajuste.")
    if behind(difference.negated(), 2):
        sentence = _(
            "No se nota que haya mejorado: en estos {n} textos su pérdida subió {mean}; en otros pudo subir hasta "
            "{high} o bajar hasta {low}."
        )
    else:
        sentence = _("No se sabe si mejoró: su pérdida pudo bajar hasta {low} o subir hasta {high}.")
    mean = number(difference.mean, 2)
    return sentence.format(n=number(difference.n), mean=mean, low=number(-low, 2), high=number(high, 2))


def _losses(findings: StyleFindings) -> str:
    sentence = _("En textos que no había visto, su pérdida pasó de {base} a {tuned} ({difference}).")
    change = signed(findings.difference.mean, 2)
    if findings.difference.low is not None and findings.difference.high is not None:
        change = _("{difference}; entre {low} y {high}").format(
            difference=change, low=signed(findings.difference.low, 2), high=signed(findings.difference.high, 2)
        )
    return sentence.format(base=number(findings.base_loss, 2), tuned=number(findings.tuned_loss, 2), difference=change)


def _recital(findings: StyleFindings) -> str:
    copied = ngettext(
        "Lo más largo que copió seguido de un texto de entrenamiento es {n} palabra.",
        "Lo más largo que copió seguido de un texto de entrenamiento son {n} palabras.",
        findings.copied,
    ).format(n=number(findings.copied))
    human = ngettext(
        "Lo más largo que los textos del examen tienen en común con ellos es {n} palabra.",
        "Lo más largo que los textos del examen tienen en común con ellos son {n} palabras.",
        findings.human_copied,
    ).format(n=number(findings.human_copied))
    return f"{copied} {human}"


def _stutter(findings: StyleFindings) -> tuple[str, ...]:
    if not findings.stutters:
        return ()
    sentence = _("Se repite: vuelve a decir {ours} de lo que escribe; los textos del examen, {theirs}.")
    return (
        sentence.format(ours=percent_phrase(findings.repetition), theirs=percent_phrase(findings.human_repetition)),
    )


def _caution(difference: Interval) -> str:
    limits = _("La pérdida mide sorpresa, no belleza: para eso, leelo.")
    if difference.n < FEW:
        return _("Con menos de {few} textos, ni el intervalo es de fiar.").format(few=FEW) + f" {limits}"
    return limits
