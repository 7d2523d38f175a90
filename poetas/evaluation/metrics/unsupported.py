"""Unsupported facts: spans of names and numbers in a summary that its source does not hold.

A name is a capitalised word that does not open its sentence, or the first of two capitalised words that do open it
("Juan Pérez abrió…"). It is supported when the source holds the same letters in any case and with any accents. A
number is supported when one of its readings is a reading of a number of the source. This finds signs, not lies: an
invented verb is not seen, and a true fact from elsewhere is marked.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from enum import StrEnum

from poetas.evaluation.metrics.base import Direction, Findings, FlaggedSpan, Metric, Score
from poetas.evaluation.numerals import Numeral, numerals
from poetas.evaluation.sentences import sentence_spans
from poetas.evaluation.words import Word, located_words, words_outside
from poetas.evaluation.words import words as plain_words
from poetas.i18n import _, ngettext, number
from poetas.util.text_normalize import strip_accents

# Words that open a sentence in capitals before a name, without being part of it ("Ayer Messi…", "Según Clarín…").
_OPENING = frozenset(
    word
    for line in (
        "a al ante antes aquella aquellas aquel aquellos así aun aunque ayer bajo cada como con contra cuando cuatro",
        "de del desde después donde dos durante e el ella ellas ellos en entre es esa esas ese eso esos esta estas",
        "este esto estos fue hacia hasta hay hoy la las lo los luego mañana mediante mi mientras ni no nuestra nuestro",
        "o para pero por porque pues que quien se según si sin sobre su sus también tampoco tanto te todas todos tras",
        "tres tu un una unas unos usted vos y ya yo",
        "about after all an and another any are as at because before both but by during each every for from he her his",
        "how i if in into is it its my next no not of off on one or our over she since some that the their then there",
        "these they this those through to today tomorrow two under until was we what when where while who why with",
        "yesterday you your",
    )
    for word in line.split()
)
_MOSTLY_CAPITALS = 0.6  # a text with more capitalised words than this is a headline: capitals tell nothing


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
    claimed = numerals(summary, language)
    findings = [*_numbers(summary, claimed, source, language), *_names(summary, claimed, source)]
    return sorted(findings, key=lambda finding: finding.start)


def score(prediction: str, reference: str, source: str = "", language: str = "es") -> Mapping[str, float]:  # noqa: ARG001
    """Return how many names and numbers the source does not hold."""
    spans = unsupported(prediction, source, language)
    return {
        "unsupported_names": float(sum(finding.kind is FactKind.NAME for finding in spans)),
        "unsupported_numbers": float(sum(finding.kind is FactKind.NUMBER for finding in spans)),
    }


def _numbers(summary: str, claimed: list[Numeral], source: str, language: str) -> Iterator[FlaggedSpan]:
    # The source is the long text: it is read only where there is something to look for.
    held = frozenset[float]().union(*(numeral.readings for numeral in numerals(source, language))) if claimed else ()
    for numeral in claimed:
        if numeral.readings.isdisjoint(held):
            yield FlaggedSpan(numeral.start, numeral.end, summary[numeral.start : numeral.end], FactKind.NUMBER)


def _names(summary: str, claimed: list[Numeral], source: str) -> Iterator[FlaggedSpan]:
    # A number word is a number, not a name, also where it is capitalised.
    words = words_outside(located_words(summary), claimed)
    capitals = [_capital(summary, word) for word in words]
    if not any(capitals) or (len(words) > 1 and sum(capitals) > _MOSTLY_CAPITALS * len(words)):
        return
    held = set(map(strip_accents, set(plain_words(source))))
    openers = _openers(summary, words)
    for index, word in enumerate(words):
        if not capitals[index] or strip_accents(word.text) in held:
            continue
        if index in openers and not _opens_a_name(summary, words, capitals, index):
            continue
        yield FlaggedSpan(word.start, word.end, summary[word.start : word.end], FactKind.NAME)


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


def _opens_a_name(text: str, words: list[Word], capitals: list[bool], index: int) -> bool:
    """Tell whether the word that opens a sentence goes on as a name does: "Juan Pérez", but not "Ayer Pérez"."""
    if words[index].text in _OPENING or index + 1 >= len(words):
        return False
    return capitals[index + 1] and text[words[index].end : words[index + 1].start].isspace()


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
