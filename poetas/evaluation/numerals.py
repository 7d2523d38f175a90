"""Numerals of a text as spans with their possible values: 1.200, 1,200, "mil doscientos", "2,5 millones", 18:30.

A number in digits can be read in more than one way ("1.200" is twelve hundred in Argentina and one point two in the
United States), so each carries the set of its readings, and two numbers agree when they share one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from poetas.evaluation.number_words import LANGUAGES, SPANISH, NumberWords
from poetas.evaluation.words import Word, located_words, words_outside
from poetas.util.text_normalize import strip_accents

_DIGITS = re.compile(r"(?<![\w.,:])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\w)|(?<!\w)\d+(?:[.,:'’]\d+)*")
_MARKS = re.compile(r"[.,:'’]")
_BETWEEN = " -\u00a0"  # what may stand between the words of one number
_THOUSANDS = 3  # digits in a group
_WORD_BEFORE, _WORD_AFTER = re.compile(r"(\w*)(\W*)\Z"), re.compile(r"(\W*)(\w*)")
_NEAR = 60  # characters that are looked at on either side


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text: ``text[start:end]``, and every value it can be read as."""

    start: int
    end: int
    readings: frozenset[float]


def numerals(text: str, language: str = "es", words: list[Word] | None = None) -> list[Numeral]:
    """Return the numbers of a text in order; ``language`` ("es", "en") says which number words are known.

    words: what `located_words` makes of the text, where that is known.

    >>> [sorted(number.readings) for number in numerals("1.200 autos, 2,5 millones y treinta y dos gatos")]
    [[1.2, 1200.0], [2500000.0], [32.0]]
    """
    table = LANGUAGES.get(language, SPANISH)
    words = located_words(text) if words is None else words
    digits = list(_in_digits(text, words, table))
    free = words_outside(words, digits)
    return sorted([*digits, *_in_words(text, free, table)], key=lambda number: number.start)


def stands_in(text: str, written: str, language: str = "es") -> bool:
    """Whether a number stands in a text just as it is written, with nothing beside it that would make it another.

    False says nothing: `numerals` may find its value in other words.

    >>> stands_in("Son tres gatos.", "tres"), stands_in("Son treinta y tres gatos.", "tres"), stands_in("10,5 m", "10")
    (True, False, False)
    """
    if not unicodedata.is_normalized("NFC", text):
        return False
    known = LANGUAGES.get(language, SPANISH).known

    def apart(gap: str, word: str) -> bool:
        number = any(map(str.isdigit, word)) or strip_accents(word.lower()) in known
        return not number and (not word or gap != "")

    place = text.find(written)
    while place >= 0:
        end = place + len(written)
        before = _WORD_BEFORE.search(text[max(0, place - _NEAR) : place])
        after = _WORD_AFTER.match(text[end : end + _NEAR])
        if before and after and apart(before[2], before[1]) and apart(after[1], after[2]):
            return not before[2].endswith((".", ",", ":"))
        place = text.find(written, end)
    return False


def _in_digits(text: str, words: list[Word], table: NumberWords) -> Iterator[Numeral]:
    matches = list(_DIGITS.finditer(text))
    following = {word.start: word for word in words} if matches else {}
    for match in matches:
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
    bare = [word.text if word.text.isascii() else strip_accents(word.text) for word in words]
    start = end = 0  # words[start:end]: the number begun
    # Any other word between two number words keeps them apart, as a comma does: only number words need a look.
    for index in [index for index, word in enumerate(bare) if word in table.known]:
        following = bare[index + 1] if index + 1 < len(words) else ""
        if start < end:
            apart = text[words[end - 1].end : words[index].start].strip(_BETWEEN) != ""
            if apart or not table.go_on(bare[end - 1 : end], bare[index], following):
                yield from _numeral(words[start:end], bare[start:end], table)
                start = end
        if start < end:
            end = index + 1
        elif table.of(bare[index]):
            start, end = index, index + 1
    yield from _numeral(words[start:end], bare[start:end], table)


def _numeral(run: list[Word], bare: list[str], table: NumberWords) -> Iterator[Numeral]:
    if len(run) > 1 or (run and run[0].text not in table.alone):
        yield Numeral(run[0].start, run[-1].end, frozenset({float(table.value(bare))}))
