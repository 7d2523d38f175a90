"""Number words in Spanish and English ("treinta y dos mil", "twenty-two"): tables and their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

HUNDRED, THIRTY, TWENTY, TEN = 100, 30, 20, 10


@dataclass(frozen=True)
class NumberWords:
    """The number words of a language, without accents.

    units: words that add up. scales: words that multiply the words before them. joint: the word between tens and
    units. joins_from: the smallest value that takes another word right after it without the joint ("twenty two").
    alone: words that say nothing about quantity when they stand alone, because they are articles or pronouns too.
    """

    units: Mapping[str, int]
    scales: Mapping[str, int]
    joint: str
    joins_from: int
    alone: frozenset[str]

    @cached_property
    def known(self) -> frozenset[str]:
        """The words that can be part of a number."""
        return frozenset({*self.units, *self.scales, self.joint})

    def of(self, word: str) -> int:
        """Return the value of one word, 0 where it is no number."""
        return self.units.get(word) or self.scales.get(word) or 0

    def go_on(self, run: Sequence[str], word: str, following: str) -> bool:
        """Tell whether ``word`` continues the number begun by ``run`` (or begins one, where ``run`` is empty)."""
        if not run:
            return self.of(word) > 0
        last = self.of(run[-1])
        if word == self.joint:
            after = self.of(following)
            return (0 < after < TEN and THIRTY <= last < HUNDRED) or 0 < after < last == HUNDRED
        value = self.of(word)
        if not value:
            return False
        return run[-1] == self.joint or value > last or last >= HUNDRED or (last >= self.joins_from and value < TEN)

    def value(self, run: Sequence[str]) -> int:
        """Add up a run of words.

        >>> SPANISH.value("dos mil treinta y dos".split()), ENGLISH.value("two hundred thousand".split())
        (2032, 200000)
        """
        total, part = 0, 0
        for word in run:
            scale = self.scales.get(word, 0)
            if scale > HUNDRED:
                total, part = total + max(part, 1) * scale, 0
            elif scale:
                part = max(part, 1) * scale
            else:
                part += self.units.get(word, 0)
        return total + part


def _counted(words: str, first: int, step: int = 1) -> dict[str, int]:
    return {word: first + step * index for index, word in enumerate(words.split())}


SPANISH = NumberWords(
    units={
        **_counted(
            "uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
            " dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis"
            " veintisiete veintiocho veintinueve",
            1,
        ),
        **_counted("treinta cuarenta cincuenta sesenta setenta ochenta noventa cien", 30, 10),
        **_counted("ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos", 100, 100),
        **_counted("doscientas trescientas cuatrocientas quinientas seiscientas setecientas", 200, 100),
        **_counted("ochocientos novecientos", 800, 100),
        **_counted("ochocientas novecientas", 800, 100),
        **dict.fromkeys(("un", "una"), 1),
        **dict.fromkeys(("veintiun", "veintiuna"), 21),
    },
    scales={"mil": 1000, "millon": 10**6, "millones": 10**6},
    joint="y",
    joins_from=HUNDRED,
    alone=frozenset({"un", "una", "uno"}),
)
ENGLISH = NumberWords(
    units={
        **_counted(
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen",
            1,
        ),
        **_counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
    },
    scales={"hundred": HUNDRED, "thousand": 1000, "million": 10**6, "billion": 10**9},
    joint="and",
    joins_from=TWENTY,
    alone=frozenset({"one"}),
)
LANGUAGES: Mapping[str, NumberWords] = {"es": SPANISH, "en": ENGLISH}
