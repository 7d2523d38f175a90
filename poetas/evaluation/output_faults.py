"""Faults of a system's outputs that no score against a reference sees: collapse, and names and numbers invented.

A system has collapsed where most of its outputs are the first sentence of their texts, one and the same text, one word,
or nothing. Each share is set against that of the reference summaries: where these are alike or copied, so may outputs
be. What a summary invents is what `metrics.unsupported` finds: signs, not proofs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Indel

from poetas.evaluation.metrics.registry import inventions
from poetas.evaluation.metrics.repetition import repetition
from poetas.evaluation.metrics.unsupported import unsupported
from poetas.evaluation.sentences import sentences
from poetas.evaluation.words import words

FEWEST_ALIKE = 5  # outputs: fewer can be alike by chance
MOST = 0.5  # share of the outputs: from here on a fault is what the system does
COPYING = 0.8  # the same for copies of the first sentence, which is a fair summary of some texts
EXCESS = 0.3  # a share counts where it is this much above that of the references
READ = 3  # texts to read
_ALIKE = 0.9  # similarity of two word sequences that a reader takes for one
_LOOPING = 0.5  # share of repeated runs of three words in a text that goes in circles
_COMPARED = 200  # outputs that are compared with one another
_CANDIDATES = 20


class Collapse(StrEnum):
    """What most outputs are."""

    EMPTY = "empty"
    WORD = "word"
    SAME = "same"
    FIRST_SENTENCE = "first_sentence"


@dataclass(frozen=True, slots=True)
class OutputFaults:
    """What was found in the outputs of one system.

    collapse: what most of them are, None where they are of many kinds; collapsed: how many are that. inventing: how
    many hold a name or number that their text does not. often: whether these are many more than among the references.
    read: indices of the texts to read, those that invent most. n: outputs.
    """

    collapse: Collapse | None
    collapsed: int
    inventing: int
    often: bool
    read: tuple[int, ...]
    n: int


def output_faults(
    outputs: Sequence[str],
    references: Sequence[str],
    sources: Sequence[str],
    scores: Sequence[Mapping[str, float]],
    language: str = "es",
) -> OutputFaults:
    """Return the faults of ``outputs``; the sequences are equally long. scores: of the outputs, by key.

    >>> texts = [f"Llovió en {place}. Nadie salió." for place in ("Salta", "Jujuy", "Cachi", "Orán", "Yavi")]
    >>> none = {"unsupported_names": 0.0, "unsupported_numbers": 0.0}
    >>> faults = output_faults(["Llovió en Salta"] * 5, "Uno Dos Tres Cuatro Cinco".split(), texts, [none] * 5)
    >>> str(faults.collapse), faults.collapsed
    ('same', 5)
    """
    count = len(outputs)
    invented = [inventions(score) for score in scores]
    inventing = sum(amount > 0 for amount in invented)
    by_people = sum(bool(unsupported(*pair, language)) for pair in zip(references, sources, strict=True))
    collapse, collapsed = collapse_of(outputs, references, sources)
    worst = sorted(range(count), key=lambda index: (-invented[index], index))
    return OutputFaults(
        collapse,
        collapsed,
        inventing,
        count > 0 and inventing / count >= by_people / count + EXCESS,
        tuple(index for index in worst[:READ] if invented[index]),
        count,
    )


def collapse_of(
    outputs: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()
) -> tuple[Collapse | None, int]:
    """Return what most outputs are, and how many are that; (None, 0) where they are of many kinds.

    sources: the texts that are summarised, () where there are none to copy from.
    """
    count = len(outputs)
    if count < FEWEST_ALIKE:
        return None, 0
    kinds: list[tuple[Collapse, float, Callable[[Sequence[str]], int]]] = [
        (Collapse.EMPTY, MOST, lambda texts: sum(not words(text) for text in texts)),
        (Collapse.WORD, MOST, lambda texts: sum(_goes_in_circles(text) for text in texts)),
        (Collapse.SAME, MOST, _most_alike),
    ]
    if sources:
        kinds.append((Collapse.FIRST_SENTENCE, COPYING, lambda texts: sum(map(_copies_the_first, texts, sources))))
    for kind, least, counted in kinds:
        number = counted(outputs)
        if number >= least * count and number >= counted(references) + EXCESS * count:
            return kind, number
    return None, 0


def _goes_in_circles(text: str) -> bool:
    """Tell whether a text is one word, once or again and again, or mostly the same few words.

    >>> [_goes_in_circles(text) for text in ("de de de", "Sí.", "uno dos uno dos uno dos uno", "Llovió en Salta.")]
    [True, True, True, False]
    """
    tokens = words(text)
    if not tokens:
        return False
    return len(set(tokens)) == 1 or repetition(text) >= _LOOPING


def _most_alike(texts: Sequence[str]) -> int:
    """Return how many texts are (nearly) the commonest one."""
    split = [tuple(words(text)) for text in texts[:_COMPARED]]
    commonest = [text for text, _times in Counter(split).most_common(_CANDIDATES) if text]
    most = max(
        (sum(Indel.normalized_similarity(text, other) >= _ALIKE for other in split) for text in commonest), default=0
    )
    return round(most * len(texts) / len(split))


def _copies_the_first(text: str, source: str) -> bool:
    """Tell whether a text is the first sentence of its source, or that sentence cut short or slightly changed."""
    first = next(iter(sentences(source)), "")
    ours, theirs = words(text), words(first)
    if not ours:
        return False
    last = len(ours) - 1  # it may break off in mid-word
    same = theirs[:last] == ours[:last] and "".join(theirs[last : last + 1]).startswith(ours[last])
    return (same and len(ours) >= len(theirs) / 2) or Indel.normalized_similarity(ours, theirs) >= _ALIKE
