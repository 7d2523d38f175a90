"""Highlighters: the spans of a prediction and of its reference that a score counts as equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from rapidfuzz.distance import LCSseq

from poetas.evaluation.words import Span, Word, located_words, ngrams


@dataclass(frozen=True, slots=True)
class Highlights:
    """What two texts share: spans of the prediction and of the reference, in order, without overlaps."""

    prediction: tuple[Span, ...]
    reference: tuple[Span, ...]


def _shared(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """Return the places of the items that both hold, each as often as the poorer side has it."""
    common = Counter(ours) & Counter(theirs)

    def places(items: Sequence[Hashable]) -> list[int]:
        left = common.copy()
        indices = []
        for index, item in enumerate(items):
            if left[item] > 0:
                left[item] -= 1
                indices.append(index)
        return indices

    return places(ours), places(theirs)


def shared_ngrams(size: int) -> Callable[[str, str], Highlights]:
    """Highlight the words of every n-gram that both texts hold, each as often as the poorer side has it."""

    def find(prediction: str, reference: str) -> Highlights:
        sides = located_words(prediction), located_words(reference)
        runs = [ngrams([word.text for word in side], size) for side in sides]
        places = _shared(runs[0], runs[1])
        return Highlights(*(_spans(side, starts, size) for side, starts in zip(sides, places, strict=True)))

    return find


def _spans(words: Sequence[Word], starts: Sequence[int], size: int) -> tuple[Span, ...]:
    indices = sorted({start + step for start in starts for step in range(size)})
    return tuple(words[index].span for index in indices)


def common_subsequence(prediction: str, reference: str) -> Highlights:
    """Highlight the longest common subsequence of words."""
    ours, theirs = located_words(prediction), located_words(reference)
    steps = LCSseq.editops([word.text for word in ours], [word.text for word in theirs])
    blocks = steps.as_matching_blocks()
    return Highlights(
        tuple(ours[block.a + step].span for block in blocks for step in range(block.size)),
        tuple(theirs[block.b + step].span for block in blocks for step in range(block.size)),
    )


def shared_character_ngrams(size: int) -> Callable[[str, str], Highlights]:
    """Highlight the characters of every run of ``size`` that both texts hold, blanks not counted."""

    def find(prediction: str, reference: str) -> Highlights:
        texts = (prediction, reference)
        sides = [[index for index, char in enumerate(text) if not char.isspace()] for text in texts]
        runs = [
            ngrams([normalize("NFC", text[index]) for index in places], size)
            for text, places in zip(texts, sides, strict=True)
        ]
        starts = _shared(runs[0], runs[1])
        return Highlights(*(_stretches(places, shared, size) for places, shared in zip(sides, starts, strict=True)))

    return find


def _stretches(places: Sequence[int], starts: Sequence[int], size: int) -> tuple[Span, ...]:
    """Join neighbouring characters, given by their order among the non-blank ones, into stretches of the text."""
    spans: list[Span] = []
    for order in sorted({start + step for start in starts for step in range(size)}):
        here = places[order]
        if spans and order > 0 and spans[-1].end - 1 == places[order - 1]:
            spans[-1] = Span(spans[-1].start, here + 1)
        else:
            spans.append(Span(here, here + 1))
    return tuple(spans)
