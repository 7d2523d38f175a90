"""Accents of a PDF that are glyphs of their own: glyphs in; the same with each accent joined to its letter out."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.data.formats.pdf.glyphs import Glyph
from poetas.data.formats.pdf.letters import ACCENT_SIGNS, joined_accent


def with_accents(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Join the accents that are drawn over a letter to it, whichever of the two comes first.

    An accent with a place of its own is left as it is: the author wrote it so.
    """
    kept: list[Glyph] = []
    for glyph in glyphs:
        before = kept[-1] if kept else None
        if (
            before is not None
            and (glyph.text in ACCENT_SIGNS or before.text in ACCENT_SIGNS)
            and _overlap(before, glyph)
            and (letter := joined_accent(before.text, glyph.text))
        ):
            base = glyph if glyph.text.isalpha() and len(glyph.text) == 1 and not before.text.isalpha() else before
            base.text = letter
            kept[-1] = base
        elif glyph.text:
            kept.append(glyph)
    return kept


def _overlap(first: Glyph, second: Glyph) -> bool:
    if abs(first.y - second.y) > 0.5 * max(first.size, second.size):
        return False
    shared = min(first.x + first.width, second.x + second.width) - max(first.x, second.x)
    return shared >= 0.5 * min(first.width, second.width)
