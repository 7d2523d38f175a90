"""No-repeat n-grams: the tokens that would write a sequence of n tokens a second time, to be left out of a choice."""

from __future__ import annotations


def repeating_tokens(ids: list[int], length: int) -> list[int]:
    """Return the tokens that would make a sequence of ``length`` tokens come a second time.

    >>> repeating_tokens([1, 2, 3, 1, 2], 3)
    [3]
    """
    if length <= 0 or len(ids) < length:
        return []
    tail = ids[len(ids) - length + 1 :]
    return sorted(
        {ids[start + length - 1] for start in range(len(ids) - length + 1) if ids[start : start + length - 1] == tail}
    )
