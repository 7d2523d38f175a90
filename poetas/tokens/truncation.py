"""Truncation of a text at N tokens: token spans in, characters kept out. The only place that decides where a cut falls.

App 2 (what a cut would lose) and training (what is encoded) both call it, so that they cannot disagree.
"""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from poetas.tokens.special_token_guard import plain_encoding, plain_ids

_ZERO_WIDTH_JOINER = "\N{ZERO WIDTH JOINER}"
_JOINERS = frozenset((_ZERO_WIDTH_JOINER, "\N{VARIATION SELECTOR-15}", "\N{VARIATION SELECTOR-16}"))
_MODIFIERS = ("\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}", "\N{EMOJI MODIFIER FITZPATRICK TYPE-6}")


def kept_lengths(text: str, spans: ArrayLike) -> NDArray[np.int64]:
    """For every limit the number of characters that are kept: int64[tokens + 1], index = limit, non-decreasing.

    spans: (start, end) of each token of ``text``, in characters, without control tokens. A cut falls between
    characters as people see them: never inside one that takes several tokens, nor between a letter and its combining
    accent, nor inside a joined emoji; there the limit keeps fewer tokens. At index ``tokens`` the whole text is kept.

    >>> kept_lengths("Hola, mundo", [(0, 4), (4, 5), (5, 11)]).tolist()
    [0, 4, 5, 11]
    >>> kept_lengths("né", [(0, 1), (1, 2), (1, 2)]).tolist()  # é takes two tokens
    [0, 1, 1, 2]
    """
    places = np.asarray(spans, dtype=np.int64).reshape(-1, 2)
    kept = np.zeros(len(places) + 1, dtype=np.int64)
    starts, ends = places[1:, 0], places[:-1, 1]
    kept[1:-1] = np.where((starts >= ends) & ~_inside_character(text)[ends], ends, 0)
    kept = np.maximum.accumulate(kept)
    kept[-1] = len(text)
    return kept


def cut(tokenizer: Any, text: str, longest: int) -> tuple[str, int]:
    """Keep the beginning of a text, at most ``longest`` tokens of it; return it and how many tokens were lost.

    Where the cut falls is decided by `kept_lengths`, as in the preview of app 2; the blanks before it are left out.
    """
    encoding = plain_encoding(tokenizer, text)
    total = len(encoding.ids)
    if total <= longest:
        return text, 0
    kept = text[: int(kept_lengths(text, encoding.offsets)[max(0, longest)])].rstrip()
    return kept, total - len(plain_ids(tokenizer, kept))


def _inside_character(text: str) -> NDArray[np.bool_]:
    """For each index whether a cut before it would part what is read as one character: bool[len(text) + 1]."""
    inside = np.zeros(len(text) + 1, dtype=np.bool_)
    extending = {character for character in set(text) if _extends(character)}
    if extending:  # seldom: looking at each character takes longer than everything else here
        for index in range(1, len(text)):
            inside[index] = text[index] in extending or text[index - 1] == _ZERO_WIDTH_JOINER
    return inside


def _extends(character: str) -> bool:
    """Tell whether a character is a part of the one before it."""
    modifier = _MODIFIERS[0] <= character <= _MODIFIERS[1]
    return bool(unicodedata.combining(character)) or character in _JOINERS or modifier
