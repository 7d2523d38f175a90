"""Words of a text that a tokenizer splits most: the texts of the tokens in, a word and its number of tokens out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

_WORD = re.compile(r"[^\W\d_]+")
FEWEST = 2  # tokens of a word that is split


def most_split_word(pieces: Iterable[str]) -> tuple[str, int]:
    """Return the first of the words in most tokens, and their number; ("", 0) where no word is split.

    >>> most_split_word(["El", " om", "b", "ú", " se", " que", "da"])
    ('ombú', 3)
    >>> most_split_word(["El", " sol"])
    ('', 0)
    """
    texts = list(pieces)
    ends = list(accumulate(len(text) for text in texts))
    best = ("", FEWEST - 1)
    for match in _WORD.finditer("".join(texts)):
        count = bisect_right(ends, match.end() - 1) - bisect_right(ends, match.start()) + 1
        if count > best[1]:
            best = (match[0], count)
    return best if best[0] else ("", 0)
