"""Rhyme: share of the verses that rhyme, in assonance at least, with another of their stanza, at most three lines away.

Not measured where the training texts do not rhyme. By chance 16 in 100 of the coplas' lines do, in stanzas of four.
"""

from __future__ import annotations

from statistics import fmean

from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleMetric, StyleWriting, counted
from poetas.evaluation.verses import learnt_rhyme, rhymes, stanzas
from poetas.i18n import _, percent

LOST = 0.1  # share of the verses by which the rhyme is worse than before


def _values(writing: StyleWriting) -> list[float]:
    if not learnt_rhyme(writing):
        return []
    samples = range(len(writing.texts))
    return [value for index in samples for stanza in stanzas(writing, index) for value in rhymes(stanza)]


def _sentences(values: StyleComparison) -> tuple[str, ...]:
    single = _("{k} de {n} versos rima con otro de su estrofa")
    return (counted(values, _("{k} de {n} versos riman con otro de su estrofa"), single),)


STYLE_METRIC = StyleMetric(
    key="rhyme",
    title=lambda: _("Versos que riman"),
    reading=lambda: _("los versos que riman, cuantos más, mejor"),
    values=_values,
    combine=fmean,
    shown=percent,
    direction=Direction.HIGHER,
    optional=True,
    sentences=_sentences,
    objects=lambda values: values.tuned < values.base - LOST,
)
