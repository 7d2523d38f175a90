"""Unsupported facts: spans of names and numbers in a summary that its source does not hold.

A name is a capitalised word that does not open its sentence; the first of two capitalised words that do ("Juan Pérez
abrió…"); and one that opens it alone where it is a common given name or a verb follows at once ("Mafalda pidió…"). It
is supported when the source holds the same letters in any case and with any accents; a given and a family name that it
gives to two people only (`mixed_names`) are not. "Congreso" is a name, too: a text that only speaks of deputies does
not hold it. A number is supported when one of its readings is a reading of a number of the source. This finds signs,
not lies: an invented verb is not seen, and a true fact from elsewhere is marked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from enum import StrEnum

from poetas.evaluation.given_names import GIVEN_NAMES
from poetas.evaluation.metrics.base import Direction, Findings, FlaggedSpan, Metric, Score
from poetas.evaluation.mixed_names import mixed_names
from poetas.evaluation.name_words import OPENING, TITLES, before_a_verb, is_common, is_verb
from poetas.evaluation.numerals import Numeral, numerals, stands_in
from poetas.evaluation.sentences import sentence_spans
from poetas.evaluation.words import Word, is_word_of, located_words, words_outside
from poetas.evaluation.words import words as plain_words
from poetas.i18n import _, ngettext, number
from poetas.util.text_normalize import strip_accents

_MOSTLY_CAPITALS = 0.6  # a text with more capitalised words than this, and hardly another, is a headline
_OTHERS = 1 / 6  # share of the words that are in lower case though they are no article, preposition or the like
_FOLLOWING = 2  # words after a possible name that are looked at
_CLOSING = "\"'”’»"
_STEM = 5  # letters: "Lluvia obligó…" where the source says "lluvias"


class FactKind(StrEnum):
    """What was found."""

    NAME = "name"
    NUMBER = "number"


def unsupported(summary: str, source: str, language: str = "es") -> list[FlaggedSpan]:
    """Return the names and numbers of ``summary`` that ``source`` does not hold, in order.

    >>> found = unsupported("En Salta, Ana pagó 1200 pesos por tres gatos.", "Ana pagó $ 1.200 en Jujuy por 4 gatos.")
    >>> [(one.text, str(one.kind)) for one in found]
    [('Salta', 'name'), ('tres', 'number')]
    """
    words = located_words(summary)
    claimed = numerals(summary, language, words)
    # A number word is a number, not a name, also where it is capitalised.
    others = words_outside(words, claimed)
    findings = [*_numbers(summary, claimed, source, language), *_names(summary, others, source, language)]
    mixed = mixed_names(summary, others, source)
    findings += [FlaggedSpan(start, end, summary[start:end], FactKind.NAME) for start, end in mixed]
    return sorted(findings, key=lambda finding: finding.start)


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return how many names and numbers the source does not hold."""
    spans = unsupported(prediction, source, language)
    return {
        "unsupported_names": float(sum(finding.kind is FactKind.NAME for finding in spans)),
        "unsupported_numbers": float(sum(finding.kind is FactKind.NUMBER for finding in spans)),
    }


def _numbers(summary: str, claimed: list[Numeral], source: str, language: str) -> Iterator[FlaggedSpan]:
    # The source is the long text: it is read only where a number does not stand there letter by letter.
    other = [each for each in claimed if not stands_in(source, summary[each.start : each.end], language)]
    held = frozenset[float]().union(*(numeral.readings for numeral in numerals(source, language))) if other else ()
    for numeral in other:
        if numeral.readings.isdisjoint(held):
            yield FlaggedSpan(numeral.start, numeral.end, summary[numeral.start : numeral.end], FactKind.NUMBER)


