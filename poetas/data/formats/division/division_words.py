"""Names of what a division gives («12 estrofas»): texts and the way in, a function of their count out."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from poetas.i18n import ngettext, number

VERSE = 70  # longer lines are prose
_SAMPLE = 500


def in_words(pieces: list[str], way: str) -> Callable[[int], str]:
    """A function that writes a number of texts in words, chosen by their form.

    >>> in_words(["Una.", "Otra."], "lines")(2)
    '2 líneas'
    """
    sample = pieces[:_SAMPLE]
    lines = [line for piece in sample for line in piece.split("\n")]
    verse = len(lines) >= 2 * len(sample) and median(len(line) for line in lines) <= VERSE if lines else False

    def words_for(count: int) -> str:
        if way == "lines":
            words = ngettext("{n} línea", "{n} líneas", count)
        elif way == "whole":
            words = ngettext("{n} texto entero", "{n} textos enteros", count)
        elif verse:
            words = ngettext("{n} estrofa", "{n} estrofas", count)
        else:
            words = ngettext("{n} párrafo", "{n} párrafos", count)
        return words.format(n=number(count))

    return words_for
