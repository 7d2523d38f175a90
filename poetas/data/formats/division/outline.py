"""Outline of a running text: first lines in, a profile and the likeliest way to divide it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from operator import attrgetter
from statistics import median

from poetas.data.formats.division.blocks import TextBlock, blocks_of
from poetas.data.formats.division.line_shapes import LONGEST_TITLE, TitleShape, title_shape
from poetas.data.formats.division.profile import MOST_PREFACE, VERSE, TextProfile, profile_of
from poetas.data.formats.division.text_layout import Layout
from poetas.data.formats.division.ways import Divider, poem_groups
from poetas.data.formats.running_text import Line

SAMPLE = 20_000  # lines: the rest of a longer text is taken to be like them
SHORT_TEXT = 2_500  # characters: longer sections between marks or under titles are parts of a story
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
    profile = _with_titles(profile_of(blocks), sample)
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
    titled = sum(head > 0 for head in heads)
    if len(groups) < 3 or titled < 0.6 * len(groups):  # noqa: PLR2004
        return 0
    usual = median(heads[1:])
    # Nothing but short lines that stand alone: a title page.
    if len(groups[0]) <= MOST_PREFACE and all(_is_short(block) for block in groups[0]):
        return len(groups[0])
    before = int(heads[0] - max(1, usual))
    return before if 0 < before <= MOST_PREFACE else 0


def _is_short(block: TextBlock) -> bool:
    return block.single and len(block.lines[0]) <= LONGEST_TITLE


def _titles_at_start(group: Sequence[TextBlock], divider: Divider) -> int:
    count = 0
    for block, below in zip(group, [*group[1:], TextBlock(())], strict=True):
        if not (block.heading or divider.is_title(block, below)):
            break
        count += 1
    return count


def _likeliest(profile: TextProfile, sample: Sequence[Line], blocks: Sequence[TextBlock]) -> str:
    flagged = list(Divider(profile, Layout()).blocks(sample))
    texts = [block for block, title in flagged if not block.mark and not title]
    if len(texts) < 2:  # noqa: PLR2004
        if profile.width:
            return "blocks"
        return "lines" if texts and len(texts) == len(flagged) and len(texts[0].lines) > 1 else "whole"
    if profile.verse:
        groups = list(poem_groups(sample, Divider(profile, Layout())))
        return "poems" if len(groups) > 1 else "blocks"
    for way, begins in (("titles", attrgetter("heading")), ("marks", attrgetter("mark"))):
        if any(map(begins, blocks)) and _short_sections(blocks, begins):
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
