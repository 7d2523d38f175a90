"""Histogram of lengths with a movable cut line: bars beyond it in another colour, a spoken summary and a table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from bqplot import Axis, Bars, Figure, Label, LinearScale, Lines
from ipywidgets import HTML, VBox
from numpy.typing import NDArray

from poetas.i18n import _, number
from widgets.core.elements import html, look
from widgets.core.html import tag, text
from widgets.core.theme import chart_color

MAX_BINS = 40
KEPT, BEYOND = chart_color("info"), chart_color("edge")  # the page's colours, which also fit dark mode


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


class Histogram(VBox):
    """How many texts have which length, and a line at a length.

    Drawn with bqplot: at most `MAX_BINS` bars, colours from the page's look.
    """

    def __init__(self, *, unit: str, counted: str, line: str) -> None:
        super().__init__(**look("poetas-histogram"))
        self._unit, self._counted, self._line = unit, counted, line
        self._edges = np.zeros(0, dtype=np.int64)
        self._counts = np.zeros(0, dtype=np.int64)
        self._first = -1  # start of the axis; negative while these lengths are not drawn yet
        # Replaced bars. Closed at the next `show`, not at once: a browser that is still building their view
        # when they are closed draws none at all.
        self._retired: list[Bars] = []
        # Without padding: bqplot measures it on the first, empty drawing, and keeps a wrong domain.
        x, y = LinearScale(allow_padding=False), LinearScale(min=0, allow_padding=False)
        self._scales = {"x": x, "y": y}
        self.bars = Bars(x=[0.0], y=[0.0], scales=self._scales)
        self.cut = Lines(x=[0.0, 0.0], y=[0.0, 1.0], scales=self._scales, colors=[chart_color("act")], stroke_width=3)
        self.label = Label(
            x=[0.0], y=[1.0], text=[line], scales=self._scales, colors=[chart_color("act")], font_weight="bold",
            default_size=16, apply_clip=False, y_offset=-8,
        )  # fmt: skip
        self._across = Axis(scale=x, label=unit, grid_lines="none", tick_format="d")
        self._up = Axis(scale=y, orientation="vertical", label=counted, grid_lines="solid", tick_format="d")
        self.figure = Figure(
            marks=[],
            axes=[self._across, self._up],
            fig_margin={"top": 30, "bottom": 54, "left": 58, "right": 14},
            background_style={"fill": "transparent"},
            animation_duration=0,
            display_toolbar=False,
        )
        self.figure.layout.width = "100%"
        self.figure.layout.height = "290px"
        self.spoken = html("", "sr-only")
        self.table: HTML = html("")
        self.children = (self.figure, self.spoken)

    def show(self, lengths: NDArray[np.int64], longest: int | None = None) -> None:
        """Draw lengths, with the line at ``longest``, by default beyond all of them."""
        while self._retired:
            self._retired.pop().close()
        self._edges = bins(lengths)
        self._counts = np.histogram(lengths, self._edges)[0]
        highest = int(self._counts.max())
        step = round_step(highest, 4)
        top = -(-highest // step) * step
        self._scales["y"].max = float(top)
        self._up.tick_values = np.arange(0, top + 1, step, dtype=float)
        self.cut.y = [0.0, float(top)]
        self.label.y = [float(top)]
        self._first = -1
        self.move(int(self._edges[-1]) if longest is None else longest)
        self.spoken.value = tag("p", text(self._spoken(lengths)))
        self.table.value = self._table()

    def _frame(self, first: int, colors: list[str]) -> None:
        """Draw the bars on an axis that begins at ``first``: the shortest length, or a cut line before it.

        colors: given to the new bars at once; set later, the change may reach the browser before it listens.
        """
        self._first, last = first, int(self._edges[-1])
        self._scales["x"].min, self._scales["x"].max = float(first), float(last)
        wide = round_step(last - first, 6)
        self._across.tick_values = np.arange(-(-first // wide) * wide, last + 1, wide, dtype=float)
        # New bars for new texts: bqplot keeps the width that the first ones had.
        middles = (self._edges[:-1] + self._edges[1:]) / 2
        old = self.bars
        self.bars = Bars(
            x=middles, y=self._counts.astype(float), scales=self._scales, padding=0.08, color_mode="group",
            colors=colors,
        )  # fmt: skip
        self.figure.marks = [self.bars, self.cut, self.label]
        self._retired.append(old)

    def move(self, longest: int) -> None:
        """Move the line to a length: texts up to it are kept whole."""
        if not len(self._edges):
            return
        width = float(self._edges[1] - self._edges[0])
        middles = self._edges[:-1] + width / 2
        first, last = int(self._edges[0]), float(self._edges[-1])
        tick = round_step(last - longest, 6)
        begin = first if longest >= first else max(0, (longest // tick - 1) * tick)
        # A bin that the line crosses is on the side where most of it lies.
        colors = [KEPT if within else BEYOND for within in middles <= longest + 0.5]
        if begin != self._first:
            self._frame(begin, colors)
        self.bars.colors = colors
        position = min(longest + 0.5, last)
        self.cut.x = [position, position]
        right = position > begin + 0.6 * (last - begin)
        with self.label.hold_sync():
            self.label.x = [position]
            self.label.align = "end" if right else "start"

    def _spoken(self, lengths: NDArray[np.int64]) -> str:
        sentence = _("Histograma: de {low} a {high} {unit}; la mitad de los {counted} tiene hasta {middle}.")
        return sentence.format(
            low=number(int(lengths.min())),
            high=number(int(lengths.max())),
            middle=number(int(np.median(lengths))),
            unit=self._unit,
            counted=self._counted,
        )

    def _table(self) -> str:
        rows = "".join(
            _row(self._edges[index : index + 2].tolist(), int(count))
            for index, count in enumerate(self._counts)
            if count
        )
        head = tag("tr", tag("th", text(self._unit), scope="col") + tag("th", text(self._counted), scope="col"))
        inner = tag("table", tag("thead", head) + tag("tbody", rows))
        return tag("details", tag("summary", text(_("Ver como tabla"))) + inner, class_="poetas-note")


def _row(edges: Sequence[int], count: int) -> str:
    first, last = int(edges[0]), int(edges[1]) - 1
    span = number(first) if first == last else _("{first} a {last}").format(first=number(first), last=number(last))
    return tag("tr", tag("td", text(span)) + tag("td", number(count)))
