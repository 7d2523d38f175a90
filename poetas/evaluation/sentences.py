"""Sentence segmentation of Spanish and English text, as spans.

A full stop ends a sentence unless it belongs to an abbreviation ("Dra. Gómez"), an initial ("J. L. Borges"), a number
("1.200", which has no blank after the stop) or is followed by a lower-case word. Closing quotes and brackets stay with
their sentence, and so does the clause that follows them ("«¿Vamos?», preguntó"). Blank lines always end a sentence; a
single line break does only after closing punctuation, because files are often wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poetas.evaluation.words import Span, word_set

# What is followed by a name: never the end of a sentence.
_TITLES = word_set(
    "sr sra srta sres sras dr dra dres dras prof profa ing lic arq abog cnel gral tte sgto pte pres mons fr pbro gdor"
    " dip bs av avda bv bvd bvar blvd cía ntra sto sta fco ee cf vs aprox mr mrs ms st mt jr rev sgt capt lt"
)
# What is followed by a number; without one, these are words like others ("No.", "un gen en ed.").
_NUMBERED = word_set("no nº n° núm nro pág págs p pp vol cap art arts inc fig tel int ed km")
# What can stand last: it ends the sentence only where a capital follows.
_EITHER = word_set("etc sa s.a s.r.l ee.uu uu a.m p.m a.c d.c u.s u.k ltd ud uds")

_END = re.compile(r"(?P<mark>[.!?…]+)(?P<close>[\"'”’»)\]]*)(?:\s+|$)")
_BREAK = re.compile(r"\n[^\S\n]*\n\s*|(?<=[.!?…:])[^\S\n]*\n\s*")
_WORD_BEFORE = re.compile(r"\S+$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_OPENERS = "\"'“‘«([¿¡—–-* "
_LOOK_AHEAD = 20  # characters: enough to step over quotes and dashes


def sentences(text: str) -> list[str]:
    """Return the sentences of a text, without the blanks around them.

    >>> sentences("La Dra. Paz pagó 1.200 pesos. ¿Alcanza? «Sí», dijo.")
    ['La Dra. Paz pagó 1.200 pesos.', '¿Alcanza?', '«Sí», dijo.']
    >>> sentences("  ")
    []
    """
    return [text[span.start : span.end] for span in sentence_spans(text)]


def sentence_spans(text: str) -> list[Span]:
    """Return where each sentence of a text stands, blanks around it left out."""
    spans: list[Span] = []
    for start, end in _blocks(text):
        sentence_start = start
        for match in _END.finditer(text, start, end):
            if _ends_sentence(text, match, sentence_start, end):
                spans.append(Span(sentence_start, match.end("close")))
                sentence_start = match.end()
        spans.append(Span(sentence_start, end))
    return [trimmed for span in spans if (trimmed := _trimmed(text, span)).end > trimmed.start]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int) -> bool:
    """Tell whether the punctuation ``match`` ends the sentence that began at ``start``, in a block up to ``end``."""
    after = match.end()
    following = text[after : min(end, after + _LOOK_AHEAD)].lstrip(_OPENERS)[:1]
    if after >= end or following.islower():
        return after >= end  # in lower case the writer went on: "… pero", "«¡Basta!», gritó"
    if match["mark"] != "." or match["close"]:
        return True
    before = _WORD_BEFORE.search(text, start, match.start())
    word = before[0].lstrip(_OPENERS) if before else ""
    if word.isdigit() and before is not None and before.start() == start:
        return False  # "1. Abrí la puerta": the number of an item
    return not _is_short_form(word, following)


def _is_short_form(word: str, following: str) -> bool:
    """Tell whether a full stop after ``word`` belongs to an abbreviation that goes on with ``following``."""
    lower = word.lower()
    if lower in _NUMBERED:
        return following.isdigit()
    if lower in _EITHER:
        return not following.isupper()
    return lower in _TITLES or (word.isupper() and _INITIALS.fullmatch(word) is not None)
