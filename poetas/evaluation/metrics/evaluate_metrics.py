"""The metrics as `evaluate.Metric` subclasses, for code that speaks Hugging Face's language.

They are defined here: `evaluate.load("rouge")` would download a script. Nothing of the texts touches the disk either,
where `evaluate` by default writes them to its cache. Importing this module imports torch (7 to 10 seconds), so
neither a kernel nor the preparation service does; they use `poetas.evaluation.metrics.registry`.
"""

from __future__ import annotations

import tempfile
from typing import Any, ClassVar

import datasets
import evaluate
import numpy as np

from poetas.evaluation.metrics import chrf
from poetas.evaluation.metrics.registry import Metric, metric

_SIDES = {"reference": "references", "source": "sources"}


class LocalMetric(evaluate.Metric):  # type: ignore[misc]  # evaluate carries no types
    """A metric of `poetas.evaluation.metrics.registry` behind `evaluate`'s interface.

    ``compute(predictions=..., references=..., sources=...)`` takes the sides that the metric looks at and returns,
    for each score, the mean over the texts; ``per_text=True`` gives the list of the texts' scores instead.
    """

    entry: ClassVar[Metric]

    def __init__(self) -> None:
        # evaluate makes its cache folder even when it keeps everything in memory: give it one that goes away.
        with tempfile.TemporaryDirectory() as nowhere:
            super().__init__(keep_in_memory=True, cache_dir=nowhere)

    def _info(self) -> evaluate.MetricInfo:
        sides = ["predictions", *(_SIDES[side] for side in self.entry.needs)]
        return evaluate.MetricInfo(
            description=(self.__doc__ or "").strip(),
            citation=self.entry.source,
            features=datasets.Features({side: datasets.Value("string") for side in sides}),
        )

    def _compute(
        self,
        predictions: list[str],
        references: list[str] | None = None,
        sources: list[str] | None = None,
        per_text: bool = False,  # noqa: FBT001, FBT002  # evaluate passes everything by name
    ) -> dict[str, Any]:
        blank = [""] * len(predictions)
        triples = zip(predictions, references or blank, sources or blank, strict=True)
        scores = [self.entry.scorer(*triple) for triple in triples]
        columns = {key: [score[key] for score in scores] for key in self.entry.keys}
        result = columns if per_text else {key: float(np.mean(values)) for key, values in columns.items()}
        return {**result, **self.extras()}

    def extras(self) -> dict[str, str]:
        """Return what else belongs to a result, such as a signature."""
        return {}


class Rouge(LocalMetric):
    """ROUGE-1, ROUGE-2 and ROUGE-L F1, between 0 and 1, with Unicode words and no stemming."""

    entry = metric("rouge1")


class Chrf(LocalMetric):
    """Mean chrF of the texts, between 0 and 100, and sacreBLEU's signature."""

    entry = metric("chrf")

    def extras(self) -> dict[str, str]:
        """Return sacreBLEU's signature."""
        return {"signature": chrf.signature()}


class Compression(LocalMetric):
    """Length of the summaries as a share of their texts' length, in words."""

    entry = metric("compression")


class Novelty(LocalMetric):
    """Share of words, pairs and triples of words that the source does not hold."""

    entry = metric("novel1")


class Repetition(LocalMetric):
    """Share of runs of three words that have stood before in the same text."""

    entry = metric("repetition")


class UnsupportedFacts(LocalMetric):
    """Names and numbers a text that the source does not hold."""

    entry = metric("unsupported_names")


BY_NAME: dict[str, type[LocalMetric]] = {
    kind.entry.name: kind for kind in (Rouge, Chrf, Compression, Novelty, Repetition, UnsupportedFacts)
}


def load(name: str) -> LocalMetric:
    """Return a metric by its name in the table, as `evaluate.load` does, with no network. Raises KeyError."""
    return BY_NAME[name]()
