"""Novel n-grams: share of a summary's n-grams that its source does not hold.

Source: See, Liu and Manning, "Get To The Point", 2017. Neither good nor bad by itself: copying is safe, saying it in
other words is what summarising often needs, and inventing is novel as well (see `unsupported`).
"""

from __future__ import annotations

from collections.abc import Mapping

from poetas.evaluation.metrics.base import Direction, Metric, Score
from poetas.evaluation.words import ngrams, words
from poetas.i18n import _

SIZES = (1, 2, 3)


def novel_ngrams(prediction: str, source: str, size: int) -> float:
    """Return the share of the summary's n-grams that the text does not hold, between 0 and 1.

    >>> novel_ngrams("llueve en Jujuy", "hoy llueve en Salta", 2)
    0.5
    """
    ours = ngrams(words(prediction), size)
    held = set(ngrams(words(source), size))
    return sum(run not in held for run in ours) / len(ours) if ours else 0.0


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return novel1, novel2 and novel3, between 0 and 1."""
    return {f"novel{size}": novel_ngrams(prediction, source, size) for size in SIZES}


METRIC = Metric(
    name="novelty",
    description="Share of words, pairs and triples of words that the source does not hold.",
    citation="See et al. 2017",
    scores=(
        Score("novel1", title=lambda: _("Palabras nuevas")),
        Score("novel2", title=lambda: _("Pares de palabras nuevos")),
        Score("novel3", title=lambda: _("Tríos de palabras nuevos")),
    ),
    compute=score,
    direction=Direction.NEITHER,
    needs=("source",),
)
