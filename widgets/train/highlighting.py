"""Texts with marks in them: words that two texts share, and names and numbers that the source does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from widgets.core.html import text


def marked(words: str, shared: Iterable[tuple[int, int]], doubtful: Iterable[tuple[int, int]] = ()) -> str:
    """Return a text as HTML, ``shared`` stretches marked and ``doubtful`` ones underlined; everything is escaped.

    Stretches are (start, end) in characters; blanks between two shared words stay unmarked.

    >>> marked("El río & Ana", [(0, 2), (3, 6)], [(9, 12)])
    '<mark>El</mark> <mark>río</mark> &amp; <u class="doubt">Ana</u>'
    """
    signs = [0] * len(words)
    for bit, stretches in ((1, shared), (2, doubtful)):
        for start, end in stretches:
            for at in range(max(0, start), min(end, len(words))):
                signs[at] |= bit
    pieces, start = [], 0
    for at in range(1, len(words) + 1):
        if at == len(words) or signs[at] != signs[start]:
            pieces.append(_piece(words[start:at], signs[start]))
            start = at
    return "".join(pieces).replace("\n", "<br>")


def _piece(words: str, sign: int) -> str:
    drawn = text(words)
    if sign & 1:
        drawn = f"<mark>{drawn}</mark>"
    return f'<u class="doubt">{drawn}</u>' if sign & 2 else drawn


def stretches(found: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Read the (start, end) of what an evaluation found."""
    return [(int(one["start"]), int(one["end"])) for one in found]
