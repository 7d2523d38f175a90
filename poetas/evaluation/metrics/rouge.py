"""ROUGE-1, ROUGE-2 and ROUGE-L: shared words, pairs of words, and words in the same order.

Source: C.-Y. Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004. F1 with equal weight on precision
and recall, one reference, no stemming, no stop words removed; words as in `poetas.evaluation.words`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import LCSseq

from poetas.evaluation.metrics.base import Direction, Metric, Score
from poetas.evaluation.metrics.highlight_spans import common_subsequence, shared_ngrams
from poetas.evaluation.words import ngrams, words
from poetas.i18n import _


def f1(matched: int, predicted: int, expected: int) -> float:
    """Return the harmonic mean of precision and recall, 0 where nothing matches.

    >>> f1(2, 4, 2), f1(0, 0, 3)
    (0.6666666666666666, 0.0)
    """
    return 2 * matched / (predicted + expected) if matched else 0.0


def _rouge_n(predicted: Sequence[str], expected: Sequence[str], size: int) -> float:
    ours, theirs = Counter(ngrams(predicted, size)), Counter(ngrams(expected, size))
    return f1((ours & theirs).total(), ours.total(), theirs.total())


def _rouge_l(predicted: Sequence[str], expected: Sequence[str]) -> float:
    return f1(int(LCSseq.similarity(predicted, expected)), len(predicted), len(expected))


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return the three F1 scores, between 0 and 1; only prediction and reference are read.

    >>> sorted(score("uno dos", "uno dos"))
    ['rouge1', 'rouge2', 'rougeL']
    """
    predicted, expected = words(prediction), words(reference)
    return {
        "rouge1": _rouge_n(predicted, expected, 1),
        "rouge2": _rouge_n(predicted, expected, 2),
        "rougeL": _rouge_l(predicted, expected),
    }


METRIC = Metric(
    name="rouge",
    description="ROUGE-1, ROUGE-2 and ROUGE-L F1, between 0 and 1, with Unicode words and no stemming.",
    citation="Lin 2004",
    scores=(
        Score(
            "rouge1",
            title=lambda: "ROUGE-1",
            plain=lambda: _("palabras en común"),
            heading=lambda: _("Palabras"),
            highlight=shared_ngrams(1),
            legend=lambda: _("están marcadas las palabras que los dos resúmenes comparten."),
            decides=True,
            limits=lambda: _(
                "Este puntaje cuenta palabras en común con el resumen de referencia: no ve si lo que dice es cierto."
            ),
        ),
        Score(
            "rouge2",
            title=lambda: "ROUGE-2",
            plain=lambda: _("pares de palabras en común"),
            heading=lambda: _("Pares"),
            highlight=shared_ngrams(2),
            legend=lambda: _("están marcados los pares de palabras seguidas que los dos resúmenes comparten."),
        ),
        Score(
            "rougeL",
            title=lambda: "ROUGE-L",
            plain=lambda: _("palabras en el mismo orden"),
            heading=lambda: _("Orden"),
            highlight=common_subsequence,
            legend=lambda: _("están marcadas las palabras que aparecen en los dos y en el mismo orden."),
        ),
    ),
    compute=score,
    direction=Direction.HIGHER,
    compared=True,
    needs=("reference",),
)
