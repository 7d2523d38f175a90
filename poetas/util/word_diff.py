"""Word-level difference of two versions of a text: the later one in pieces, the new words marked."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


def changed_words(before: str, after: str) -> list[tuple[str, bool]]:
    """Return ``after`` in pieces, each with whether its words are new; joined, the pieces are ``after``.

    Blanks are never new by themselves, and words that were only dropped leave no piece.

    >>> changed_words("un río lento", "un río muy lento")
    [('un río ', False), ('muy ', True), ('lento', False)]
    >>> changed_words("", "")
    []
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    flags = [True] * len(new)
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        flags[block.b : block.b + block.size] = [False] * block.size
    pieces: list[tuple[str, bool]] = []
    for word, flag in zip(new, flags, strict=True):
        fresh = flag and (not word.isspace() or bool(pieces and pieces[-1][1]))
        if pieces and pieces[-1][1] == fresh:
            pieces[-1] = (pieces[-1][0] + word, fresh)
        else:
            pieces.append((word, fresh))
    return pieces
