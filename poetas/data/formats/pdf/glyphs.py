"""A drawn glyph of a PDF page, and the matrices that place it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)
class Glyph:
    """One drawn glyph. x, y: its origin. dx, dy: the direction of its baseline, of length 1. width: along it.

    advance: how far the next glyph of the same string begins, letter spacing included. visible: whether it is drawn,
    not only there to be searched. artifact: whether the file marks it as a running head or a page number.
    """

    text: str
    x: float
    y: float
    dx: float
    dy: float
    width: float
    advance: float
    size: float
    bold: bool
    visible: bool
    artifact: bool


def matrix_of(operands: Any) -> Matrix:
    """The matrix that the last six operands are. Raises TypeError, ValueError."""
    a, b, c, d, e, f = (float(value) for value in operands[-6:])
    return a, b, c, d, e, f


def product(first: Matrix, second: Matrix) -> Matrix:
    """The matrix that applies the first, then the second."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = second
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
