"""Faults of a system's outputs that no score against a reference sees: collapse, and names and numbers invented.

A system has collapsed where most of its outputs are nothing, one word, one and the same text, their whole text or
sentences of it, or where these together are most. Each share is set against that of the reference summaries: where
these are alike or copied, so may outputs be. What a summary invents is what `metrics.unsupported` finds: signs, not
proofs.
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
COPYING = 0.8  # the same for copies of sentences, which are a fair summary of some texts
EXCESS = 0.3  # a share counts where it is this much above that of the references
READ = 3  # texts to read
_ALIKE = 0.9  # similarity of two word sequences that a reader takes for one
_LOOPING = 0.5  # share of repeated runs of three words in a text that goes in circles
_COMPARED = 200  # outputs that are compared with one another
_CANDIDATES = 20
_FEWEST_SAME = 3  # alike outputs that count beside other faults
_LEAST_COPIED = 5  # words in a row
_GARNISHED = 1.8  # words of a text, for each of the sentence that it holds whole


class Collapse(StrEnum):
    """What most outputs are."""

    EMPTY = "empty"
    WORD = "word"
    SAME = "same"
    ECHO = "echo"
    FIRST_SENTENCE = "first_sentence"
    SENTENCES = "sentences"
    MIXED = "mixed"


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
    ours, theirs = _marked(outputs, sources), _marked(references, sources)
    for kind in ours:
        number = sum(ours[kind])
        if number >= _least(kind) * count and number >= sum(theirs[kind]) + EXCESS * count:
            return kind, number
    for kinds, least in ((_BROKEN, MOST), (tuple(ours), COPYING)):
        number, by_people = _together(ours, kinds), _together(theirs, kinds)
        if number >= least * count and number >= by_people + EXCESS * count:
            return Collapse.MIXED, number
    return None, 0


_BROKEN = (Collapse.EMPTY, Collapse.WORD, Collapse.SAME, Collapse.ECHO)


def _least(kind: Collapse) -> float:
    return MOST if kind in _BROKEN else COPYING


def _marked(texts: Sequence[str], sources: Sequence[str]) -> dict[Collapse, list[bool]]:
    """Tell of each text whether it has each of the faults."""
    marked = {
        Collapse.EMPTY: [not words(text) for text in texts],
        Collapse.WORD: [_goes_in_circles(text) for text in texts],
        Collapse.SAME: _alike(texts),
    }
    for kind, is_copy in _COPIES.items() if sources else ():
        marked[kind] = [is_copy(text, source) for text, source in zip(texts, sources, strict=True)]
    return marked


def _together(marked: Mapping[Collapse, Sequence[bool]], kinds: Sequence[Collapse]) -> int:
    """Count the texts that have one of the faults; a few that are alike are no fault."""
    counted = [marked[kind] for kind in kinds if kind in marked]
    counted = [marks for marks in counted if marks is not marked[Collapse.SAME] or sum(marks) >= _FEWEST_SAME]
    return sum(map(any, zip(*counted, strict=True)))


def _goes_in_circles(text: str) -> bool:
    """Tell whether a text is one word, once or again and again, or mostly the same few words.

    >>> [_goes_in_circles(text) for text in ("de de de", "Sí.", "uno dos uno dos uno dos uno", "Llovió en Salta.")]
    [True, True, True, False]
    """
    tokens = words(text)
    if not tokens:
        return False
    return len(set(tokens)) == 1 or repetition(text) >= _LOOPING


def _alike(texts: Sequence[str]) -> list[bool]:
    """Tell of each text whether it is (nearly) the commonest one."""
    split = [tuple(words(text)) for text in texts]
    compared = split[:_COMPARED]
    candidates = [text for text, _times in Counter(compared).most_common(_CANDIDATES) if text]
    commonest = max(candidates, key=lambda text: sum(_near(text, other) for other in compared), default=())
    return [bool(commonest) and _near(commonest, other) for other in split]


def _near(first: Sequence[str], other: Sequence[str]) -> bool:
    return Indel.normalized_similarity(first, other) >= _ALIKE


def _echoes(text: str, source: str) -> bool:
    """Tell whether a text is its whole source, also with something before or after it."""
    ours, theirs = words(text), words(source)
    return bool(theirs) and (_run(theirs) in _run(ours) or _near(ours, theirs))


def _copies_the_first(text: str, source: str) -> bool:
    """Tell whether a text is the first sentence of its source: whole, cut short, slightly changed or garnished.

    >>> source = "Llovió tres días en Tilcara. Creció el río."
    >>> _copies_the_first("El texto dice que llovió tres días en Tilcara.", source)
    True
    """
    first = next(iter(sentences(source)), "")
    ours, theirs = words(text), words(first)
    if not ours:
        return False
    last = len(ours) - 1  # it may break off in mid-word
    same = theirs[:last] == ours[:last] and "".join(theirs[last : last + 1]).startswith(ours[last])
    garnished = len(ours) <= _GARNISHED * len(theirs) and _run(theirs) in _run(ours)
    return (same and len(ours) >= len(theirs) / 2) or garnished or _near(ours, theirs)


def _copies_sentences(text: str, source: str) -> bool:
    """Tell whether a text is a stretch of its source, or sentences of it, wherever they stand there."""
    ours = words(text)
    if len(ours) < _LEAST_COPIED:
        return False
    if _run(ours[:-1]) in _run(words(source)):  # it may break off in mid-word
        return True
    held = [words(sentence) for sentence in sentences(source)]
    return all(any(_near(words(sentence), other) for other in held) for sentence in sentences(text))


def _run(tokens: Sequence[str]) -> str:
    return f" {' '.join(tokens)} "


_COPIES: dict[Collapse, Callable[[str, str], bool]] = {
    Collapse.ECHO: _echoes,
    Collapse.FIRST_SENTENCE: _copies_the_first,
    Collapse.SENTENCES: _copies_sentences,
}
