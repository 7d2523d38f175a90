"""HTML of a text with highlighted spans: words shared with another text, and unsupported names and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from poetas.i18n import _
from widgets.controls.previews import broken, is_hung
from widgets.core.html import tag, text


def marked(words: str, shared: Iterable[tuple[int, int]], doubtful: Iterable[tuple[int, int]] = ()) -> str:
    """Return a text as HTML, ``shared`` spans marked and ``doubtful`` ones underlined; everything is escaped.

    Spans are (start, end) in characters; blanks between two shared words stay unmarked.

    >>> marked("El río & Ana", [(0, 2), (3, 6)], [(9, 12)])
    '<mark>El</mark> <mark>río</mark> &amp; <u class="doubt">Ana</u>'
    """
    flags = [0] * len(words)
    for bit, spans in ((1, shared), (2, doubtful)):
        for start, end in spans:
            for index in range(max(0, start), min(end, len(words))):
                flags[index] |= bit
    pieces, start = [], 0
    for index in range(1, len(words) + 1):
        if index == len(words) or flags[index] != flags[start]:
            pieces.append(_piece(words[start:index], flags[start]))
            start = index
    return broken("".join(pieces), verse=is_hung(words))


def _piece(words: str, flag: int) -> str:
    drawn = text(words)
    if flag & 1:
        drawn = f"<mark>{drawn}</mark>"
    return f'<u class="doubt">{drawn}</u>' if flag & 2 else drawn


def stretches(spans: Iterable[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Return the (start, end) of the spans of an evaluation."""
    return [(int(span["start"]), int(span["end"])) for span in spans]


def breaks_off() -> str:
    """Return the mark after a text that was cut at the length limit: an ellipsis, and why.

    >>> breaks_off()
    '… <span class="soft">(se corta acá: llegó al largo máximo)</span>'
    """
    return "… " + tag("span", text(_("(se corta acá: llegó al largo máximo)")), class_="soft")
