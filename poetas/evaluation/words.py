r"""Words as the metrics count them: Unicode NFC, lower case, runs of `\w`, with their places in the text.

`rouge_score` splits words at every letter outside a-z ("canción" becomes "canci", "n"), which makes Spanish
scores meaningless. Here a word is a maximal run of letters, digits and underscores in any script. Positions always
refer to the text as it was given, also where it comes decomposed (an "o" followed by a combining accent).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

WORD = re.compile(r"\w+")

Item = TypeVar("Item", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: ``text[start:end]``, in characters."""

    start: int
    end: int


class Word(NamedTuple):
    """A word in its normal form, and where it stands in the text as it was given."""

    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The word's place."""
        return Span(self.start, self.end)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def words(text: str) -> list[str]:
    r"""Return the words of a text, NFC and in lower case.

    >>> words("¿Cuántas canciones, Ñandú?"), words("cancio\u0301n")
    (['cuántas', 'canciones', 'ñandú'], ['canción'])
    """
    return [word.lower() for word in WORD.findall(_nfc(text))]


def word_set(table: str) -> frozenset[str]:
    """Return the words of a table that is written as a text, with blanks between them."""
    return frozenset(table.split())


def located_words(text: str) -> list[Word]:
    r"""Return the same words as `words`, each with its place in ``text``.

    >>> [(word.text, word.start, word.end) for word in located_words("cancio\u0301n rota")]
    [('canción', 0, 8), ('rota', 9, 13)]
    """
    if unicodedata.is_normalized("NFC", text):
        return [Word(match.group().lower(), match.start(), match.end()) for match in WORD.finditer(text)]
    pieces = list(_composed(text))
    joined = "".join(piece for piece, _, _ in pieces)
    start_of = [start for piece, start, _ in pieces for _ in piece]
    end_of = [end for piece, _, end in pieces for _ in piece]
    return [
        Word(match.group().lower(), start_of[match.start()], end_of[match.end() - 1]) for match in WORD.finditer(joined)
    ]


def is_word_of(word: str, text: str) -> bool:
    """Whether `WORD` finds a word in a text spelt just so; far quicker than taking a long text apart.

    >>> is_word_of("Ana", "Vino Ana."), is_word_of("Ana", "Vino Anabel."), is_word_of("Ana", "Vino ana.")
    (True, False, False)
    """
    place = text.find(word) if WORD.fullmatch(word) else -1
    while place >= 0:
        end = place + len(word)
        if not any(beside.isalnum() or beside == "_" for beside in (text[place - 1 : place], text[end : end + 1])):
            return True
        place = text.find(word, place + 1)
    return False


def _composed(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield the NFC form of ``text`` in pieces that compose on their own, with the place each piece came from."""
    start = 0
    for here in range(1, len(text) + 1):
        if here < len(text):
            char, before = text[here], text[start:here]
            if unicodedata.combining(char) or _nfc(before + char) != _nfc(before) + _nfc(char):
                continue  # this character joins the one before it
        yield _nfc(text[start:here]), start, here
        start = here


class Located(Protocol):
    """Something with a place in a text: ``text[start:end]``."""

    @property
    def start(self) -> int:
        """Index of the first character."""

    @property
    def end(self) -> int:
        """Index after the last character."""


def words_outside(words: Sequence[Word], spans: Sequence[Located]) -> list[Word]:
    """Return the words that overlap none of the spans; both are in the order of the text.

    >>> [word.text for word in words_outside(located_words("dos gatos y un perro"), [Span(0, 9), Span(12, 14)])]
    ['y', 'perro']
    """
    if not spans:
        return list(words)
    outside: list[Word] = []
    here = 0
    for word in words:
        while here < len(spans) and spans[here].end <= word.start:
            here += 1
        if here == len(spans) or spans[here].start >= word.end:
            outside.append(word)
    return outside


def ngrams(items: Sequence[Item], size: int) -> list[tuple[Item, ...]]:
    """Return the runs of ``size`` neighbours, in order.

    >>> ngrams(["a", "b", "c"], 2), ngrams(["a"], 2)
    ([('a', 'b'), ('b', 'c')], [])
    """
    if size < 1:
        raise ValueError("an n-gram has at least one item")
    return [tuple(items[start : start + size]) for start in range(len(items) - size + 1)]
