"""Hard-wrapped prose: blocks of lines in, its width and its paragraphs out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from poetas.data.formats.division.blocks import TextBlock

NARROWEST, SURE_WIDTH = 30, 58  # characters; prose is wrapped wider; little verse is
FEWEST_PAIRS, SURE_PAIRS = 2, 12
_FULL, _FULL_OF_ALL = 0.9, 0.6
_PROPORTIONAL = 0.88
_LONGEST_WORD = 30  # a longer one is an address, and its line as wide as it happens to be
_ENDED = re.compile(r"[.!?…:»”\"')\]—]\s*$")
_BEGINS = re.compile(r"\s*(?:[—–\-«“\"'¡¿(\[]*[A-ZÁÉÍÓÚÑÜÇ0-9]|[—–-])")


def wrap_width(blocks: Sequence[TextBlock]) -> int:
    """The width at which a text was wrapped; 0: its writer ended its lines.

    A wrapped line is full: the first word of the next one would not fit. Lines of verse end before they are full.

    >>> wrap_width([TextBlock(("El heladero pintó una bolsa de semillas cerca del arroyo que",
    ...                    "corre después de la siesta, y nadie en el pueblo supo decir por", "qué."))])
    63
    >>> wrap_width([TextBlock(("Verso corto de la copla,", "verso que la acompaña,", "y otro."))])
    0
    """
    width = _width([block.lines for block in blocks if not block.mark])
    # Of a text that holds verse too, the blocks that are as wide as prose is wrapped.
    return width or _width([block.lines for block in blocks if max(map(len, block.lines)) >= SURE_WIDTH])


def _width(blocks: Sequence[Sequence[str]]) -> int:
    pairs = [pair for lines in blocks for pair in pairwise(lines)]
    pairs = [(above, below) for above, below in pairs if max(map(len, above.split()), default=0) <= _LONGEST_WORD]
    if len(pairs) < FEWEST_PAIRS:
        return 0
    widths = sorted(len(above.rstrip()) for above, _below in pairs)
    width = widths[min(len(widths) - 1, int(len(widths) * 0.98))]
    if width < NARROWEST or (width < SURE_WIDTH and len(pairs) < SURE_PAIRS):
        return 0
    full = [_is_full(above, below, width) for above, below in pairs]
    unended = [is_full for is_full, pair in zip(full, pairs, strict=True) if is_full or not _is_paragraph_end(*pair)]
    # Where the writer ends the lines, most lines begin with a capital, or few are full.
    capitals = sum(below.lstrip()[:1].isupper() for _above, below in pairs)
    wrapped = sum(full) >= _FULL_OF_ALL * len(full) and sum(unended) >= _FULL * len(unended)
    return width if wrapped and capitals < 0.7 * len(pairs) else 0


def _is_full(above: str, below: str, width: int) -> bool:
    word = next(iter(below.split()), "")
    least = width * _PROPORTIONAL if width >= SURE_WIDTH else width  # copied from a page with proportional letters
    return len(above.rstrip()) + 1 + len(word) > least


def _is_paragraph_end(above: str, below: str) -> bool:
    return bool(_ENDED.search(above)) and bool(_BEGINS.match(below))


def is_wrapped(lines: Sequence[str], width: int) -> bool:
    """Tell whether one block of a wrapped text is prose, not verse that it quotes."""
    pairs = [pair for pair in pairwise(lines) if not _is_paragraph_end(*pair)]
    return sum(not _is_full(above, below, width) for above, below in pairs) <= 0.15 * len(pairs)


def paragraphs(lines: Sequence[str], width: int) -> Iterator[str]:
    """Join the lines of wrapped prose; a line that is not full, or an indented one, ends a paragraph.

    Words that are cut at the end of a line are joined too.

    >>> list(paragraphs(["Tenía la costum-", "bre de contar.", "—Vení."], 30))
    ['Tenía la costumbre de contar.', '—Vení.']
    """
    usual = min(len(line) - len(line.lstrip()) for line in lines)
    text = ""
    above = ""
    for line in lines:
        indented = len(line) - len(line.lstrip()) > usual
        if text and ((indented and _ENDED.search(above)) or _ends(above, line, width)):
            yield text
            text = ""
        text = _joined(text, line.strip())
        above = line
    if text:
        yield text


def _ends(above: str, below: str, width: int) -> bool:
    return _is_paragraph_end(above, below) and not _is_full(above, below, width)


def _joined(text: str, line: str) -> str:
    """A text with one more line; a word that a hyphen cuts is made whole."""
    if not text:
        return line
    if text.endswith("\N{SOFT HYPHEN}"):
        return text[:-1] + line
    cut = text.endswith("-") and text[-2:-1].isalpha() and line[:1].islower()
    return text[:-1] + line if cut else f"{text} {line}"
