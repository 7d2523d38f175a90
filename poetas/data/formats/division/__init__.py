"""Division of running text into rows: lines in, a one-column table out, by a named way (blank lines, lines, whole)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from poetas.data.formats.base import Hints, RawTable
from poetas.data.formats.division.division_words import in_words
from poetas.data.formats.division.ways import WAYS, likeliest
from poetas.data.formats.running_text import Line, text_column
from poetas.data.pipeline.limits import Limits


def text_table(lines: Sequence[Line], hints: Hints, limits: Limits, *, encoding: str = "") -> RawTable:
    r"""A one-column table of the texts that lines make, the first of them where there are too many.

    hints.division: the way; None: the likeliest. The texts are made lazily: there may be more than the limits allow.

    >>> lines = [Line("uno"), Line("dos"), Line(""), Line("tres")]
    >>> text_table(lines, Hints(), Limits()).rows
    [['uno\ndos'], ['tres']]
    """
    way = hints.division if hints.division in WAYS else likeliest(lines)
    pieces = WAYS[way](lines)
    kept = list(islice(pieces, limits.rows))
    left = sum(1 for _piece in pieces)
    return RawTable(
        [[piece] for piece in kept], [text_column()], encoding=encoding, what=in_words(kept, way), left=left
    )
