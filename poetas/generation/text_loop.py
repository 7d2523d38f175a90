"""Repetition in a text: where it begins to say the same words again and again, or says a phrase twice."""

from __future__ import annotations

import re
from dataclasses import dataclass

from poetas.util.text_normalize import letters_only

_WORD = re.compile(r"\S+")
LEAST = 3  # words of a phrase that comes twice with others between


@dataclass(frozen=True, slots=True)
class Repetition:
    """A phrase that comes again. spans: of each time, in characters, in order. loop: each follows the one before."""

    spans: tuple[tuple[int, int], ...]
    loop: bool


def find_repetition(text: str) -> Repetition | None:
    """Return the repetition that covers most of a text, a loop rather than a phrase that only comes twice; or None.

    Words are compared without case and signs. A loop of one word takes three times, so that «muy, muy» is none.

    >>> find_repetition("sol y mar, sol y mar, sol y").spans
    ((0, 10), (11, 21))
    >>> find_repetition("la casa de mi tía y la casa de mi abuela").loop, find_repetition("uno dos tres")
    (False, None)
    """
    places = [match.span() for match in _WORD.finditer(text)]
    words = [letters_only(text[start:end]) for start, end in places]
    best = _loop(words)
    if best is not None:
        start, period, times = best
        starts = [start + turn * period for turn in range(times)]
        return Repetition(tuple((places[begin][0], places[begin + period - 1][1]) for begin in starts), loop=True)
    again = _twice(words)
    if again is None:
        return None
    first, second, length = again
    return Repetition(tuple((places[place][0], places[place + length - 1][1]) for place in (first, second)), loop=False)


def _loop(words: list[str]) -> tuple[int, int, int] | None:
    """Start, period and times of the run of equal phrases that covers most words (the shortest period of these)."""
    best: tuple[int, int, int] | None = None
    for period in range(1, len(words) // 2 + 1):
        start = 0
        while start + 2 * period <= len(words):
            times = 1
            while words[start + times * period : start + (times + 1) * period] == words[start : start + period]:
                times += 1
            enough = times >= (3 if period == 1 else 2)
            if enough and (best is None or period * times > best[1] * best[2]):
                best = (start, period, times)
            start += (times - 1) * period + 1
    return best


def _twice(words: list[str]) -> tuple[int, int, int] | None:
    """Both starts and the length of the longest phrase that comes twice without overlapping."""
    for length in range(len(words) // 2, LEAST - 1, -1):
        seen: dict[tuple[str, ...], int] = {}
        for start in range(len(words) - length + 1):
            first = seen.setdefault(tuple(words[start : start + length]), start)
            if first + length <= start:
                return first, start, length
    return None