def _names(summary: str, words: list[Word], source: str, language: str) -> Iterator[FlaggedSpan]:
    capitals = [_capital(summary, word) for word in words]
    # The source is the long text: it is taken apart only where a name does not stand there letter by letter.
    claims = [
        index
        for index, word in enumerate(words)
        if capitals[index] and not is_word_of(summary[word.start : word.end], source)
    ]
    if not claims:
        return
    held = {word if word.isascii() else strip_accents(word) for word in set(plain_words(source))}
    openers = _openers(summary, words)
    headline = _is_headline(summary, words, capitals, openers)
    for index in claims:
        word = words[index]
        bare = strip_accents(word.text)
        if bare in held or word.text in TITLES:
            continue
        if bare not in GIVEN_NAMES and (
            headline or (index in openers and not _opens_a_name(summary, words, capitals, index, held, language))
        ):
            continue
        yield FlaggedSpan(word.start, word.end, summary[word.start : word.end], FactKind.NAME)


def _is_headline(text: str, words: list[Word], capitals: list[bool], openers: set[int]) -> bool:
    """Tell whether a text is set as a headline is, so that its capitals tell nothing.

    "El Gran Viaje" and "PUMAS EN SALTA." are; "Cruzaron en Jujuy" is not, nor "Murieron en Río Tercero.", which ends
    as a sentence does.
    """
    if len(words) == 1 or sum(capitals) <= _MOSTLY_CAPITALS * len(words):
        return False
    if text.isupper():
        return True
    within = sum(capital for index, capital in enumerate(capitals) if index not in openers)
    if within <= 1 or text.rstrip().rstrip(_CLOSING).endswith("."):
        return False
    others = sum(not capital and word.text not in OPENING for word, capital in zip(words, capitals, strict=True))
    return others < _OTHERS * len(words)


def _capital(text: str, word: Word) -> bool:
    return text[word.start].isupper()


def _openers(text: str, words: list[Word]) -> set[int]:
    """Return the places in ``words`` of those that open a sentence, a question, or what is quoted after a colon."""
    starts = [span.start for span in sentence_spans(text)]
    starts += [index + 1 for index, char in enumerate(text) if char in "¿¡“«—"]
    places = [word.start for word in words]
    openers: set[int] = set()
    for start in starts:
        after = bisect_left(places, start)
        if after < len(words) and not text[start : places[after]].strip("\"'“«¿¡(—–- \n\t"):
            openers.add(after)
    return openers


def _opens_a_name(
    text: str, words: list[Word], capitals: list[bool], index: int, held: set[str], language: str
) -> bool:
    """Tell whether the word that opens a sentence is a name, by what follows it.

    "Juan Pérez…" begins with one, and, in Spanish, "Mafalda pidió…" and "Mafalda y Ana…"; "Ayer Pérez…" and "Murió
    Pérez…" do not.
    """
    word = words[index].text
    if word in OPENING or index + 1 >= len(words):
        return False
    following = [index + 1]  # the next words; only blanks may keep them apart
    while len(following) < _FOLLOWING and following[-1] + 1 < len(words):
        following.append(following[-1] + 1)
    joined = [text[words[place - 1].end : words[place].start].strip(_CLOSING).isspace() for place in following]
    if joined[0] and capitals[following[0]]:
        return language != "es" or not is_verb(word)
    if language != "es" or is_common(word) or not joined[0]:
        return False
    after = [words[place].text for place, near in zip(following, joined, strict=True) if near]
    with_another = len(joined) > 1 and joined[1] and after[0] in {"y", "e"} and capitals[following[1]]
    if not (with_another or before_a_verb(after)):
        return False
    stem = strip_accents(word)[:_STEM]
    return not any(other.startswith(stem) for other in held)


def _legend(count: int) -> str:
    sentence = ngettext(
        "hay {n} nombre o número que no está en el texto: puede ser un invento.",
        "hay {n} nombres o números que no están en el texto: pueden ser inventos.",
        count,
    )
    return sentence.format(n=number(count))


METRIC = Metric(
    name="unsupported",
    description="Names and numbers a text that the source does not hold.",
    citation="poetas",
    scores=(
        Score("unsupported_names", title=lambda: _("Nombres que el texto no tiene")),
        Score("unsupported_numbers", title=lambda: _("Números que el texto no tiene")),
    ),
    compute=score,
    direction=Direction.LOWER,
    points=1,
    needs=("source",),
    findings=Findings(unsupported, _legend),
    invents=True,
)
