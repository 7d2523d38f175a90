"""The metrics there are: one line each, in the order in which a table shows them.

Adding a metric is adding a file with a `score(prediction, reference, source)` and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from poetas.evaluation.metrics import chrf, compression, novelty, repetition, rouge, unsupported
from poetas.i18n import _

Scorer = Callable[[str, str, str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to score one text.

    name: identifier, also the file's. keys: the scores it gives. scorer: prediction, reference, source -> scores.
    points: factor from a score to points, as people quote it ("ROUGE-1 de 38,2"). needs: the texts it looks at besides
    the prediction. better: "more", "less", or "" where neither end is good by itself.
    source: where it is defined.
    """

    name: str
    keys: tuple[str, ...]
    scorer: Scorer
    points: float
    needs: tuple[str, ...]
    better: str
    source: str


METRICS: tuple[Metric, ...] = (
    Metric("rouge", ("rouge1", "rouge2", "rougeL"), rouge.score, 100, ("reference",), "more", "Lin 2004"),
    Metric("chrf", ("chrf",), chrf.score, 1, ("reference",), "more", "Popović 2015, sacreBLEU"),
    Metric("compression", ("compression",), compression.score, 100, ("source",), "", "Grusky et al. 2018"),
    Metric("novelty", ("novel1", "novel2", "novel3"), novelty.score, 100, ("source",), "", "See et al. 2017"),
    Metric("repetition", ("repetition",), repetition.score, 100, (), "less", "Welleck et al. 2020"),
    Metric(
        "unsupported", ("unsupported_names", "unsupported_numbers"), unsupported.score, 1, ("source",), "less", "poetas"
    ),
)
COMPARED = ("rouge1", "rouge2", "rougeL", "chrf")  # scores against a reference: these decide, and get intervals


def metric(key: str) -> Metric:
    """Return the metric that gives the score ``key``. Raises KeyError where there is none.

    >>> metric("rougeL").name, metric("chrf").points
    ('rouge', 1)
    """
    for entry in METRICS:
        if key in entry.keys:
            return entry
    raise KeyError(key)


def score_text(prediction: str, reference: str, source: str, *, language: str = "es") -> dict[str, float]:
    """Return every score of one text.

    >>> scores = score_text("Llovió en Salta", "Llovió mucho en Salta", "Ayer llovió mucho en Salta.")
    >>> round(scores["rouge1"], 3), scores["novel1"], scores["unsupported_names"]
    (0.857, 0.0, 0.0)
    """
    scores: dict[str, float] = {}
    for entry in METRICS:
        scores.update(entry.scorer(prediction, reference, source))
    if language != "es":  # only this one depends on the language
        scores.update(unsupported.score(prediction, reference, source, language=language))
    return scores


def score_texts(
    predictions: Sequence[str], references: Sequence[str], sources: Sequence[str], *, language: str = "es"
) -> list[dict[str, float]]:
    """Return every score of each text; the three sequences are equally long."""
    return [
        score_text(prediction, reference, source, language=language)
        for prediction, reference, source in zip(predictions, references, sources, strict=True)
    ]


def title(key: str) -> str:
    """Return a score's name for the learner.

    >>> title("rouge1"), title("novel2")
    ('ROUGE-1', 'Pares de palabras nuevos')
    """
    return {
        "rouge1": "ROUGE-1",
        "rouge2": "ROUGE-2",
        "rougeL": "ROUGE-L",
        "chrf": "chrF",
        "compression": _("Largo respecto del texto"),
        "novel1": _("Palabras nuevas"),
        "novel2": _("Pares de palabras nuevos"),
        "novel3": _("Tríos de palabras nuevos"),
        "repetition": _("Repetición"),
        "unsupported_names": _("Nombres que el texto no tiene"),
        "unsupported_numbers": _("Números que el texto no tiene"),
    }[key]
