"""Names put together out of two: a summary and its text in, places of "Juan Pérez" out of "Juan Gómez" and "Ana Pérez".

Each word of such a name is in the text, so that nothing is missing but the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from poetas.evaluation.given_names import GIVEN_NAMES
from poetas.evaluation.name_words import TITLES
from poetas.evaluation.words import Word, located_words
from poetas.util.text_normalize import strip_accents

_PARTICLES = {"de", "del", "la", "las", "los"}
_AND = {"y", "e"}
_KIN = {"hija", "hijo", "hijas", "hijos", "hermana", "hermano", "hermanas", "hermanos", "nieta", "nieto"}
_LONGEST = 6  # words from a given name to its last family name: "Ana, la hija de Juan Pérez"


def mixed_names(summary: str, words: Sequence[Word], source: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of given and family names that the text gives to two people, and never to one.

    >>> said = "Juan Pérez cantó."
    >>> list(mixed_names(said, located_words(said), "Juan Gómez cantó y Ana Pérez bailó."))
    [(0, 10)]
    >>> list(mixed_names(said, located_words(said), "Juan y Ana Pérez cantaron con Juan Gómez."))
    []
    """
    people: list[Word] | None = None  # the text is the long one: it is taken apart only where such a name is claimed
    end = 0
    for index, word in enumerate(words):
        family = _family_of(summary, words, index) if word.start >= end and _is_given(summary, word) else 0
        if not family or summary[word.start : words[family].end] in source:
            continue
        people = located_words(source) if people is None else people
        given = (_bare(other) for other in words[index:family] if _is_given(summary, other))
        if any(_of_two_people(source, people, name, _bare(words[family])) for name in given):
            end = words[family].end
            yield word.start, end


def _bare(word: Word) -> str:
    return strip_accents(word.text)


def _is_given(text: str, word: Word) -> bool:
    return text[word.start].isupper() and _bare(word) in GIVEN_NAMES


def _is_family(text: str, word: Word) -> bool:
    return text[word.start].isupper() and _bare(word) not in GIVEN_NAMES and word.text not in TITLES


def _family_of(text: str, words: Sequence[Word], index: int) -> int:
    """The place of the family name that ends a name: "Fuente" of "María Elena de la Fuente"; 0: it has none."""
    for place in range(index + 1, min(index + _LONGEST, len(words))):
        if not text[words[place - 1].end : words[place].start].isspace():
            return 0
        if _is_family(text, words[place]):
            return place
        if not _is_given(text, words[place]) and _bare(words[place]) not in _PARTICLES:
            return 0
    return 0


def _of_two_people(text: str, words: Sequence[Word], given: str, family: str) -> bool:
    """Whether a text has both names, each of another person, and never of one."""
    bare = [_bare(word) for word in words]
    otherwise = of_another = False
    for index, word in enumerate(bare):
        if word == given and _has_family(text, words, bare, index, family):
            return False
        if not _is_given(text, words[index]) or not (place := _family_of(text, words, index)):
            continue
        if word == given:
            otherwise = otherwise or bare[place] != family
        elif bare[place] == family:
            of_another = True
    return otherwise and of_another


def _has_family(text: str, words: Sequence[Word], bare: Sequence[str], index: int, family: str) -> bool:
    """Whether a family name is that of the given name at ``index``.

    It is in "Juan Carlos Pérez", "Juan y Ana Pérez", "Juan, el hijo de Ana Pérez", "Pérez, Juan" and "los hermanos
    Pérez, Ana y Juan".
    """
    own = False  # another family name was passed: what follows it is of other people
    for place in range(index + 1, min(index + 1 + _LONGEST, len(words))):
        between = text[words[place - 1].end : words[place].start].strip()
        if between not in {"", ",", "-"} or (between == "," and own):
            break
        if bare[place] == family:
            return True
        joins = bare[place] in _PARTICLES or (not own and bare[place] in {"el", *_AND, *_KIN})
        if not joins and not text[words[place].start].isupper():
            break
        own = own or _is_family(text, words[place])
    return _stands_before(text, words, bare, index, family)


def _stands_before(text: str, words: Sequence[Word], bare: Sequence[str], index: int, family: str) -> bool:
    """Whether a family name with no given name of its own stands before some given names, and a comma after it."""
    for place in range(index - 1, max(-1, index - 1 - _LONGEST), -1):
        between = text[words[place].end : words[place + 1].start].strip()
        if bare[place] == family:
            its_own = place > 0 and _is_given(text, words[place - 1]) and _family_of(text, words, place - 1) == place
            return between == "," and not its_own
        if between not in {"", ","} or not (_is_given(text, words[place]) or bare[place] in _AND):
            return False
    return False
