"""Lines that close a poem (its date, its signature, «FIN»): a text's blocks in, what their closing lines say out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from poetas.data.formats.division.blocks import TextBlock
from poetas.data.formats.division.line_shapes import LONGEST_TITLE, TitleShape, is_dedication, title_shape

_MONTH = (
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre|verano|otoño|invierno"
    "|primavera"
)
_YEAR = r"(?:1[5-9]|20)\d{2}"
_DAY = (
    rf"(?:\d{{1,2}}[/.\-]\d{{1,2}}[/.\-](?:{_YEAR}|\d{{2}})"
    rf"|(?:(?:\d{{1,2}}º? de )?(?:{_MONTH})(?: del?)? )?{_YEAR}(?:[-–/]{_YEAR})?)"
)
_PLACE = r"[A-ZÁÉÍÓÚÑ][^\d,.;:!?]{0,40}(?:,[^\d,.;:!?]{1,30})?"
_DATED = re.compile(rf"[(\[—–-]?\s?(?:{_PLACE}[,.—–-] ?(?:en )?|[A-ZÁÉÍÓÚÑ][^\W\d]{{2,20}} )?{_DAY}[)\]]?\.?")
_END = re.compile(r"[\W_]*(?:fin|the end|finis)[\W_]*", re.IGNORECASE)
_NAME = re.compile(
    r"[—–\-(]?\s?[A-ZÁÉÍÓÚÑ](?:[^\W\d_]+|\.)(?:[ -](?:de |del |la |los |y )*[A-ZÁÉÍÓÚÑ](?:[^\W\d_]+|\.)){1,4}\)?"
)
DATE, END = "date", "end"
MOST_LINES = 3
_NEARLY, _FEW, _BY_PLACE = 0.8, 2, 3
_SUNG = {"estribillo", "refrán", "chorus", "refrain"}
_NOTHING = TextBlock(())


def closing_key(text: str) -> str:
    """What two closing lines have in common: both a date, both an end, or the same words.

    >>> closing_key("Salta, enero de 1984"), closing_key("— Fin —"), closing_key("Ana Paz")
    ('date', 'end', 'ana paz')
    """
    text = text.strip()[: LONGEST_TITLE + 1]
    if _DATED.fullmatch(text):
        return DATE
    return END if _END.fullmatch(text) else text.casefold()


def is_name(text: str) -> bool:
    """Tell whether a line may be a person's name and nothing else.

    >>> is_name("Ana Paz"), is_name("(Ana de la Paz)"), is_name("Ana")
    (True, True, False)
    """
    return _NAME.fullmatch(text.strip()) is not None


def closes(block: TextBlock, closings: frozenset[str]) -> bool:
    """Tell whether a block closes the poem before it: each of its few lines does."""
    if not closings or block.heading or block.mark or len(block.lines) > MOST_LINES:
        return False
    return all(closing_key(line) in closings for line in block.lines)


def is_front(block: TextBlock, usual: float) -> bool:
    """Tell whether a block may stand before all poems: a title and its author, a place and a year, a dedication.

    usual: lines of a stanza, of which such a block has fewer.

    >>> is_front(TextBlock(("Ana Paz", "Salta, 2023")), 4), is_front(TextBlock(("y el río", "se va")), 4)
    (True, False)
    """
    last = block.lines[-1].strip()
    signed = closing_key(last) == DATE or is_name(last)
    signed = signed or (len(last.split()) == 1 and title_shape(last) is TitleShape.PLAIN)
    return len(block.lines) <= min(MOST_LINES, usual - 1) and (signed or is_dedication(block.lines[0]))


def closings_of(blocks: Sequence[TextBlock]) -> frozenset[str]:
    """The keys of the lines that close the poems of a text.

    A refrain recurs too: but a stanza follows it, and no title.

    >>> poem = [TextBlock(("La casa",), 1), TextBlock(("uno,", "dos."), 1), TextBlock(("Ana Paz",), 1)]
    >>> sorted(closings_of(poem * 2))
    ['ana paz']
    """
    texts = [block for block in blocks if not block.mark]
    places: dict[str, list[int]] = {}
    for index, block in enumerate(texts):
        if not block.heading and len(block.lines) <= MOST_LINES:
            for line in block.lines:
                key = closing_key(line)
                if block.single or key in {DATE, END} or is_name(line):
                    places.setdefault(key, []).append(index)
    free = {id(block): _may_begin(below) for block, below in zip_longest(blocks, blocks[1:])}
    recurring = {key for key, indexes in places.items() if _is_closing(key, indexes, texts, free)}
    return frozenset(recurring | set(_by_place(texts)))


def refrains_of(blocks: Sequence[TextBlock]) -> frozenset[str]:
    """The keys of lines that stand alone again and again; none where those that stand alone once are more.

    Of twelve poems, three may be called "Sin título". Those who speak in a play are two at least, in capitals.

    >>> refrains_of([TextBlock((line,)) for line in ("La casa", "Ay, amor", "Ay, amor", "El río", "Ay, amor")])
    frozenset({'ay, amor'})
    """
    alone: Counter[str] = Counter()
    capitals: set[str] = set()
    for block in blocks:
        shape = title_shape(block.lines[0]) if block.single and not block.mark else TitleShape.NONE
        if shape is TitleShape.CAPITALS or (shape is TitleShape.PLAIN and not block.heading):
            key = closing_key(block.lines[0])
            alone[key] += 1
            if shape is TitleShape.CAPITALS:
                capitals.add(key)
    often = {key: count for key, count in alone.items() if count > 1 and key not in {DATE, END}}
    once = len(alone) - len(often)
    speakers = len(capitals & often.keys()) > 1
    known = (once > 1 or speakers) and once <= sum(often.values())
    return frozenset(often) if known else frozenset(often.keys() & _SUNG)


def with_refrains(blocks: Iterable[TextBlock], refrains: frozenset[str]) -> Iterator[TextBlock]:
    """The blocks; a line in capitals that recurs is no heading, and stays with what is right under it."""
    held = _NOTHING
    for block in blocks:
        if held.lines:
            attached = not block.gap and not block.page and not block.mark and not block.heading
            yield replace(held, lines=held.lines + block.lines) if attached else held
            held = _NOTHING
            if attached:
                continue
        if block.heading and title_shape(block.lines[0]) is TitleShape.CAPITALS and _recurs(block, refrains):
            held = replace(block, heading=False)
        else:
            yield block
    if held.lines:
        yield held


def _recurs(block: TextBlock, refrains: frozenset[str]) -> bool:
    return closing_key(block.lines[0]) in refrains


def _may_begin(below: TextBlock | None) -> bool:
    """Whether a poem may begin with a block: with a title, a mark, a page; or nothing follows."""
    return below is None or below.single or below.heading or below.mark or below.page


def _is_closing(key: str, indexes: Sequence[int], texts: Sequence[TextBlock], free: dict[int, bool]) -> bool:
    at_end = indexes[-1] == len(texts) - 1
    if indexes[0] == 0 or (len(texts) - 1 - indexes[-1] > max(indexes[0], _FEW)):
        return False  # it opens the text, or its last part has none
    shape = key in {DATE, END}
    lines = {line.strip() for index in indexes for line in texts[index].lines if closing_key(line) == key}
    named = all(map(is_name, lines))
    if len(indexes) == 1:  # of the only poem
        return at_end and (shape or named) and not any(index and texts[index].single for index in range(len(texts) - 1))
    # Under a title, and above a stanza: the date of a diary's page.
    opening = sum(
        texts[index - 1].single and index + 1 < len(texts) and not texts[index + 1].single for index in indexes
    )
    if opening > len(indexes) / 2:
        return False
    followed = sum(free[id(texts[index])] for index in indexes)
    return shape or followed >= _NEARLY * len(indexes) or (named and at_end)


def _by_place(texts: Sequence[TextBlock]) -> Iterator[str]:
    """Keys of the lines that stand between a stanza and a title in every poem, whatever they say (who wrote each)."""
    titles = [index for index, block in enumerate(texts) if _is_title(texts, index)]
    if len(titles) < _BY_PLACE or titles[0] != 0 or not texts[-1].single:
        return
    closing = [index - 1 for index in [*titles[1:], len(texts)]]
    if sum(texts[index].single and not texts[index - 1].single for index in closing) < len(closing):
        return
    others = Counter(block.single for index, block in enumerate(texts) if index not in {*titles, *closing})
    if others[True] <= _FEW:
        yield from (closing_key(texts[index].lines[0]) for index in closing)


def _is_title(texts: Sequence[TextBlock], index: int) -> bool:
    block = texts[index]
    if not block.single or title_shape(block.lines[0]) is TitleShape.NONE or index + 1 >= len(texts):
        return False
    return not texts[index + 1].single
