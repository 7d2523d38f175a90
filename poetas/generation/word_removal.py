"""Words of a text and the text without each of them: the variants of a leave-one-out comparison."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

Span = tuple[int, int]
WORDS = 40  # of a text's last words, each of which is left out once
_WORD = re.compile(r"\S+")


def word_spans(text: str) -> list[Span]:
    """Return where each word of a text begins and ends; a word is all that lies between two blanks, with its signs.

    >>> word_spans("cae la noche,")
    [(0, 3), (4, 6), (7, 13)]
    """
    return [match.span() for match in _WORD.finditer(text)]


def without(text: str, span: Span) -> str:
    r"""Return the text without a word and without one of the blanks beside it, so that none is doubled.

    Of the two a blank goes rather than a line end, so that lines stay lines.

    >>> without("cae la noche", (4, 6)), without("cae\nla noche", (4, 6)), without("cae\nla", (4, 6))
    ('cae noche', 'cae\nnoche', 'cae')
    """
    start, end = span
    if text[end : end + 1] == " ":
        end += 1
    elif text[start - 1 : start] == " " and start:
        start -= 1
    elif text[end : end + 1].isspace():
        end += 1
    elif start and text[start - 1].isspace():
        start -= 1
    return text[:start] + text[end:]


def last_words(text: str, longest: int, count: Callable[[str], int]) -> str:
    """Return the end of a text, from the first word from which on it takes at most ``longest`` tokens.

    count: of a text's tokens. A last word that takes more by itself is returned whole.

    >>> last_words("una luna y otra luna", 3, lambda text: len(text.split()))
    'y otra luna'
    """
    starts = [start for start, _end in word_spans(text)]
    if not starts or count(text) <= longest:
        return text
    fits = bisect_left(starts, True, lo=1, key=lambda start: count(text[start:]) <= longest)
    return text[starts[min(fits, len(starts) - 1)] :]
