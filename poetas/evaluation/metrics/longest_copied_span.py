"""Longest copied span: the longest run of words that a text shares with the training texts.

Compared with the held-out texts: these share some run with the training texts too ("en el medio de la"), and only a
longer one is a sign of memorising (N. Carlini et al., "Extracting Training Data from Large Language
Models", 2021, measure it the same way, from fifty tokens on).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleHighlight, StyleMetric, StyleWriting
from poetas.evaluation.words import Word, located_words, words
from poetas.i18n import _, ngettext, number

RECITED = 8  # words: a shorter run is a turn of phrase
MARKED = 4  # words: shorter runs are common phrases


@dataclass(frozen=True, slots=True)
class CopiedSpan:
    """The longest run that stands word for word elsewhere.

    length: in words. start, end: where it stands in the text, in characters. source: index of the text it was found
    in, None where nothing was.
    """

    length: int
    start: int
    end: int
    source: int | None


class CopyIndex:
    """Texts to look copies up in; built once, asked often.

    >>> library = CopyIndex(["Dijo el sapo a la luna: no me mires así."])
    >>> found = library.longest("Y a la luna, no me mires.")
    >>> found.length, "Y a la luna, no me mires."[found.start:found.end]
    (6, 'a la luna, no me mires')
    """

    def __init__(self, texts: Sequence[str]) -> None:
        # One string of words with a mark around each text: looking for a run is then one search in C.
        self._texts = [f" {' '.join(words(text))} " for text in texts]
        self._all = "\n".join(self._texts)
        self._spans: dict[str, CopiedSpan] = {}

    def longest(self, text: str) -> CopiedSpan:
        """Return the longest run of words of ``text`` that the library holds; the first, where several are as long."""
        if text not in self._spans:
            self._spans[text] = self._search(text)
        return self._spans[text]

    def _search(self, text: str) -> CopiedSpan:
        words = located_words(text)
        start = best = best_start = 0
        for end in range(1, len(words) + 1):
            # Only a run longer than the best so far is worth looking for, so each end needs few searches.
            start = max(start, end - best - 1)
            if self._run(words[start:end]) in self._all:
                best, best_start = end - start, start
        if not best:
            return CopiedSpan(0, 0, 0, None)
        run = words[best_start : best_start + best]
        sought = self._run(run)
        source = next(index for index, held in enumerate(self._texts) if sought in held)
        return CopiedSpan(best, run[0].start, run[-1].end, source)

    @staticmethod
    def _run(run: Sequence[Word]) -> str:
        return f" {' '.join(word.text for word in run)} "


@lru_cache(maxsize=1)
def _index(training: tuple[str, ...]) -> CopyIndex:
    return CopyIndex(training)


def _lengths(writing: StyleWriting) -> list[float]:
    index = _index(tuple(writing.training))
    return [index.longest(text).length for text in writing.texts]


def _find(text: str, training: Sequence[str]) -> dict[str, int]:
    span = _index(tuple(training)).longest(text)
    return {"length": span.length, "start": span.start, "end": span.end}


def _legend(length: int) -> str:
    sentence = ngettext(
        "Marcado: {n} palabra seguida que también está en un texto de estudio.",
        "Marcado: {n} palabras seguidas que también están en un texto de estudio.",
        length,
    )
    return sentence.format(n=number(length))


def _shown(length: float) -> str:
    return ngettext("{n} palabra", "{n} palabras", int(length)).format(n=number(length))


def _sentences(copied: StyleComparison) -> tuple[str, ...]:
    tuned, human = int(copied.tuned), int(copied.human or 0)
    ours = ngettext(
        "Lo más largo que copió seguido de un texto de entrenamiento es {n} palabra.",
        "Lo más largo que copió seguido de un texto de entrenamiento son {n} palabras.",
        tuned,
    ).format(n=number(tuned))
    theirs = ngettext(
        "Lo más largo que los textos del examen tienen en común con ellos es {n} palabra.",
        "Lo más largo que los textos del examen tienen en común con ellos son {n} palabras.",
        human,
    ).format(n=number(human))
    return (f"{ours} {theirs}",)


def _warning(copied: StyleComparison) -> str:
    """Say that the tuned model copies longer runs than the held-out texts share with the training texts."""
    recites = copied.tuned >= RECITED and copied.tuned > (copied.human or 0)
    return _("Pero a veces recita los textos con los que aprendió.") if recites else ""


STYLE_METRIC = StyleMetric(
    key="copied",
    title=lambda: _("Lo más largo que copió"),
    reading=lambda: _("copiar, cuanto menos, mejor"),
    values=_lengths,
    combine=max,
    shown=_shown,
    direction=Direction.LOWER,
    whole=True,
    highlight=StyleHighlight(_find, _legend, least=MARKED),
    sentences=_sentences,
    warning=_warning,
)
