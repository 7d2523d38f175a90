"""Numerals of a text as spans with their possible values: 1.200, 1,200, "mil doscientos", "2,5 millones", 18:30.

A number in digits can be read in more than one way ("1.200" is twelve hundred in Argentina and one point two in the
United States), so each carries the set of its readings, and two numbers agree when they share one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from poetas.evaluation.number_words import LANGUAGES, SPANISH, NumberWords
from poetas.evaluation.words import Word, located_words
from poetas.util.text_normalize import strip_accents

_DIGITS = re.compile(r"(?<![\w.,:])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\w)|(?<!\w)\d+(?:[.,:'’]\d+)*")
_MARKS = re.compile(r"[.,:'’]")
_BETWEEN = " -\u00a0"  # what may stand between the words of one number
_THOUSANDS = 3  # digits in a group


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text: ``text[start:end]``, and every value it can be read as."""

    start: int
    end: int
    readings: frozenset[float]


def numerals(text: str, language: str = "es") -> list[Numeral]:
    """Return the numbers of a text in order; ``language`` ("es", "en") says which number words are known.

    >>> [sorted(number.readings) for number in numerals("1.200 autos, 2,5 millones y treinta y dos gatos")]
    [[1.2, 1200.0], [2500000.0], [32.0]]
    """
    table = LANGUAGES.get(language, SPANISH)
    words = located_words(text)
    digits = list(_in_digits(text, words, table))
    taken = [(number.start, number.end) for number in digits]
    free = [word for word in words if not any(start < word.end and word.start < end for start, end in taken)]
    return sorted([*digits, *_in_words(text, free, table)], key=lambda number: number.start)


def _in_digits(text: str, words: list[Word], table: NumberWords) -> Iterator[Numeral]:
    following = {word.start: word for word in words}
    for match in _DIGITS.finditer(text):
        readings, end = _readings(match.group()), match.end()
        after = following.get(end + 1) if text[end : end + 1].isspace() else None
        scale = table.scales.get(strip_accents(after.text)) if after is not None else None
        if after is not None and scale:  # "2,5 millones"
            readings, end = frozenset(value * scale for value in readings), after.end
        yield Numeral(match.start(), end, readings)


def _readings(digits: str) -> frozenset[float]:
    """Return every value that a number in digits can stand for.

    >>> sorted(_readings("12.400,50")), sorted(_readings("1,5")), sorted(_readings("18:30"))
    ([12400.5], [1.5], [18.3])
    """
    unbroken = re.sub(r"\s", "", digits)
    marks, groups = _MARKS.findall(unbroken), _MARKS.split(unbroken)
    if not marks:
        return frozenset({float(unbroken)})
    values: set[float] = set()
    grouped = all(len(group) == _THOUSANDS for group in groups[1:]) and len(groups[0]) <= _THOUSANDS
    if grouped and len(set(marks)) == 1 and marks[0] != ":":
        values.add(float("".join(groups)))  # the marks separate thousands
    if len(marks) == 1 or (marks[-1] not in marks[:-1] and len(set(marks[:-1])) == 1):
        values.add(float("".join(groups[:-1]) + "." + groups[-1]))  # the last mark is the decimal one, or hours:minutes
    # Where nothing fits it is a version or the like: its parts.
    return frozenset(values or {float(group) for group in groups})


def _in_words(text: str, words: list[Word], table: NumberWords) -> Iterator[Numeral]:
    """Yield the runs of number words in ``words``; a comma between two of them makes two numbers."""
    run: list[Word] = []
    for index, word in enumerate(words):
        following = strip_accents(words[index + 1].text) if index + 1 < len(words) else ""
        apart = bool(run) and text[run[-1].end : word.start].strip(_BETWEEN) != ""
        if run and (
            apart or not table.go_on([strip_accents(other.text) for other in run], strip_accents(word.text), following)
        ):
            yield from _numeral(run, table)
            run = []
        if run or table.go_on([], strip_accents(word.text), following):
            run.append(word)
    yield from _numeral(run, table)


def _numeral(run: list[Word], table: NumberWords) -> Iterator[Numeral]:
    if len(run) > 1 or (run and run[0].text not in table.alone):
        value = float(table.value([strip_accents(word.text) for word in run]))
        yield Numeral(run[0].start, run[-1].end, frozenset({value}))
