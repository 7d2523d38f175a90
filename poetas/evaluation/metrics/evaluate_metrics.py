"""The registry's metrics as `evaluate.Metric` subclasses.

They are defined here: `evaluate.load("rouge")` would download a script. The texts are not written to the disk either,
where `evaluate` by default writes them to its cache. Importing this module imports torch (7 to 10 seconds), so
neither a kernel nor the preparation service does; they use `poetas.evaluation.metrics.registry`.
"""

from __future__ import annotations

import tempfile
from typing import Any

import datasets
import evaluate
import numpy as np

from poetas.evaluation.metrics.base import Metric
from poetas.evaluation.metrics.registry import METRICS

_SIDES = {"reference": "references", "source": "sources"}


class LocalMetric(evaluate.Metric):  # type: ignore[misc]  # evaluate carries no types
    """A metric of `poetas.evaluation.metrics.registry` behind `evaluate`'s interface.

    ``compute(predictions=..., references=..., sources=...)`` takes the sides that the metric looks at and returns,
    for each score, the mean over the texts; ``per_text=True`` gives the list of the texts' scores instead. language: of
    the texts ("es", "en").
    """

    def __init__(self, entry: Metric) -> None:
        self.entry = entry
        # evaluate makes its cache folder even when it keeps everything in memory: give it one that goes away.
        with tempfile.TemporaryDirectory() as nowhere:
            super().__init__(keep_in_memory=True, cache_dir=nowhere)

    def _info(self) -> evaluate.MetricInfo:
        sides = ["predictions", *(_SIDES[side] for side in self.entry.needs)]
        return evaluate.MetricInfo(
            description=self.entry.description,
            citation=self.entry.citation,
            features=datasets.Features({side: datasets.Value("string") for side in sides}),
        )

    def _compute(
        self,
        predictions: list[str],
        references: list[str] | None = None,
        sources: list[str] | None = None,
        per_text: bool = False,  # noqa: FBT001, FBT002  # evaluate passes everything by name
        language: str = "es",
    ) -> dict[str, Any]:
        blank = [""] * len(predictions)
        triples = zip(predictions, references or blank, sources or blank, strict=True)
        scores = [self.entry.compute(*triple, language) for triple in triples]
        columns = {key: [score[key] for score in scores] for key in self.entry.keys}
        result = columns if per_text else {key: float(np.mean(values)) for key, values in columns.items()}
        return {**result, **({"signature": self.entry.signature()} if self.entry.signature else {})}


def load(name: str) -> LocalMetric:
    """Return a metric by its name in the registry, as `evaluate.load` does, with no network. Raises KeyError."""
    return LocalMetric({entry.name: entry for entry in METRICS}[name])
