"""Bylines: the blocks of a text in, the keys of the lines beside its titles that say who wrote each poem out.

A name stands right under each title, or above it; so does any short line that is the same beside three titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from poetas.data.formats.division.blocks import TextBlock
from poetas.data.formats.division.closings import DATE, END, closing_key, is_name
from poetas.data.formats.division.line_shapes import TitleShape, title_shape
from poetas.data.formats.division.profile import VERSE

_FEWEST = 3  # titles with such a line
_NEARLY = 0.8
_SHAPES = (TitleShape.PLAIN, TitleShape.CAPITALS, TitleShape.NAMED)
_NOTHING = TextBlock(())


def bylines_of(blocks: Sequence[TextBlock]) -> frozenset[str]:
    """The keys of the bylines; none where the format says which lines are titles, or a stanza is above the first.

    >>> poems = [("Sal", "Eva Paz"), ("uno,", "dos."), ("Pan", "Eva Paz"), ("seis,", "diez."), ("Luz", "Eva Paz")]
    >>> bylines_of([TextBlock(lines, 1) for lines in [*poems, ("cien,", "mil.")]])
    frozenset({'eva paz'})
    """
    if any(block.heading for block in blocks):
        return frozenset()
    heads = list(_heads(blocks))
    for place in (1, 0):
        often = Counter(closing_key(head[place]) for head in heads)
        titles = {closing_key(head[1 - place]) for head in heads}
        lines = (head[place] for head in heads if closing_key(head[place]) not in titles)
        known = [closing_key(line) for line in lines if is_name(line) or often[closing_key(line)] >= _FEWEST]
        if len(known) >= max(_FEWEST, _NEARLY * len(heads)) and len(titles) > _NEARLY * len(heads):
            return frozenset(known) - {DATE, END}
    return frozenset()


def with_titles(blocks: Iterable[TextBlock], bylines: frozenset[str]) -> Iterator[TextBlock]:
    """The blocks; a title and its byline come apart from the verses under them, and are headings."""
    above = _NOTHING
    for block, below in pairwise(chain(blocks, [_NOTHING])):
        if not bylines or block.mark:
            yield block
        elif block.single:
            beside = any(_signs(other, bylines) for other in (above, block, below))
            yield replace(block, heading=block.heading or beside)
        elif any(closing_key(line) in bylines for line in block.lines[:2]):
            yield replace(block, lines=block.lines[:1], heading=True)
            yield TextBlock(block.lines[1:2], heading=True)
            if block.lines[2:]:
                yield TextBlock(block.lines[2:])
        else:
            yield block
        above = block


def _signs(block: TextBlock, bylines: frozenset[str]) -> bool:
    return block.single and not block.mark and closing_key(block.lines[0]) in bylines


def _heads(blocks: Sequence[TextBlock]) -> Iterator[tuple[str, str]]:
    """Lines that may be a title and its byline: two that stand alone above a stanza, or the first two of a block."""
    begun = False
    for block, below, after in zip(blocks, [*blocks[1:], _NOTHING], [*blocks[2:], _NOTHING, _NOTHING], strict=False):
        alone = block.single and below.single and len(after.lines) > 1
        first = (block.lines[0], below.lines[0]) if alone else block.lines[:2]
        named = len(block.lines) <= len(first) or any(map(is_name, first))  # else it may be a stanza's refrain
        shaped = all(title_shape(line) in _SHAPES or is_name(line) for line in first)
        if len(first) > 1 and shaped and named and not block.mark:
            begun = True
            yield first[0], first[1]
        elif not begun and not block.single and max(map(len, block.lines)) <= VERSE:
            return
