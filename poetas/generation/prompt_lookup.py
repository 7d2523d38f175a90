"""Draft tokens by looking up the last ones in the text so far: what followed them before may follow them again.

Source: A. Saxena, "Prompt Lookup Decoding", 2023. transformers' generator of such candidates compares the whole text
again at each token and is made for its own ``generate``; this one keeps an index.
"""

from __future__ import annotations

from collections.abc import Iterable

# How many tokens are drafted after one, two or three that match: the longer the match, the longer it goes on. Eight
# positions at once take as long as one (their products read the same weights), further ones do not.
DRAFTED = (3, 7, 7)


class PromptLookup:
    """The tokens of a text, prompt included, and where each run of up to three of them first stood.

    >>> lookup = PromptLookup([5, 6, 7, 8, 9, 5])
    >>> lookup.draft()
    [6, 7, 8]
    >>> lookup.add(3)
    >>> lookup.draft()
    []
    """

    def __init__(self, tokens: Iterable[int]) -> None:
        self._tokens: list[int] = []
        self._after: dict[tuple[int, ...], int] = {}
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        """Append a token to the text."""
        count = len(self._tokens)
        for length in range(1, min(len(DRAFTED), count) + 1):
            self._after.setdefault(tuple(self._tokens[count - length :]), count)
        self._tokens.append(token)

    def draft(self) -> list[int]:
        """Return what followed the longest run of last tokens where it first stood; empty where it never did."""
        count = len(self._tokens)
        for length in range(min(len(DRAFTED), count), 0, -1):
            start = self._after.get(tuple(self._tokens[count - length :]))
            if start is not None:
                return self._tokens[start : start + DRAFTED[length - 1]]
        return []
