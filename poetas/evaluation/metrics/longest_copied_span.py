"""Longest copied span: the longest run of words that a text shares with the training texts.

Compared with the held-out texts: these share some run with the training texts too ("en el medio de la"), and only a
longer one is a sign of memorising (N. Carlini et al., "Extracting Training Data from Large Language
Models", 2021, measure it the same way, from fifty tokens on).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from poetas.evaluation.words import Word, located_words, words


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

    def longest(self, text: str) -> CopiedSpan:
        """Return the longest run of words of ``text`` that the library holds; the first, where several are as long."""
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
