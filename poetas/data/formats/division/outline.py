"""Outline of a running text: first lines in, a profile and the likeliest way to divide it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise, takewhile
from operator import attrgetter
from statistics import median

from poetas.data.formats.division.blocks import TextBlock, blocks_of
from poetas.data.formats.division.bylines import bylines_of, with_titles
from poetas.data.formats.division.closings import refrains_of, with_refrains
from poetas.data.formats.division.line_shapes import LONGEST_TITLE, TitleShape, is_dedication, title_shape
from poetas.data.formats.division.profile import MOST_PREFACE, VERSE, TextProfile, profile_of
from poetas.data.formats.division.text_layout import Layout
from poetas.data.formats.division.ways import Divider, poem_groups
from poetas.data.formats.running_text import Line

SAMPLE = 20_000  # lines: the rest of a longer text is taken to be like them
SHORT_TEXT = 2_500  # characters: longer sections between marks or under titles are parts of a story
_FEWEST_SECTIONS = 6  # under titles: a text in fewer parts gives more to learn by its paragraphs
_SPARSE = 2.5  # lines for each block: blank lines separate chapters, not paragraphs


@dataclass(frozen=True, slots=True)
class Outline:
    """A text's profile, and the way in which it is likeliest divided."""

    profile: TextProfile
    way: str


def outline(lines: Sequence[Line]) -> Outline:
    """Look at a text's first lines.

    >>> outline([Line("uno"), Line("dos"), Line(""), Line("tres"), Line("seis")]).way
    'blocks'
    >>> outline([Line("Una oración."), Line("Otra.")]).way
    'lines'
    """
    sample = list(islice(lines, SAMPLE))
    blocks = list(blocks_of(sample))
    bylines = bylines_of(blocks)
    refrains = refrains_of(blocks) - bylines
    blocks = list(with_titles(with_refrains(blocks, refrains), bylines))
    profile = _with_titles(replace(profile_of(blocks), bylines=bylines, refrains=refrains), sample)
    return Outline(profile, _likeliest(profile, sample, blocks))


def _with_titles(profile: TextProfile, sample: Sequence[Line]) -> TextProfile:
    """A profile that knows how titles and gaps are used: what begins a text, a part of one, or all texts."""
    flagged = list(Divider(profile, Layout()).blocks(sample))
    titles = [block for block, title in flagged if title]
    numerals = sum(not block.heading and title_shape(block.lines[0]) is TitleShape.NUMERAL for block in titles)
    gaps = [title for block, title in flagged[1:] if profile.wide and block.gap >= profile.wide]
    wide = 0 if titles and sum(gaps) < len(gaps) / 2 else profile.wide
    profile = replace(profile, parts=numerals > 0 and len(titles) - numerals > 1, wide=wide)
    return replace(profile, preface=_preface(profile, sample))


def _preface(profile: TextProfile, sample: Sequence[Line]) -> int:
    """Blocks before the first text: the title of all of them, their author."""
    divider = Divider(profile, Layout())
    groups = list(poem_groups(sample, divider))
    heads = [_titles_at_start(group, divider) for group in groups]
    titled = sum(bool(head) for head in heads)
    if len(groups) < 3 or titled < 0.6 * len(groups):  # noqa: PLR2004
        return 0
    # Nothing but short lines that stand alone: a title page.
    if len(groups[0]) <= MOST_PREFACE and all(_is_short(block) for block in groups[0]):
        return len(groups[0])
    first, *others = _counts_of_titles(heads, profile)
    before = 0 if first <= max(others) else int(first - max(1, median(others)))
    return before if 0 < before <= MOST_PREFACE else 0


def _counts_of_titles(heads: Sequence[Sequence[TextBlock]], profile: TextProfile) -> list[int]:
    """How many titles each text begins with, not counting a line under the title of one poem and not of all.

    That is what is not of a style for titles where all have one; else an epigraph, or the number of a part.
    """
    written = [head for head in heads if head]
    if all(head[0].heading for head in written):
        return [sum(block.heading for block in head) for head in heads]
    if sum(_is_aside(head[0], profile) for head in written) > len(written) / 2:
        return [len(head) for head in heads]
    return [
        next((count for count in range(len(head), 1, -1) if not _is_aside(head[count - 1], profile)), min(1, len(head)))
        for head in heads
    ]


def _is_aside(block: TextBlock, profile: TextProfile) -> bool:
    line = block.lines[0]
    return is_dedication(line) or (profile.parts and title_shape(line) is TitleShape.NUMERAL)


def _is_short(block: TextBlock) -> bool:
    return block.single and len(block.lines[0]) <= LONGEST_TITLE


def _titles_at_start(group: Sequence[TextBlock], divider: Divider) -> list[TextBlock]:
    flagged = zip(group, [*group[1:], TextBlock(())], strict=True)
    return [block for block, _below in takewhile(lambda pair: pair[0].heading or divider.is_title(*pair), flagged)]


def _likeliest(profile: TextProfile, sample: Sequence[Line], blocks: Sequence[TextBlock]) -> str:
    flagged = list(Divider(profile, Layout()).blocks(sample))
    texts = [block for block, title in flagged if not block.mark and not title]
    if len(texts) < 2:  # noqa: PLR2004
        if profile.width:
            return "blocks"
        return "lines" if texts and len(texts) == len(flagged) and len(texts[0].lines) > 1 else "whole"
    if profile.verse:
        groups = list(poem_groups(sample, Divider(profile, Layout())))
        # Stanzas with a refrain are one poem; others may be one each.
        return "poems" if len(groups) > 1 or profile.refrains else "blocks"
    for way, begins, fewest in (("titles", attrgetter("heading"), _FEWEST_SECTIONS), ("marks", attrgetter("mark"), 1)):
        if sum(map(begins, blocks)) >= fewest and _short_sections(blocks, begins):
            return way
    lines = [line for block in texts for line in block.lines]
    long_lines = median(len(line) for line in lines) > VERSE
    # Without a blank line between them, or with a few, paragraphs are what each line is.
    gaps = any(block.gap for (_above, over), (block, title) in pairwise(flagged) if not over and not title)
    if not profile.width and long_lines and len(lines) > (_SPARSE if gaps else 1) * len(texts):
        return "lines"
    return "blocks"


def _short_sections(blocks: Sequence[TextBlock], begins: Callable[[TextBlock], bool]) -> bool:
    """Whether what is between such blocks is a text for itself, by its length: a chapter is none."""
    sizes = [0]
    for block in blocks:
        if begins(block):
            sizes.append(0)
        sizes[-1] += sum(map(len, block.lines))
    written = [size for size in sizes if size > len("* * *")]
    return len(written) > 1 and median(written) <= SHORT_TEXT
