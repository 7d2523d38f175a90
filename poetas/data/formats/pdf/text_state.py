"""State of text in a PDF page's instructions: a string's bytes in, its glyphs with their places out."""

from __future__ import annotations

from dataclasses import dataclass

from poetas.data.formats.pdf.fonts import PdfFont
from poetas.data.formats.pdf.glyphs import UNIT, Glyph, Matrix, product

_INVISIBLE = {3, 7}
# The settings of text: their names, and the share of the operand that they are kept as.
SETTINGS = {
    b"Tc": ("spacing", 1.0),
    b"Tw": ("word_spacing", 1.0),
    b"Tz": ("scaling", 0.01),
    b"TL": ("leading", 1.0),
    b"Ts": ("rise", 1.0),
    b"Tr": ("mode", 1.0),
}


@dataclass(slots=True)
class TextState:
    """What `q` saves and `Q` restores: the page's matrix, the font, and how its strings are set."""

    ctm: Matrix = UNIT
    font: PdfFont | None = None
    size: float = 0.0
    spacing: float = 0.0
    word_spacing: float = 0.0
    scaling: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: float = 0.0

    def copy(self) -> TextState:
        """A state that changes apart from this one."""
        return TextState(
            self.ctm, self.font, self.size, self.spacing, self.word_spacing, self.scaling, self.leading, self.rise,
            self.mode,
        )  # fmt: skip


def placed(state: TextState, tm: Matrix, data: bytes, *, artifact: bool) -> tuple[list[Glyph], float]:
    """The glyphs of a string, and how far it moves the text. tm: the text's matrix."""
    font, size = state.font, state.size
    a, b, c, d, e, f = product(tm, state.ctm)
    length, height = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5
    if font is None or not length or not height or not size:
        return [], 0.0
    turn = length if size > 0 else -length
    dx, dy = round(a / turn, 2), round(b / turn, 2)
    drawn_size = round(abs(size) * height, 1)
    x, y = e + state.rise * c, f + state.rise * d
    if not b:
        y = round(y, 1)  # once for all glyphs of the string
    visible = state.mode not in _INVISIBLE
    glyphs: list[Glyph] = []
    moved = 0.0
    for text, width, is_space in font.glyphs(data):
        along = width * size * state.scaling
        step = along + (state.spacing + (state.word_spacing if is_space else 0.0)) * state.scaling
        glyphs.append(
            Glyph(
                text, x + moved * a, y + moved * b, dx, dy, abs(along) * length, abs(step) * length, drawn_size,
                font.bold, visible, artifact,
            )
        )  # fmt: skip
        moved += step
    return glyphs, moved
