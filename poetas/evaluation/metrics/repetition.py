"""Repetition: share of a text's n-grams that occurred before in it, a usual fault of small models.

Source: "seq-rep-n" of Welleck et al., "Neural Text Generation with Unlikelihood Training", 2020, with n = 3 instead
of 4, because a summary is one sentence.
"""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean

from poetas.evaluation.metrics.base import Direction, Metric, Score
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleMetric
from poetas.evaluation.words import ngrams, words
from poetas.i18n import _, percent, percent_phrase

SIZE = 3
REPEATED = 0.1  # share of repeated runs of three words above the held-out texts' own that a reader notices

OBJECTED = 0.3  # the same from which on nothing else makes up for it


def repetition(text: str, size: int = SIZE) -> float:
    """Return the share of the n-grams that have stood before, between 0 and 1.

    >>> repetition("la casa es la casa es la casa es"), repetition("una frase sin ecos")
    (0.5714285714285714, 0.0)
    """
    runs = ngrams(words(text), size)
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return the share of repeated runs of three words."""
    return {"repetition": repetition(prediction)}


def _sentences(repeated: StyleComparison) -> tuple[str, ...]:
    """Say that the tuned model repeats itself more than the held-out texts do."""
    human = repeated.human or 0.0
    if repeated.tuned <= human + REPEATED:
        return ()
    sentence = _("Se repite: vuelve a decir {ours} de lo que escribe; los textos del examen, {theirs}.")
    return (sentence.format(ours=percent_phrase(repeated.tuned), theirs=percent_phrase(human)),)


METRIC = Metric(
    name="repetition",
    description="Share of runs of three words that have stood before in the same text.",
    citation="Welleck et al. 2020",
    scores=(Score("repetition", title=lambda: _("Repetición")),),
    compute=score,
    direction=Direction.LOWER,
)

STYLE_METRIC = StyleMetric(
    key="repetition",
    title=lambda: _("Se repite"),
    reading=lambda: _("repetirse, cuanto menos, mejor"),
    values=lambda writing: [repetition(text) for text in writing.texts],
    combine=fmean,
    shown=percent,
    direction=Direction.LOWER,
    sentences=_sentences,
    objects=lambda values: values.tuned > (values.human or 0.0) + OBJECTED,
)
