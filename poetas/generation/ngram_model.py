r"""N-gram language model of a small text: words in, exact counts of what follows each context, words drawn from them.

A count is made when it is asked for, from the positions of a word, so that the model is the text and an index of its
words: 50,000 characters take a few milliseconds. Words are compared in lower case, without punctuation; the end of a
line counts as a word (`LINE_END`), so that the model writes verses.

>>> model = NGramModel.of_text("el mar y la luna\nel mar y la sal")
>>> dict(model.next_words(["la"], longest=1).counts)
{'luna': 1, 'sal': 1}
"""

from __future__ import annotations

import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from poetas.util.text_normalize import composed

LINE_END = "\n"  # the end of a verse, counted as a word
LONGEST_CONTEXT = 3  # words
LONGEST_WORD = 40  # characters: longer ones are no words
_WITHIN = "'’-·"  # signs that may stand inside a word


@dataclass(frozen=True, slots=True)
class NextWords:
    """Words seen after a context.

    context: the words that were looked at; shorter than what was asked for where that was never seen (back-off).
    counts: how often each word followed, the most frequent first; level ones in the order of the text.
    """

    context: tuple[str, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many words followed in all."""
        return sum(self.counts.values())

    def ticket(self, number: int) -> str:
        """Return the word that holds a ticket of a raffle in which each word has as many as its count.

        number: from 1 to `total`.

        >>> NextWords(("la",), {"luna": 2, "sal": 1}).ticket(3)
        'sal'
        """
        for word, count in self.counts.items():
            number -= count
            if number <= 0:
                return word
        raise ValueError(number)


@dataclass(frozen=True, slots=True)
class Draw:
    """A drawn word. ticket: its number, from 1 to the total of ``seen``."""

    word: str
    ticket: int
    seen: NextWords


class NGramModel:
    """Counts of an n-gram model over texts, each a sequence of lines, each of these a sequence of words.

    Contexts do not reach from one text into another. Before the first word of a text stands a `LINE_END`.
    """

    def __init__(self, texts: Sequence[Sequence[Sequence[str]]]) -> None:
        self.texts = texts
        self.words: list[str] = []  # of all texts, one after another
        self._starts: list[int] = []  # for each word, where its text begins
        for lines in texts:
            start = len(self.words)
            self.words.append(LINE_END)
            for line in lines:
                self.words += [*line, LINE_END]
            self._starts += [start] * (len(self.words) - start)
        self._positions: defaultdict[str, list[int]] = defaultdict(list)
        self._counted: dict[tuple[str, ...], Mapping[str, int]] = {}  # what was asked for already
        for index, word in enumerate(self.words):
            self._positions[word].append(index)

    @classmethod
    def of_text(cls, text: str) -> NGramModel:
        """Return the model of a text; a blank line separates its parts, and where there is none, each line is one."""
        return cls(divided(text))

    @cached_property
    def frequencies(self) -> Mapping[str, int]:
        """How often each word occurs, the most frequent first, without the ends of lines."""
        counts = {word: len(where) for word, where in self._positions.items() if word != LINE_END}
        return dict(sorted(counts.items(), key=lambda entry: -entry[1]))

    def __len__(self) -> int:
        """Number of words, without the ends of lines."""
        return sum(self.frequencies.values())

    def knows(self, word: str) -> bool:
        """Return whether a word occurs."""
        return word in self._positions

    def next_words(self, before: Sequence[str], *, longest: int) -> NextWords:
        """Return what follows the longest context that was seen, of at most ``longest`` of the words before.

        Raises ValueError for a model without words.
        """
        for length in range(min(longest, len(before)), 0, -1):
            context = tuple(before[-length:])
            if counts := self._following(context):
                return NextWords(context, counts)
        if not self.words:
            raise ValueError("a model without words")
        return NextWords((), self._anywhere)

    def _following(self, context: tuple[str, ...]) -> Mapping[str, int]:
        if context not in self._counted:
            length, words, counts = len(context), self.words, Counter[str]()
            for index in self._positions.get(context[-1], ()):
                first, following = index - length + 1, index + 1
                if following == len(words) or first < self._starts[following]:  # across two texts
                    continue
                if length == 1 or tuple(words[first:following]) == context:
                    counts[words[following]] += 1
            self._counted[context] = dict(counts.most_common())
        return self._counted[context]

    @cached_property
    def _anywhere(self) -> Mapping[str, int]:
        """How often each word follows any other."""
        counts = Counter(word for index, word in enumerate(self.words) if index != self._starts[index])
        return dict(counts.most_common())

    def draw(self, before: Sequence[str], rng: random.Random, *, longest: int) -> Draw:
        """Draw the next word by its count."""
        seen = self.next_words(before, longest=longest)
        ticket = rng.randint(1, seen.total)
        return Draw(seen.ticket(ticket), ticket, seen)

    def write(
        self, before: Sequence[str], rng: random.Random, *, longest: int, lines: int, most: int = 60
    ) -> list[str]:
        """Return ``before`` continued until ``lines`` more ends of lines are drawn, or ``most`` words."""
        written = list(before)
        for _index in range(most):
            written.append(self.draw(written or [LINE_END], rng, longest=longest).word)
            lines -= written[-1] == LINE_END
            if lines <= 0:
                break
        return written

    def copied(self, written: Sequence[str]) -> range:
        """Return the longest run of words that stands in one text as it was written, as indices into ``written``."""
        best = range(0)
        for first in range(len(written)):
            while (end := first + len(best) + 1) <= len(written) and _joined(written[first:end]) in self._whole:
                best = range(first, end)
        return best

    @cached_property
    def _whole(self) -> str:
        """All texts as one string, to search for runs of words."""
        return "".join(
            _joined([LINE_END, *(word for line in text for word in (*line, LINE_END))]) for text in self.texts
        )

    def without(self, word: str) -> NGramModel:
        """Return the model of the texts in which a word does not occur."""
        return NGramModel([lines for lines in self.texts if not any(word in line for line in lines)])


def _joined(words: Iterable[str]) -> str:
    return "".join(f" {word} " for word in words)


def divided(text: str) -> list[list[list[str]]]:
    r"""Return the texts of a text, as lines of words: parts between blank lines or, where there are none, its lines.

    >>> divided("Uno, dos.\n¡Tres!\n\nCuatro")
    [[['uno', 'dos'], ['tres']], [['cuatro']]]
    >>> divided("Uno\ndos")
    [[['uno']], [['dos']]]
    """
    lines = [words_of(line) for line in composed(text).splitlines()]
    parts: list[list[list[str]]] = [[]]
    for line, raw in zip(lines, composed(text).splitlines(), strict=True):
        if line:
            parts[-1].append(line)
        elif not raw.strip() and parts[-1]:
            parts.append([])
    parts = [part for part in parts if part]
    return [[line] for line in parts[0]] if len(parts) == 1 else parts


def words_of(line: str) -> list[str]:
    """Return the words of a line in lower case, without punctuation, digits kept; of any script.

    >>> words_of("—¡Ay, O’Higgins! (dijo) 3 veces…")
    ['ay', 'o’higgins', 'dijo', '3', 'veces']
    """
    kept = "".join(_letter_or_blank(character) for character in composed(line).lower())
    words = (word.strip(_WITHIN) for word in kept.split())
    return [word for word in words if word and len(word) <= LONGEST_WORD]


def _letter_or_blank(character: str) -> str:
    """Return a letter, digit, combining mark or a sign that may stand inside a word; a blank for anything else."""
    return character if unicodedata.category(character)[0] in "LMN" or character in _WITHIN else " "


def shown(words: Iterable[str]) -> str:
    r"""Return words as text, with its verses in lines.

    >>> shown(["el", "mar", LINE_END, "y"])
    'el mar\ny'
    """
    return " ".join(words).replace(f" {LINE_END} ", LINE_END).replace(f" {LINE_END}", LINE_END).strip()
