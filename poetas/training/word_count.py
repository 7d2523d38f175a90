"""Words of encoded examples: how many are predicted, only read, or left out; together, those of the dataset."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordCount:
    """Words (runs of characters between blanks) of one example or of several.

    learnt: with labels. masked: read without labels. lost: cut off; a word that is cut in two is lost.

    >>> WordCount(3, 0, 1) + WordCount(2, 4, 0), (WordCount(3, 0, 1) + WordCount(2, 4, 0)).total
    (WordCount(learnt=5, masked=4, lost=1), 10)
    """

    learnt: int = 0
    masked: int = 0
    lost: int = 0

    @property
    def total(self) -> int:
        """All words of the rows."""
        return self.learnt + self.masked + self.lost

    @property
    def share(self) -> float:
        """Share of the words that are read, from 0 to 1; 1 where there are none."""
        return (self.learnt + self.masked) / self.total if self.total else 1.0

    def __add__(self, other: WordCount) -> WordCount:
        return WordCount(self.learnt + other.learnt, self.masked + other.masked, self.lost + other.lost)


NO_WORDS = WordCount()
