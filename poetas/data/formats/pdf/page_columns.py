"""Reading order of a PDF page: glyphs in, groups of glyphs (columns, and lines as wide as all of them) out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from poetas.data.formats.pdf.glyphs import Glyph

_GUTTER = 0.9  # of the letters' size: a gap between words is narrower
_WIDE_GUTTER = 2.0
_ROWS, _FEW_ROWS = 3, 2
_CANDIDATES = 12
_DEPTH = 5
_FAR, _NARROWEST_FAR = 5.0, 2.5  # of the letters' size: short verses with much room between them
_NARROWEST = 4.0  # of the letters' size: a narrower column holds numbers or marks of a list


@dataclass(slots=True)
class _Box:
    """Some glyphs drawn one after the other without a gap; most often a word."""

    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class _Cut:
    x: float
    bands: list[tuple[float, float]]  # tops and bottoms, from the top
    score: int


def reading_order(glyphs: Sequence[Glyph], depth: int = 0) -> list[list[Glyph]]:
    """Divide a page's upright glyphs where a gutter parts columns; the groups are in the order of reading."""
    cut = _cut(_boxes(glyphs)) if depth < _DEPTH else None
    if cut is None:
        return [list(glyphs)] if glyphs else []
    groups: list[list[Glyph]] = []
    rest = list(glyphs)
    for top, bottom in cut.bands:
        above = [glyph for glyph in rest if glyph.y > top]
        inside = [glyph for glyph in rest if bottom <= glyph.y <= top]
        rest = [glyph for glyph in rest if glyph.y < bottom]
        left = [glyph for glyph in inside if glyph.x + glyph.width / 2 < cut.x]
        right = [glyph for glyph in inside if glyph.x + glyph.width / 2 >= cut.x]
        for part in (above, left, right):
            groups += reading_order(part, depth + 1)
    return groups + reading_order(rest, depth + 1)


def _boxes(glyphs: Sequence[Glyph]) -> list[_Box]:
    boxes: list[_Box] = []
    end = None
    for glyph in glyphs:
        if glyph.text.isspace() or not glyph.text:
            end = None
            continue
        if end is not None:
            box = boxes[-1]
            if abs(glyph.y - box.y) < 0.1 * glyph.size and -0.8 * glyph.size < glyph.x - end < 0.25 * glyph.size:
                box.x0, box.x1 = min(box.x0, glyph.x), max(box.x1, glyph.x + glyph.width)
                end = glyph.x + glyph.advance
                continue
        boxes.append(_Box(glyph.x, glyph.x + glyph.width, glyph.y, glyph.size))
        end = glyph.x + glyph.advance
    return boxes


def _rows(boxes: Sequence[_Box]) -> list[list[_Box]]:
    rows: list[list[_Box]] = []
    for box in sorted(boxes, key=lambda box: -box.y):
        if rows and rows[-1][0].y - box.y < 0.25 * box.size:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda box: box.x0) for row in rows]


def _cut(boxes: Sequence[_Box]) -> _Cut | None:
    rows = _rows(boxes)
    if len(rows) < _FEW_ROWS:
        return None
    size = median(box.size for box in boxes)
    left = min(box.x0 for box in boxes)
    edges: dict[int, list[float]] = {}
    for row in rows:
        if row[0].x0 > left + _NARROWEST * size:
            edges.setdefault(int(row[0].x0), []).append(row[0].x0)
        for before, box in pairwise(row):
            if box.x0 - before.x1 >= _GUTTER * size:
                edges.setdefault(int(box.x0), []).append(box.x0)
    near = {edge: edges[edge] + edges.get(edge + 1, []) for edge in edges}
    best: _Cut | None = None
    for edge in sorted(near, key=lambda edge: -len(near[edge]))[:_CANDIDATES]:
        if len(near[edge]) < _FEW_ROWS:
            break
        cut = _bands(rows, min(near[edge]) - 0.1, size)
        if cut is not None and (best is None or cut.score > best.score):
            best = cut
    return best


def _bands(rows: Sequence[Sequence[_Box]], x: float, size: float) -> _Cut | None:
    bands: list[tuple[float, float]] = []
    score = 0
    group: list[Sequence[_Box]] = []
    for row in [*rows, None]:
        if row is not None and not any(box.x0 < x and box.x1 > x - _GUTTER * size for box in row):
            group.append(row)
            continue
        if group and (count := _columns(group, x, size)):
            bands.append((group[0][0].y + 0.3 * size, group[-1][0].y - 0.3 * size))
            score += count
        group = []
    return _Cut(x - _GUTTER * size / 2, bands, score) if bands else None


def _columns(rows: Sequence[Sequence[_Box]], x: float, size: float) -> int:
    """The rows of two columns beside one another; 0 where these rows are none."""
    lefts = [[box for box in row if box.x0 < x] for row in rows]
    rights = [[box for box in row if box.x0 >= x] for row in rows]
    left, right = ([row for row in side if row] for side in (lefts, rights))
    if min(len(left), len(right)) < _FEW_ROWS or len(left) < 0.6 * len(right):
        return 0
    one_below_the_other = right[0][0].y < left[-1][0].y or left[0][0].y < right[-1][0].y
    both = [(a, b) for a, b in zip(lefts, rights, strict=True) if a and b]
    far = bool(both) and min(b[0].x0 - a[-1].x1 for a, b in both) > _FAR * size
    least = (_NARROWEST_FAR if far else _NARROWEST) * size
    narrow = any(median(row[-1].x1 - row[0].x0 for row in side) < least for side in (left, right))
    ragged = sum(row[0].x0 < x + 1.2 * size for row in right) < 0.5 * len(right)
    if one_below_the_other or narrow or ragged:
        return 0
    return len(left) + len(right) if _is_gutter(both, min(len(left), len(right)), size) else 0


def _is_gutter(both: Sequence[tuple[Sequence[_Box], Sequence[_Box]]], fewest: int, size: float) -> bool:
    """Whether the gaps of rows are a gutter, not the wide spaces of justified lines that happen to lie in one place."""
    gaps = [right[0].x0 - left[-1].x1 for left, right in both]
    narrow = min(gaps, default=_WIDE_GUTTER * size) < _WIDE_GUTTER * size
    if narrow and min(fewest, len(both)) < _ROWS:
        return False
    between = [after.x0 - before.x1 for row in both for side in row for before, after in pairwise(side)]
    return not gaps or not between or median(gaps) >= 1.6 * median(between)
