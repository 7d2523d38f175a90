"""Profile of a running text: its first lines in; verse or prose, width, indentation and shape of titles out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from poetas.data.formats.division.blocks import TextBlock
from poetas.data.formats.division.closings import DATE, closes, closing_key, closings_of, is_front, refrains_of
from poetas.data.formats.division.line_shapes import COMPANY, TitleShape, count_of, is_dedication, title_shape
from poetas.data.formats.division.wrapping import is_wrapped, wrap_width

VERSE = 70  # longer lines are prose
FULL_PAGE = 25  # lines: the text of such a page may go on on the next
_LONG_PARAGRAPH = 80
_FULL_LINE = 0.7
SHORT_LINE = 0.7  # of the usual line
_MOST, _FEW = 0.8, 0.2
_STEP = 2  # columns
_FEWEST_STANZAS = 2
_FEWEST_SURE, _MOST_SURE = 6, 0.5  # titles on their first stanza; share of the stanzas
_RARE = 0.02
MOST_PREFACE = 4  # blocks


@dataclass(frozen=True, slots=True)
class TextProfile:
    """What a text's first blocks say about all of them.

    verse: whether its writer ended its lines. width: where it was wrapped, 0 where it was not. stepped: whether its
    verse steps to the right. margin: columns before all lines. shapes: those of its titles. wide: blank lines that
    separate poems, 0 where none do. longest_page: lines. parts: whether numerals part the
    texts that other titles begin. preface: blocks at the beginning that are the title of all texts, and their author.
    closings: keys of the lines that close a poem, see `closings`. counted: whether "1) La casa" begins one.
    headed: whether the format says which lines are titles. refrains: keys of lines that recur, and are no titles.
    attached: letters of the longest line that may be a title on its first stanza, see `has_title`; 0: none may. sure:
    whether those are titles, also where they are not asked for. bylines: keys of the lines beside titles that say who
    wrote each poem, see `bylines`.
    """

    verse: bool = False
    width: int = 0
    stepped: bool = False
    margin: int = 0
    shapes: frozenset[TitleShape] = frozenset()
    wide: int = 0
    longest_page: int = 0
    parts: bool = False
    preface: int = 0
    closings: frozenset[str] = frozenset()
    counted: bool = False
    headed: bool = False
    refrains: frozenset[str] = frozenset()
    attached: float = 0
    sure: bool = False
    bylines: frozenset[str] = frozenset()

    @property
    def titled(self) -> bool:
        """Whether titles of some kind were seen."""
        return bool(self.shapes) or self.counted or self.headed or self.sure


def profile_of(blocks: Sequence[TextBlock]) -> TextProfile:
    """Look at a text's first blocks.

    >>> poems = [("La casa",), ("uno,", "dos."), ("El río",), ("tres,", "seis.")]
    >>> profile = profile_of([TextBlock(lines, 1) for lines in poems]); profile.verse, sorted(profile.shapes)
    (True, [<TitleShape.PLAIN: 'plain'>])
    """
    width = wrap_width(blocks)
    bodies = [block for block in blocks if not block.mark and not block.heading]
    stanzas = [block for block in bodies if not block.single and not (width and is_wrapped(block.lines, width))]
    lines = [line for block in stanzas for line in block.lines]
    lines_of_all = sum(len(block.lines) for block in bodies)
    # Half of the lines are enough: poems have titles and lines that stand alone, books of them have a foreword.
    verse = len(lines) > lines_of_all / 2 and median(len(line.strip()) for line in lines) <= VERSE
    wide = _wide_gap(blocks) if verse else 0
    closings, refrains = closings_of(blocks), refrains_of(blocks)
    candidates = [block for block in blocks if not closes(block, closings) and not closes(block, refrains)]
    profile = TextProfile(
        verse=verse,
        width=width,
        stepped=verse and _stepped(bodies),
        margin=min((indentation(line) for block in bodies for line in block.lines), default=0),
        shapes=_shapes(candidates, wide, verse=verse),
        wide=wide,
        longest_page=_longest_page(blocks),
        closings=closings,
        counted=verse and _is_counted(bodies),
        headed=any(block.heading for block in blocks),
        refrains=refrains,
        attached=_attached(bodies) if verse else 0,
    )
    return replace(profile, sure=not profile.titled and _surely_attached(bodies, profile.attached))


def has_title(block: TextBlock, longest: float) -> bool:
    """Whether a stanza's first line may be its poem's title: it looks like one, and is shorter than its verses."""
    first, *rest = block.lines
    verses = [len(line.strip()) for line in rest if closing_key(line) != DATE]
    short = len(first.strip()) <= min(longest, *(length - 1 for length in verses)) if verses else bool(rest)
    return short and title_shape(first) is TitleShape.PLAIN and not block.mark and not block.heading


def _attached(bodies: Sequence[TextBlock]) -> float:
    longest = SHORT_LINE * median(len(line.strip()) for block in bodies for line in block.lines)
    several = sum(has_title(block, longest) for block in bodies) > 1
    return longest if several and has_title(bodies[0], longest) else 0


def _surely_attached(bodies: Sequence[TextBlock], longest: float) -> bool:
    """Whether the short first lines of some stanzas are titles: six at least, of which hardly two say the same.

    No verse is so short, nor the first line of another stanza. Where all stanzas begin so, it may be how they are made.
    """
    titled = [block for block in bodies if longest and has_title(block, longest)]
    if not _FEWEST_SURE <= len(titled) <= _MOST_SURE * len(bodies):
        return False
    names = {closing_key(block.lines[0]) for block in titled}
    first = {id(block) for block in titled}
    others = [line for block in bodies for line in block.lines[id(block) in first :]]
    short = sum(len(line.strip()) <= longest and closing_key(line) != DATE for line in others)
    return len(names) > _MOST * len(titled) and short <= _RARE * len(others)


def indentation(line: str) -> int:
    r"""Columns before the first letter of a line.

    >>> indentation("  dos"), indentation("\tcuatro")
    (2, 4)
    """
    return len(line[: len(line) - len(line.lstrip())].expandtabs(4))


def _wide_gap(blocks: Sequence[TextBlock]) -> int:
    gaps = Counter(block.gap for block in blocks[1:] if block.gap)
    if not gaps:
        return 0
    usual = min(gaps, key=lambda gap: (-gaps[gap], gap))
    wider = sum(count for gap, count in gaps.items() if gap > usual)
    return usual + 1 if wider >= 2 or (wider and sum(gaps.values()) <= 8) else 0  # noqa: PLR2004  (one may be a slip)


def _stepped(bodies: Sequence[TextBlock]) -> bool:
    """Whether lines begin at several columns, and not only the first of each stanza (a printer's habit)."""
    lines = [(index, indentation(line)) for block in bodies for index, line in enumerate(block.lines)]
    margin = min(column for _index, column in lines)
    inner = [index for index, column in lines if column >= margin + _STEP and index]
    return len(inner) > _FEW * len(lines)


def _longest_page(blocks: Sequence[TextBlock]) -> int:
    longest = lines = 0
    for block in blocks:
        lines = len(block.lines) if block.page else lines + len(block.lines)
        longest = max(longest, lines)
    return longest


def _shapes(blocks: Sequence[TextBlock], wide: int, *, verse: bool) -> frozenset[TitleShape]:
    titled = Counter(title_shape(block.lines[0]) for block in blocks if block.single and not block.mark)
    shapes = {shape for shape in TitleShape if shape not in {TitleShape.NONE, *COMPANY} and titled[shape]}
    shapes |= {shape for shape in COMPANY if titled[shape] and _plain_titles(blocks, wide, shape, verse=verse)}
    return frozenset(shapes)


def _is_counted(bodies: Sequence[TextBlock]) -> bool:
    """Whether blocks begin with "1) La casa", "2) El río"…, and not each of their lines."""
    first = [count_of(block.lines[0]) for block in bodies]
    counts = [count for count in first if count]
    inner = any(count_of(line) for block in bodies for line in block.lines[1:])
    return len(counts) > 1 and counts == list(range(1, len(counts) + 1)) and not inner and first[0] == 1


def _plain_titles(blocks: Sequence[TextBlock], wide: int, shape: TitleShape, *, verse: bool) -> bool:
    """Whether lines that stand alone and have a shape that verses have too are titles in this text."""
    texts = [block for block in blocks if not block.mark]
    if not texts or any(block.heading for block in texts[1:]):
        return False  # the format says which lines are titles; a heading above them all is the book's
    texts = texts[1:] if texts[0].heading else texts
    pairs = list(zip(blocks, [*blocks[1:], TextBlock(())], strict=True))
    if verse:
        texts = _without_foreword(texts) or texts
    plain = [block for block, below in pairs if is_plain_title(block, below, shape, verse=verse)]
    if not plain or len(plain) > len(texts) / 2:
        return False
    usual = median(len(block.lines) for block in texts if not block.single) if verse else 0
    alike = [block is not plain[0] and (block.single or is_front(block, usual)) for block in texts]
    first = alike.index(False) if False in alike else 0
    if len(plain) > 1 and first <= MOST_PREFACE:  # after the title of the book, and who wrote it
        texts = texts[first:]
    short = [block.lines[0] for block in texts if block.single and len(block.lines[0]) < _LONG_PARAGRAPH]
    alone = [line for line in short if not is_dedication(line)]
    if len(plain) == 1:  # of the whole text
        return texts[0] is plain[0] and len(alone) == 1 and len(texts) > _FEWEST_STANZAS
    alone = [line for line in alone if not _is_numeral(line)]
    titles = {id(block) for block in plain}
    begin = {id(block) for before, block in zip([None, *blocks], blocks, strict=False) if _begins(before, block, wide)}
    if len(begin) > 1 and len(begin & titles) >= _MOST * len(begin) and len(titles - begin) <= _FEW * len(titles):
        return True
    return texts[0] is plain[0] and len(plain) >= _MOST * len(alone)


def _without_foreword(texts: list[TextBlock]) -> list[TextBlock]:
    """Blocks from the first whose lines are as short as verse, without paragraphs that were wrapped."""
    prose = [max(map(len, block.lines)) > VERSE or _is_paragraph(block) for block in texts]
    return texts[prose.index(False) :] if False in prose else []


def _is_paragraph(block: TextBlock) -> bool:
    return len(block.lines) > 1 and min(len(line) for line in block.lines[:-1]) > _FULL_LINE * VERSE


def _begins(before: TextBlock | None, block: TextBlock, wide: int) -> bool:
    """Whether a text can begin with a block, by what is before it."""
    return not block.mark and (before is None or before.mark or block.page or bool(wide and block.gap >= wide))


def _is_numeral(line: str) -> bool:
    """Whether a line numbers what is under it: under a title, the first part of a poem."""
    return title_shape(line) is TitleShape.NUMERAL


def is_plain_title(block: TextBlock, below: TextBlock, shape: TitleShape, *, verse: bool) -> bool:
    """Tell whether a block may be a title of plain words: it stands alone above a stanza or a long paragraph."""
    if not block.single or block.mark or not below.lines or below.mark:
        return False
    if title_shape(block.lines[0]) is not shape or (not verse and block.lines[0].strip()[-1] in "?!"):
        return False
    if verse:
        return len(below.lines) > 1 or is_dedication(below.lines[0]) or _is_numeral(below.lines[0])
    return sum(map(len, below.lines)) > _LONG_PARAGRAPH
