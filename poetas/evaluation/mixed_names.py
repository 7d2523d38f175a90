"""Names put together out of two: a summary and its text in, places of "Juan Pérez" out of "Juan Gómez" and "Ana Pérez".

Each word of such a name is in the text, so that nothing is missing but the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from poetas.evaluation.given_names import GIVEN_NAMES
from poetas.evaluation.name_words import TITLES
from poetas.evaluation.words import Word, located_words
from poetas.util.text_normalize import strip_accents

_PARTICLES = {"de", "del", "la", "las", "los"}
_AND = {"y", "e"}
_LONGEST = 4  # words from a given name to its last family name


def mixed_names(summary: str, words: Sequence[Word], source: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of given and family names that the text gives to two people, and never to one.

    >>> said = "Juan Pérez cantó."
    >>> list(mixed_names(said, located_words(said), "Juan Gómez cantó y Ana Pérez bailó."))
    [(0, 10)]
    >>> list(mixed_names(said, located_words(said), "Juan y Ana Pérez cantaron con Juan Gómez."))
    []
    """
    people: list[Word] | None = None  # the text is the long one: it is taken apart only where such a name is claimed
    for given, family in pairwise(words):
        if not (_is_given(summary, given) and _follows(summary, given, family) and _is_family(summary, family)):
            continue
        if summary[given.start : family.end] in source:
            continue
        people = located_words(source) if people is None else people
        if _of_two_people(source, people, _bare(given), _bare(family)):
            yield given.start, family.end


def _bare(word: Word) -> str:
    return strip_accents(word.text)


def _is_given(text: str, word: Word) -> bool:
    return text[word.start].isupper() and _bare(word) in GIVEN_NAMES


def _is_family(text: str, word: Word) -> bool:
    return text[word.start].isupper() and _bare(word) not in GIVEN_NAMES and word.text not in TITLES


def _follows(text: str, word: Word, after: Word) -> bool:
    return text[word.end : after.start] == " "


def _of_two_people(text: str, words: Sequence[Word], given: str, family: str) -> bool:
    """Whether a text has both names, each of another person, and never of one."""
    bare = [_bare(word) for word in words]
    otherwise = of_another = False
    for index, word in enumerate(bare):
        if word == given and _has_family(text, words, bare, index, family):
            return False
        near = index + 1 < len(words) and text[words[index].end : words[index + 1].start].isspace()
        if word == given and near and _is_family(text, words[index + 1]):
            otherwise = otherwise or bare[index + 1] != family
        if near and bare[index + 1] == family and word != given and _is_given(text, words[index]):
            of_another = True
    return otherwise and of_another


def _has_family(text: str, words: Sequence[Word], bare: Sequence[str], index: int, family: str) -> bool:
    """Whether a family name is that of the given name at ``index``.

    It is in "Juan Carlos Pérez", "Pérez, Juan" and "Juan y Ana Pérez".
    """
    if index and bare[index - 1] == family:
        return True
    after = range(index + 1, min(index + 1 + _LONGEST, len(words)))
    for place in after:
        if bare[place] == family:
            return True
        together = bare[place] in _PARTICLES or (place == index + 1 and bare[place] in _AND)
        if not together and not text[words[place].start].isupper():
            return False
    return False
