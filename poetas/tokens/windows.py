"""Windows of a long text: a text and a limit in tokens in, consecutive spans of at most so many tokens out.

App 2 (how many windows a limit makes) and training (what is encoded) both call `windows`, so that they cannot disagree.
Together the windows hold every word; only blanks between two windows are in neither.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.evaluation.sentences import sentence_spans
from poetas.evaluation.verse_detection import is_verse
from poetas.tokens.special_token_guard import plain_encoding, plain_ids
from poetas.tokens.truncation import kept_lengths

_PARAGRAPH = re.compile(r"\S(?=[^\S\n]*\n[^\S\n]*\n)")  # the last character before a blank line
_LINE = re.compile(r"\S(?=[^\S\n]*(?:\n|$))")
_WORD = re.compile(r"\S+")
_BLANKS = re.compile(r"\s*\n|\s+")  # between two windows: the indentation of the next line is left to it
_FULL = 0.5  # share of a window that must be full for it to end at a blank line, and not at a later sentence


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a text. start, end: its span in characters. last: whether the text ends with it."""

    start: int
    end: int
    last: bool


def windows(tokenizer: Any, text: str, longest: int) -> list[Window]:
    r"""Part a text into windows of at most ``longest`` tokens (0: one window), each encoded alone.

    tokenizer: of transformers, or a `tokenizers.Tokenizer`. A window ends where a sentence or a verse ends: at the last
    blank line in its second half, else at the last sentence or verse that it holds whole; where one alone is longer, at
    a word; where a word is longer, between two characters as people see them. One such character that takes more than
    ``longest`` tokens is a window all the same: nothing is left out.

    >>> from tokenizers import Tokenizer, models, pre_tokenizers
    >>> one_a_word = Tokenizer(models.WordLevel({"?": 0}, unk_token="?"))
    >>> one_a_word.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    >>> text = "Llovió ayer. El río creció. Nadie durmió."
    >>> [text[window.start : window.end] for window in windows(one_a_word, text, 5)]
    ['Llovió ayer. El río creció.', 'Nadie durmió.']
    """
    encoding = plain_encoding(tokenizer, text)
    if longest <= 0 or len(encoding.ids) <= longest:
        return [Window(0, len(text), last=True)]
    reach = kept_lengths(text, encoding.offsets)
    ends, stop = _ends(text), len(text.rstrip())
    made: list[Window] = []
    start = 0
    while start < stop:
        end = min(_end_of_window(tokenizer, text, start, reach, longest, ends), stop)
        blanks = _BLANKS.match(text, end)
        if not text[start:end].isspace():  # an indentation that no word fits beside
            made.append(Window(start, end, last=end == stop))
        start = blanks.end() if blanks else end
    return made or [Window(0, len(text), last=True)]


def _end_of_window(
    tokenizer: Any, text: str, start: int, reach: NDArray[np.int64], longest: int, ends: Sequence[Sequence[int]]
) -> int:
    """Return where the window that begins at ``start`` ends. reach: see `kept_lengths`. ends: see `_ends`."""
    first = int(np.searchsorted(reach, start, side="right")) - 1  # tokens before the window
    tried = -1
    for allowed in range(longest, 0, -1):
        furthest = int(reach[min(first + allowed, len(reach) - 1)])
        if furthest <= start:
            break
        end = furthest if furthest == len(text) else _last_end(start, furthest, ends)
        # Encoded alone, the beginning of a window may take more tokens than in its text.
        if end != tried and len(plain_ids(tokenizer, text[start:end].rstrip())) <= longest:
            return end
        tried = end
    return _end_in_token(tokenizer, text, start, int(reach[np.searchsorted(reach, start, side="right")]), longest)


def _end_in_token(tokenizer: Any, text: str, start: int, end: int, longest: int) -> int:
    """Return the end of a window where a token of the text takes more of them alone: a character at least."""
    part = text[start:end]
    places: list[int] = sorted(
        set(kept_lengths(part, [(index, index + 1) for index in range(len(part))]).tolist()) - {0}
    )
    fitting = [place for place in places if len(plain_ids(tokenizer, part[:place])) <= longest]
    return start + max(fitting, default=places[0])


def _last_end(start: int, furthest: int, ends: Sequence[Sequence[int]]) -> int:
    """Return the best place to end a window after ``start``, ``furthest`` at the latest."""
    for places, full in zip(ends, (_FULL, 0, 0, 0), strict=True):
        index = bisect_right(places, furthest) - 1
        if index >= 0 and places[index] > start + full * (furthest - start):
            return places[index]
    return furthest


def _ends(text: str) -> tuple[list[int], ...]:
    """Return the ends of the paragraphs, of the verses, of the sentences, and of the words, each in order."""
    paragraphs, lines, words = (
        [match.end() for match in pattern.finditer(text)] for pattern in (_PARAGRAPH, _LINE, _WORD)
    )
    return paragraphs, lines if is_verse([text]) else [], [span.end for span in sentence_spans(text)], words
