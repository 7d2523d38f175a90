"""Recited verses: share of the lines that a system wrote that stand whole, word for word, in the training texts.

Lines of fewer than four words are common phrases and do not count. The held-out texts' own share is what refrains give.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import fmean

from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleMetric, StyleWriting
from poetas.evaluation.verse_detection import is_verse
from poetas.evaluation.verses import written_lines
from poetas.evaluation.words import words
from poetas.i18n import _, ngettext, number, percent

SHORTEST = 4  # words
OFTEN = 0.1  # share of the verses above that of the held-out texts


@lru_cache(maxsize=1)
def _known(training: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return the lines of the training texts, as words; none where these are prose."""
    if not is_verse(training):
        return frozenset()
    return frozenset(tuple(words(line)) for text in training for line in text.split("\n"))


def _values(writing: StyleWriting) -> list[float]:
    known = _known(tuple(writing.training))
    lines = [tuple(words(line)) for line in written_lines(writing)] if known else []
    return [float(line in known) for line in lines if len(line) >= SHORTEST]


def _recites(values: StyleComparison) -> bool:
    return values.tuned > (values.human or 0.0)


def _warning(values: StyleComparison) -> str:
    if not _recites(values):
        return ""
    count = round(values.tuned * values.sizes[1])
    sentence = ngettext(
        "Pero recita: {k} de {n} versos está entero en los textos con los que aprendió.",
        "Pero recita: {k} de {n} versos están enteros en los textos con los que aprendió.",
        count,
    )
    return sentence.format(k=number(count), n=number(values.sizes[1]))


STYLE_METRIC = StyleMetric(
    key="recited",
    title=lambda: _("Versos recitados"),
    reading=lambda: _("recitar versos, cuanto menos, mejor"),
    values=_values,
    combine=fmean,
    shown=percent,
    direction=Direction.LOWER,
    optional=True,
    warning=_warning,
    objects=lambda values: values.tuned >= (values.human or 0.0) + OFTEN,
)
