"""Text of a PDF page: glyphs with their places in, lines in the order of reading out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from poetas.data.formats.pdf.accents import with_accents
from poetas.data.formats.pdf.glyphs import Glyph
from poetas.data.formats.pdf.page_columns import reading_order
from poetas.data.formats.pdf.page_lines import PageLine, baselines, line_of

_TILT = 0.15  # how far from the direction of most a line of a crooked scan may be
_NO_LETTERS = frozenset("0123456789.,;:-–—()[]/|•")


@dataclass(slots=True)
class PageText:
    """The lines of a page, how many words were left out because they are turned or cannot be seen, and its letters."""

    lines: list[PageLine] = field(default_factory=list)
    turned: int = 0
    hidden: int = 0
    letters: int = 0


def page_text(glyphs: Sequence[Glyph]) -> PageText:
    """Arrange a page's glyphs."""
    upright, turned = _by_direction(glyphs)
    seen, hidden = _by_visibility(upright)
    _turn(seen)
    letters = sum(glyph.text not in _NO_LETTERS and not glyph.text.isspace() for glyph in seen)
    result = PageText(turned=_words(turned), hidden=_words(hidden), letters=letters)
    for number, group in enumerate(reading_order(with_accents(seen))):
        result.lines += [line for drawn in baselines(group) if (line := line_of(drawn, number)) is not None]
    return result


def _by_direction(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """The glyphs that are drawn in the direction of most, and the others."""
    directions = Counter((glyph.dx, glyph.dy) for glyph in glyphs if not glyph.text.isspace())
    if len(directions) <= 1:
        return list(glyphs), []
    main = directions.most_common(1)[0][0]
    same = [abs(glyph.dx - main[0]) < _TILT and abs(glyph.dy - main[1]) < _TILT for glyph in glyphs]
    pairs = list(zip(glyphs, same, strict=True))
    return [glyph for glyph, is_same in pairs if is_same], [glyph for glyph, is_same in pairs if not is_same]


def _by_visibility(glyphs: list[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """Glyphs that are drawn, and those that are only there to be searched; of a scan, these are the text."""
    invisible = sum(not glyph.visible and bool(glyph.text.strip()) for glyph in glyphs)
    if not invisible or invisible > sum(glyph.visible and bool(glyph.text.strip()) for glyph in glyphs):
        return glyphs, []
    return [glyph for glyph in glyphs if glyph.visible], [glyph for glyph in glyphs if not glyph.visible]


def _words(glyphs: Sequence[Glyph]) -> int:
    text = ""
    before: Glyph | None = None
    for glyph in glyphs:
        jump = (
            before is not None and abs(glyph.x - before.x) + abs(glyph.y - before.y) > 2 * before.width + glyph.size / 2
        )
        text += (" " if jump else "") + glyph.text
        before = glyph
    return len(text.split())


def _turn(glyphs: Sequence[Glyph]) -> None:
    """Give glyphs coordinates in which their baselines run to the right."""
    for glyph in glyphs:
        if glyph.dx != 1 or glyph.dy:
            across = glyph.y * glyph.dx - glyph.x * glyph.dy
            glyph.x, glyph.y = glyph.x * glyph.dx + glyph.y * glyph.dy, round(across, 1)
