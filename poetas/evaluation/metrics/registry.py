"""Registry of the metrics, in the order in which they are shown.

A new metric of summaries is a module in this folder that defines ``METRIC`` (see `poetas.evaluation.metrics.base`),
and its name in `MODULES`; one of a style defines ``STYLE_METRIC`` (see `poetas.evaluation.metrics.style_metric`), and
its name is in `STYLE_MODULES`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from poetas.evaluation.metrics.base import Metric, Score
from poetas.evaluation.metrics.highlight_spans import Highlights
from poetas.evaluation.metrics.style_metric import StyleMetric

MODULES = (
    "rouge",
    "chrf",
    "compression",
    "novelty",
    "repetition",
    "unsupported",
)
STYLE_MODULES = (
    "held_out_loss",
    "metre",
    "rhyme",
    "longest_copied_span",
    "recited_verses",
    "repetition",
)
METRICS: tuple[Metric, ...] = tuple(import_module(f"{__package__}.{name}").METRIC for name in MODULES)
COMPARED = tuple(key for entry in METRICS if entry.compared for key in entry.keys)
[DECISIVE] = [score.key for entry in METRICS for score in entry.scores if score.decides]
STYLE_METRICS: tuple[StyleMetric, ...] = tuple(
    import_module(f"{__package__}.{name}").STYLE_METRIC for name in STYLE_MODULES
)
[STYLE_DECISIVE] = [entry for entry in STYLE_METRICS if entry.decides]


def metric(key: str) -> Metric:
    """Return the metric that gives the score ``key``. Raises KeyError where there is none.

    >>> metric("rougeL").name, metric("chrf").points
    ('rouge', 1)
    """
    for entry in METRICS:
        if key in entry.keys:
            return entry
    raise KeyError(key)


def score(key: str) -> Score:
    """Return the description of a score. Raises KeyError where there is none."""
    return next(score for score in metric(key).scores if score.key == key)


def title(key: str) -> str:
    """Return a score's name for the learner.

    >>> title("rouge1"), title("novel2")
    ('ROUGE-1', 'Pares de palabras nuevos')
    """
    return score(key).title()


def phrase(key: str) -> str:
    """Return a score's name inside a sentence, in words first.

    >>> phrase("rouge1"), phrase("chrf")
    ('palabras en común (ROUGE-1)', 'letras en común (chrF)')
    """
    return score(key).phrase()


def highlight(prediction: str, reference: str, key: str) -> Highlights:
    """Return what the score ``key`` counts as equal in the two texts.

    Raises ValueError for a score that compares nothing with the reference.

    >>> found = highlight("El gato duerme.", "Duerme el perro", "rouge1")
    >>> [(span.start, span.end) for span in found.prediction]
    [(0, 2), (8, 14)]
    """
    highlighter = score(key).highlight
    if highlighter is None:
        raise ValueError(f"{key} highlights nothing")
    return highlighter(prediction, reference)


def inventions(scores: Mapping[str, float]) -> float:
    """Return how many inventions a text's scores count, of all metrics that count them.

    >>> inventions(score_text("Llovieron 40 mm", "Llovió en Salta", "Ayer llovió en Salta."))
    1.0
    """
    return sum(scores.get(key, 0.0) for entry in METRICS if entry.invents for key in entry.keys)


def score_text(prediction: str, reference: str, source: str, *, language: str = "es") -> dict[str, float]:
    """Return every score of one text.

    >>> scores = score_text("Llovió en Salta", "Llovió mucho en Salta", "Ayer llovió mucho en Salta.")
    >>> round(scores["rouge1"], 3), scores["novel1"], scores["unsupported_names"]
    (0.857, 0.0, 0.0)
    """
    scores: dict[str, float] = {}
    for entry in METRICS:
        scores.update(entry.compute(prediction, reference, source, language))
    return scores


def score_texts(
    predictions: Sequence[str], references: Sequence[str], sources: Sequence[str], *, language: str = "es"
) -> list[dict[str, float]]:
    """Return every score of each text; the three sequences are equally long."""
    return [
        score_text(prediction, reference, source, language=language)
        for prediction, reference, source in zip(predictions, references, sources, strict=True)
    ]
