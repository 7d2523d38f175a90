"""Layout analysis of PDF pages: lines in, paragraphs and stanzas out, without margins, hyphens and page breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

PROSE = 55  # characters: a block whose median line is longer was wrapped by the page, not by a poet
MARGIN_PAGES = 2
_FEW_LINES = 2
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "\N{SOFT HYPHEN}": "-"})
_NUMBERS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\s\-–—.|/]*(?:p[áa]g(?:ina|\.)?\s*)?\d{1,4}(?:\s*(?:/|de|of)\s*\d{1,4})?[\s\-–—.|]*", re.IGNORECASE
)


def usual_gap(gaps: Sequence[int]) -> float:
    """The gap between two lines of a paragraph: the middle of the narrower half, so that double spacing is usual too.

    >>> usual_gap([2, 2, 5, 2, 5])
    2
    """
    return median(sorted(gaps)[: len(gaps) // 2 + 1]) if gaps else 1


def all_blocks(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The blocks of each page. A page whose gaps are all alike is measured by those of the whole document."""
    everywhere = usual_gap([gap for page in pages for gap in _gaps(page)])
    return [page_blocks(page, None if len(set(_gaps(page))) > 1 else everywhere) for page in pages]


def _gaps(lines: Sequence[str]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(index for index, line in enumerate(lines) if line.strip())]


def page_blocks(lines: Sequence[str], usual: float | None = None) -> list[str]:
    r"""Group a page's lines: a gap wider than the usual one begins a new block.

    >>> page_blocks(["Uno,", "", "dos.", "", "", "Tres."])
    ['Uno,\ndos.', 'Tres.']
    """
    written = [" ".join(line.translate(_LIGATURES).split()) for line in lines if line.strip()]
    gaps = _gaps(lines)
    usual = usual_gap(gaps) if usual is None else usual
    blocks: list[list[str]] = []
    for index, line in enumerate(written):
        if index == 0 or gaps[index - 1] > usual:
            blocks.append([])
        blocks[-1].append(line)
    return [unwrapped(block) for block in blocks]


def unwrapped(lines: Sequence[str]) -> str:
    r"""Join the lines of prose, and the words cut at their ends; leave verse as it is.

    >>> unwrapped(["a" * 50 + " costum-", "bre"])[-9:], unwrapped(["Verso uno,", "verso dos."])
    ('costumbre', 'Verso uno,\nverso dos.')
    """
    if len(lines) <= 1 or median(len(line) for line in lines[:-1]) <= PROSE:
        return "\n".join(lines)
    text = lines[0]
    for line in lines[1:]:
        cut = text.endswith("-") and len(text) > 1 and text[-2].isalpha() and line[:1].islower()
        text = text[:-1] + line if cut else f"{text} {line}"
    return text


def without_margins(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Remove page numbers, and headers and footers that most pages share but for their numbers.

    >>> without_margins([["Mi libro", "Había una vez", "1"], ["Mi libro", "un río", "2"], ["Mi libro", "ancho", "3"]])
    [['', 'Había una vez', ''], ['', 'un río', ''], ['', 'ancho', '']]
    """
    edges = [set(_edges(page)) for page in pages]
    seen = ({_sign(page[line]) for line in lines} for page, lines in zip(pages, edges, strict=True))
    signs = Counter(sign for signs_of_page in seen for sign in signs_of_page)
    running = {sign for sign, count in signs.items() if count >= max(MARGIN_PAGES, 0.6 * len(pages))}
    kept: list[list[str]] = []
    for page, lines in zip(pages, edges, strict=True):
        drop = {line for line in lines if _sign(page[line]) in running or _PAGE_NUMBER.fullmatch(page[line])}
        kept.append(["" if number in drop else line for number, line in enumerate(page)])
    return kept


def _edges(page: Sequence[str]) -> list[int]:
    written = [number for number, line in enumerate(page) if line.strip()]
    few = len(written) <= _FEW_LINES
    return (written[-1:] if len(written) > 1 else []) if few else written[:2] + written[-2:]


def _sign(line: str) -> str:
    return _NUMBERS.sub("#", " ".join(line.split()))


def rejoin(pages: Sequence[Sequence[str]]) -> list[str]:
    """Put the pages' blocks in one list, joining a paragraph that goes on over the page.

    >>> rejoin([["Uno.", "La gente del" + " pueblo" * 10], ["cantaba.", "Fin."]])[1][-15:]
    'pueblo cantaba.'
    """
    blocks: list[str] = []
    for page in pages:
        for index, block in enumerate(page):
            before = blocks[-1] if blocks else ""
            prose = len(before) > PROSE and "\n" not in before
            if index == 0 and prose and before[-1:].isalpha() and block[:1].islower():
                blocks[-1] = f"{before} {block}"
            else:
                blocks.append(block)
    return blocks
