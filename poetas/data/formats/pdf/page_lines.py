"""Lines of a PDF's column: glyphs with their places in; baselines, and the text of each with its words apart, out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from poetas.data.formats.pdf.accents import with_accents
from poetas.data.formats.pdf.glyphs import Glyph
from poetas.data.formats.pdf.letters import ACCENT_SIGNS

_WORD_GAP = 0.1  # of the letters' size, where the file draws no spaces
_WORD_GAP_WITH_SPACES = 0.25
_PART_GAP = 2.0
_RAISED = {**dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))}
_INITIAL = 1.8  # how much larger than the text an initial over several lines is
_MOST_INITIALS = 2
_FEWEST_GAPS = 4
_WORDS_APART = 1.7  # how much wider than the gaps between letters set apart the one between words is


@dataclass(slots=True)
class PageLine:
    """One line of a page.

    x0, x1, y, size: where it stands and how large its letters are, in points from the page's lower left. column: the
    number of its column on the page. parts: its text where gaps of two letters and more divide it. first_word: the
    width of its first word. left, right: the edges of its column.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool = False
    column: int = 0
    parts: tuple[str, ...] = ()
    first_word: float = 0.0
    left: float = 0.0
    right: float = 0.0
    artifact: bool = False


def baselines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """The glyphs of each line from the top, raised and lowered ones with the line that they belong to."""
    weights = Counter(glyph.y for glyph in glyphs)
    sizes: dict[float, float] = {}
    for height, drawn in {(glyph.y, glyph.size) for glyph in glyphs}:
        sizes[height] = max(sizes.get(height, 0.0), drawn)
    _place_initials(glyphs, weights)
    heights = sorted(weights)
    base_of: dict[float, float] = {}
    for height in sorted(weights, key=lambda height: -weights[height]):
        if height in base_of:
            continue
        reach = 0.5 * sizes[height]
        for near in heights[bisect_left(heights, height - reach) : bisect_right(heights, height + reach)]:
            base_of.setdefault(near, height)
    lines: dict[float, list[Glyph]] = {}
    for glyph in glyphs:
        lines.setdefault(base_of[glyph.y], []).append(glyph)
    return [lines[height] for height in sorted(lines, reverse=True)]


def _place_initials(glyphs: Sequence[Glyph], weights: Counter[float]) -> None:
    """Put an initial as high as several lines on the first of them."""
    written = [glyph for glyph in glyphs if glyph.text.strip()]
    usual = median(glyph.size for glyph in written) if written else 0.0
    large = [glyph for glyph in written if glyph.size >= _INITIAL * usual and len(glyph.text) == 1]
    for glyph in large if len(large) <= _MOST_INITIALS else ():
        beside = [other.y for other in written if other.size < glyph.size and glyph.x < other.x
                  and glyph.y - 0.1 * usual <= other.y < glyph.y + 0.8 * glyph.size]  # fmt: skip
        if beside and max(beside) > glyph.y + 0.5 * usual:
            weights[glyph.y] -= 1
            glyph.y = max(beside)
            glyph.size = usual


def line_of(glyphs: Sequence[Glyph], column: int) -> PageLine | None:
    """The line that glyphs of one baseline make; None where nothing is written. column: its number on the page."""
    ordered = _without_doubles(sorted(glyphs, key=lambda glyph: glyph.x))
    if any(glyph.text in ACCENT_SIGNS for glyph in ordered):  # drawn apart from the letters
        ordered = with_accents(ordered)
    written = [glyph for glyph in ordered if glyph.text.strip()]
    if not written:
        return None
    size = Counter(glyph.size for glyph in written).most_common(1)[0][0]
    base = Counter(glyph.y for glyph in written).most_common(1)[0][0]
    threshold = _threshold(ordered, written, size)
    parts, text, first_word, end = [], "", 0.0, None
    for glyph in ordered:
        if not glyph.text.strip():
            text += " " if end is not None else ""
            continue
        gap = 0.0 if end is None else glyph.x - end
        if gap > threshold or gap < -3 * size or text.endswith(" "):
            first_word = first_word or (end or 0.0) - written[0].x
            if gap > _PART_GAP * size:
                parts.append(text)
                text = ""
            text += " "
        raised = glyph.size <= 0.8 * size and glyph.y >= base + 0.2 * size
        text += _RAISED.get(glyph.text, glyph.text) if raised else glyph.text
        end = glyph.x + glyph.advance
    parts = [clean for part in [*parts, text] if (clean := " ".join(part.split()))]
    right = max(glyph.x + glyph.width for glyph in written)
    bold = sum(glyph.bold for glyph in written) > len(written) / 2
    return PageLine(
        " ".join(parts), written[0].x, right, base, size, bold, column, tuple(parts),
        first_word or right - written[0].x, artifact=all(glyph.artifact for glyph in written),
    )  # fmt: skip


def _without_doubles(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Leave out what is drawn twice almost at one place, to look bold or to have a shadow."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        if kept and glyph.x - kept[-1].x < 0.12 * glyph.size and not glyph.text.isspace():
            near = (before for before in kept[-3:] if before.text == glyph.text)
            if any(glyph.x - before.x < 0.12 * glyph.size for before in near):
                continue
        kept.append(glyph)
    return kept


def _threshold(ordered: Sequence[Glyph], written: Sequence[Glyph], size: float) -> float:
    """The gap from which words are apart: wider where a whole line is set with its letters apart."""
    spaces = len(ordered) - len(written)
    usual = (_WORD_GAP_WITH_SPACES if spaces * 14 >= len(written) else _WORD_GAP) * size
    gaps = sorted(after.x - before.x - before.advance for before, after in pairwise(written))
    if (
        spaces == 0
        and len(gaps) >= _FEWEST_GAPS
        and gaps[len(gaps) // 3] > usual
        and gaps[-1] >= _WORDS_APART * median(gaps)
    ):
        return 1.35 * median(gaps)
    return usual
