"""Compression: length of a summary as a share of its source's length.

The inverse of the compression ratio of Grusky et al., "Newsroom", 2018, so that an empty summary is 0, a copy is 1,
and a summary longer than its text is more than 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from poetas.evaluation.metrics.base import Direction, Metric, Score
from poetas.evaluation.words import words
from poetas.i18n import _


def compression(prediction: str, source: str) -> float:
    """Return words of the summary divided by words of the text; 0 where the text has none.

    >>> compression("llueve", "hoy llueve en Salta")
    0.25
    """
    length = len(words(source))
    return len(words(prediction)) / length if length else 0.0


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return the share of the source's length that the summary takes."""
    return {"compression": compression(prediction, source)}


METRIC = Metric(
    name="compression",
    description="Length of the summaries as a share of their texts' length, in words.",
    citation="Grusky et al. 2018",
    scores=(Score("compression", title=lambda: _("Largo respecto del texto")),),
    compute=score,
    direction=Direction.NEITHER,
    needs=("source",),
)
