"""Where two texts agree, for each score that can be clicked: the words, with their places in both texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from rapidfuzz.distance import LCSseq

from poetas.evaluation.words import Span, Word, located_words, ngrams

CHRF_RUN = 4  # characters: chrF counts runs of one to six, but shorter ones than these stand in any two texts


@dataclass(frozen=True, slots=True)
class Matches:
    """What two texts share: stretches of the prediction and of the reference, in order, without overlaps."""

    prediction: tuple[Span, ...]
    reference: tuple[Span, ...]


def matches(prediction: str, reference: str, metric: str) -> Matches:
    """Return what ``metric`` ("rouge1", "rouge2", "rougeL" or "chrf") counted as equal in the two texts.

    Raises ValueError for a metric that compares nothing with the reference.

    >>> found = matches("El gato duerme.", "Duerme el perro", "rouge1")
    >>> [(span.start, span.end) for span in found.prediction]
    [(0, 2), (8, 14)]
    """
    if metric not in _FINDERS:
        raise ValueError(f"{metric} does not compare words with the reference")
    return _FINDERS[metric](prediction, reference)


def _shared(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """Return the places of the items that both hold, each as often as the poorer side has it."""
    common = Counter(ours) & Counter(theirs)

    def places(items: Sequence[Hashable]) -> list[int]:
        left = common.copy()
        found = []
        for at, item in enumerate(items):
            if left[item] > 0:
                left[item] -= 1
                found.append(at)
        return found

    return places(ours), places(theirs)


def _words_in_runs(size: int) -> Callable[[str, str], Matches]:
    def find(prediction: str, reference: str) -> Matches:
        sides = located_words(prediction), located_words(reference)
        runs = [ngrams([word.text for word in side], size) for side in sides]
        places = _shared(runs[0], runs[1])
        return Matches(*(_spans(side, starts, size) for side, starts in zip(sides, places, strict=True)))

    return find


def _spans(words: Sequence[Word], starts: Sequence[int], size: int) -> tuple[Span, ...]:
    covered = sorted({at + step for at in starts for step in range(size)})
    return tuple(words[at].span for at in covered)


def _in_order(prediction: str, reference: str) -> Matches:
    ours, theirs = located_words(prediction), located_words(reference)
    steps = LCSseq.editops([word.text for word in ours], [word.text for word in theirs])
    blocks = steps.as_matching_blocks()
    return Matches(
        tuple(ours[block.a + step].span for block in blocks for step in range(block.size)),
        tuple(theirs[block.b + step].span for block in blocks for step in range(block.size)),
    )


def _characters(prediction: str, reference: str) -> Matches:
    """Mark the characters that stand in a shared run of four, blanks not counted, as chrF counts them."""
    sides = [[at for at, char in enumerate(text) if not char.isspace()] for text in (prediction, reference)]
    texts = (prediction, reference)
    runs = [
        ngrams([normalize("NFC", text[at]) for at in places], CHRF_RUN)
        for text, places in zip(texts, sides, strict=True)
    ]
    starts = _shared(runs[0], runs[1])
    return Matches(*(_stretches(places, found) for places, found in zip(sides, starts, strict=True)))


def _stretches(places: Sequence[int], starts: Sequence[int]) -> tuple[Span, ...]:
    """Join neighbouring characters, given by their order among the non-blank ones, into stretches of the text."""
    spans: list[Span] = []
    for order in sorted({at + step for at in starts for step in range(CHRF_RUN)}):
        here = places[order]
        if spans and order > 0 and spans[-1].end - 1 == places[order - 1]:
            spans[-1] = Span(spans[-1].start, here + 1)
        else:
            spans.append(Span(here, here + 1))
    return tuple(spans)


_FINDERS: Mapping[str, Callable[[str, str], Matches]] = {
    "rouge1": _words_in_runs(1),
    "rouge2": _words_in_runs(2),
    "rougeL": _in_order,
    "chrf": _characters,
}
