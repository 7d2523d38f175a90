"""Verses of a style's samples: the whole lines that a system wrote, in their stanzas, and the lines that it learnt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from poetas.evaluation.metrics.style_metric import StyleWriting
from poetas.evaluation.scansion import Verse, metre_of, rhyme, verse
from poetas.evaluation.verse_detection import LEARNT, is_verse, sampled_lines

NEAR = 3  # lines: a rhyme further away is not heard
RHYMED = 0.35  # share of the learner's verses that rhyme, from which on rhyme is part of the style; by chance: 0.2

Stanza = list[tuple[str, bool]]  # its lines, and whether the system wrote each


def stanzas(writing: StyleWriting, index: int) -> list[Stanza]:
    """Return the stanzas of one sample, its beginning included; a last line that breaks off is left out."""
    beginning = writing.beginnings[index] if writing.beginnings else ""
    cut = bool(writing.cut) and writing.cut[index]
    text = writing.texts[index]
    lines = [(line, False) for line in beginning.split("\n")]
    # The line that the beginning leaves open is the system's, and so are all that follow.
    rest = text.split("\n")
    lines[-1] = (lines[-1][0] + rest[0], True)
    lines += [(line, True) for line in rest[1:]]
    if cut and lines:
        lines.pop()
    parts: list[Stanza] = [[]]
    for line, own in lines:
        if line.strip():
            parts[-1].append((line.strip(), own))
        elif parts[-1]:
            parts.append([])
    return [stanza for stanza in parts if stanza]


def written_lines(writing: StyleWriting) -> list[str]:
    """Return the whole lines that the system wrote, of all samples."""
    return [
        line for index in range(len(writing.texts)) for stanza in stanzas(writing, index) for line, own in stanza if own
    ]


def learnt_metre(writing: StyleWriting) -> tuple[int, ...]:
    """Return the metre of the training texts, see `metre_of`; () for prose, free verse and other languages."""
    return _metre(tuple(writing.training)) if writing.language == "es" else ()


@lru_cache(maxsize=1)
def _metre(training: tuple[str, ...]) -> tuple[int, ...]:
    return metre_of(sampled_lines(training)) if is_verse(training) else ()


def learnt_rhyme(writing: StyleWriting) -> bool:
    """Tell whether the training texts rhyme."""
    return writing.language == "es" and _rhymed(tuple(writing.training))


@lru_cache(maxsize=1)
def _rhymed(training: tuple[str, ...]) -> bool:
    if not is_verse(training):
        return False
    step = max(1, -(-sum(text.count("\n") + 1 for text in training) // LEARNT))
    values = [
        value
        for text in training[::step]
        for stanza in text.split("\n\n")
        for value in rhymes([(line, True) for line in stanza.split("\n") if line.strip()])
    ]
    return bool(values) and sum(values) >= RHYMED * len(values)


def rhymes(stanza: Stanza) -> list[float]:
    """Return for each line that the system wrote, in a stanza of several, 1.0 where it rhymes with one near it."""
    scanned: list[Verse | None] = [verse(line) for line, _own in stanza]
    if len(scanned) < 2:  # noqa: PLR2004 - a line alone cannot rhyme
        return []
    return [float(_rhymes(scanned, index)) for index, (_line, own) in enumerate(stanza) if own]


def _rhymes(scanned: Sequence[Verse | None], index: int) -> bool:
    ours = scanned[index]
    near = range(max(0, index - NEAR), min(len(scanned), index + NEAR + 1))
    return ours is not None and any(
        theirs is not None and rhyme(ours, theirs) for place in near if place != index for theirs in [scanned[place]]
    )
