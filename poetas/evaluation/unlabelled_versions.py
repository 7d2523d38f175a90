"""Versions of one text for a blind tasting: in an order that gives nothing away, and what the votes add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

REFERENCE, BASE, TUNED = "reference", "base", "tuned"
VERSE_LINES = 4  # of each continuation: a longer one would give itself away
_FEWEST_LINES = 2


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is shown. text: "" where nothing was written. writers: who wrote it; several wrote the same."""

    text: str
    writers: tuple[str, ...]


def shuffled(versions: Mapping[str, str], seed: str) -> tuple[Version, ...]:
    """Return the versions, equal ones as one, in an order that depends on the seed and on their texts alone.

    versions: {writer: text}. The same seed gives the same order again, after a reload too.

    >>> shuffled({"reference": "Llovió.", "base": "El río.", "tuned": "Llovió. "}, "a")
    (Version(text='Llovió.', writers=('reference', 'tuned')), Version(text='El río.', writers=('base',)))
    """
    writers: dict[str, list[str]] = {}
    for writer, words in versions.items():
        writers.setdefault(words.strip(), []).append(writer)
    order = sorted(writers, key=lambda words: sha256(f"{seed}\n{words}".encode()).digest())
    return tuple(Version(words, tuple(writers[words])) for words in order)


def same_length(versions: Mapping[str, str], lines: int = VERSE_LINES) -> dict[str, str]:
    r"""Cut continuations of verse to as many lines as the shortest one that has any, at most ``lines``.

    Two lines are left in any case: beside a model that writes prose in one line, half a sentence of verse is no match.

    >>> same_length({"reference": "a\n\nb\nc", "base": "d\ne", "tuned": ""})
    {'reference': 'a\n\nb', 'base': 'd\ne', 'tuned': ''}
    >>> same_length({"reference": "a\nb\nc", "base": "d"})["reference"]
    'a\nb'
    """
    counts = [count for words in versions.values() if (count := sum(bool(line.strip()) for line in words.split("\n")))]
    most = max(_FEWEST_LINES, min([lines, *counts]))
    return {writer: _first_lines(words, most) for writer, words in versions.items()}


def _first_lines(words: str, most: int) -> str:
    kept: list[str] = []
    for line in words.strip("\n").split("\n"):
        kept.append(line)
        most -= bool(line.strip())
        if not most:
            break
    return "\n".join(kept).rstrip()


def tally(votes: Iterable[tuple[str, ...]]) -> Counter[str]:
    """Count the votes for each writer; one for a version that several wrote counts for none of them, but for "shared".

    votes: the writers of each chosen version; () where the taster had no favourite.

    >>> sorted(tally([("tuned",), ("base", "tuned"), ()]).items())
    [('none', 1), ('shared', 1), ('tuned', 1)]
    """
    return Counter(writers[0] if len(writers) == 1 else "shared" if writers else "none" for writers in votes)
