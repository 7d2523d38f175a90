"""Histogram of lengths with a cut line that can be dragged: lengths in, the line's length out; with a table.

The picture is drawn by ``histogram.js``, which moves the line and colours the bars on both sides of it by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
from ipywidgets import HTML
from numpy.typing import NDArray
from traitlets import Bool, Dict, Int, List, Unicode

from poetas.i18n import _, number
from widgets.core.elements import html, look
from widgets.core.html import tag, text

MAX_BINS = 40


def bins(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return edges of bins of one integer width that hold every length; the last edge lies beyond the longest.

    >>> bins(np.array([3, 9, 4])).tolist()
    [3, 4, 5, 6, 7, 8, 9, 10]
    >>> edges = bins(np.arange(1000)); len(edges) <= MAX_BINS + 1, int(edges[0]), int(edges[-1]) > 999
    (True, 0, True)
    """
    lowest, longest = int(lengths.min()), int(lengths.max())
    width = round_step(longest + 1 - lowest, MAX_BINS - 1)  # rounding the first edge may take one more bin
    lowest = lowest // width * width
    return np.arange(lowest, longest + 1 + width, width)


def round_step(span: float, most: int) -> int:
    """Return the smallest of 1, 2, 5, 10, 20, 50 … that divides ``span`` into at most ``most`` parts.

    >>> round_step(13, 4), round_step(80, 6), round_step(3, 4)
    (5, 20, 1)
    """
    step = 1
    while span / step > most:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


class Histogram(anywidget.AnyWidget):
    """How many texts have which length, and a line at a length.

    cut: texts up to this length are kept whole. bars: [[first edge, last edge, texts]]. axis: {"first", "last": ends,
    "top": of the counts, "lowest", "longest": of the line, "across", "up": ticks as [[value, text]]}; it
    is the same for the same lengths, wherever the line is.
    """

    _esm = Path(__file__).with_name("histogram.js")
    cut = Int().tag(sync=True)
    bars: List[Any] = List().tag(sync=True)
    axis: Dict[str, Any] = Dict().tag(sync=True)
    unit = Unicode().tag(sync=True)
    counted = Unicode().tag(sync=True)
    line = Unicode().tag(sync=True)
    spoken = Unicode().tag(sync=True)
    movable = Bool(default_value=True).tag(sync=True)

    def __init__(self, *, unit: str, counted: str, line: str, lowest: int = 1) -> None:
        super().__init__(unit=unit, counted=counted, line=line, **look("poetas"))
        self._lowest = lowest
        self.table: HTML = html("")

    def show(self, lengths: NDArray[np.int64], cut: int | None = None) -> None:
        """Draw lengths, with the line at ``cut``, by default beyond all of them."""
        edges = bins(lengths)
        counts = np.histogram(lengths, edges)[0]
        last, longest = int(edges[-1]), int(lengths.max())
        step = round_step(int(counts.max()), 4)
        top = -(-int(counts.max()) // step) * step
        wide = round_step(last, 6)
        with self.hold_sync():
            self.spoken = self._spoken(lengths)
            self.cut = longest if cut is None else cut
            self.bars = [
                list(bar) for bar in zip(edges[:-1].tolist(), edges[1:].tolist(), counts.tolist(), strict=True)
            ]
            self.axis = {
                "first": 0,
                "last": last,
                "top": top,
                "lowest": self._lowest,
                "longest": max(longest, self._lowest),
                "across": _ticks(last, wide),
                "up": _ticks(top, step),
            }
        self.table.value = self._table(edges, counts)

    def move(self, cut: int) -> None:
        """Move the line to a length."""
        self.cut = cut

    def _spoken(self, lengths: NDArray[np.int64]) -> str:
        sentence = _("Histograma: de {low} a {high} {unit}; la mitad de los {counted} tiene hasta {middle}.")
        return sentence.format(
            low=number(int(lengths.min())),
            high=number(int(lengths.max())),
            middle=number(int(np.median(lengths))),
            unit=self.unit,
            counted=self.counted,
        )

    def _table(self, edges: NDArray[np.int64], counts: NDArray[np.int64]) -> str:
        rows = "".join(
            _row(edges[index : index + 2].tolist(), int(count)) for index, count in enumerate(counts) if count
        )
        head = tag("tr", tag("th", text(self.unit), scope="col") + tag("th", text(self.counted), scope="col"))
        inner = tag("table", tag("thead", head) + tag("tbody", rows))
        return tag("details", tag("summary", text(_("Ver como tabla"))) + inner, class_="poetas-note")


def _row(edges: Sequence[int], count: int) -> str:
    first, last = int(edges[0]), int(edges[1]) - 1
    span = number(first) if first == last else _("{first} a {last}").format(first=number(first), last=number(last))
    return tag("tr", tag("td", text(span)) + tag("td", number(count)))


def _ticks(last: int, step: int) -> list[list[Any]]:
    return [[value, number(value)] for value in range(0, last + 1, step)]
