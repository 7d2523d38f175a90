"""Detection of verse: texts in, whether they are verse out; and a sample of their lines."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

LEARNT = 400  # lines, evenly spread, from which the learner's metre is known
_LONGEST = 14  # words: longer lines are prose


def is_verse(texts: Sequence[str]) -> bool:
    r"""Tell whether texts are verse: most have several lines, and these are short.

    >>> is_verse(["Uno dos.\nTres cuatro."]), is_verse(["Una oración sola."])
    (True, False)
    """
    several = sum("\n" in text.strip() for text in texts)
    lines = sampled_lines(texts)
    return several > len(texts) / 2 and median(len(line.split()) for line in lines) <= _LONGEST


def sampled_lines(texts: Sequence[str]) -> list[str]:
    """Return at most `LEARNT` lines, evenly spread over the texts."""
    lines = [line.strip() for text in texts for line in text.split("\n") if line.strip()]
    return lines[:: max(1, -(-len(lines) // LEARNT))]
