"""Figure of a loss chart, drawn with bqplot: two lines named at their ends, raw losses, best step, round ticks."""

from __future__ import annotations

from collections.abc import Sequence

import bqplot
import numpy as np
from numpy.typing import NDArray

from poetas.i18n import _, number
from poetas.training.loss_curve import LARGEST, Curve, Points
from widgets.core.theme import chart_color

TRAINING, VALIDATION = chart_color("act"), chart_color("info")
LEAST_SPAN = 0.2  # of losses on the axis, so that a single point does not zoom in to thousandths
ROOM_FOR_NAMES = 0.55  # of the run: beyond it the name of a line is written to the left of its end
NAME_WIDTH = 0.45  # of the run: what the name of a line takes on a phone
NAME_HEIGHT = 0.12  # of the losses shown: what a name takes below the lowest of them
LEAST_SHOWN = 1e-6  # smaller values are shown as zero: ticks are rounded to six decimals


class LossFigure:
    """Training loss, smoothed over its raw values, and validation loss by step.

    figure: the widget to show. scale: "linear" or "log".
    """

    def __init__(self, scale: str) -> None:
        self._steps = bqplot.LinearScale(min=0.0)
        self._scales = {"linear": bqplot.LinearScale(), "log": bqplot.LogScale()}
        losses = self._scales[scale]
        scales = {"x": self._steps, "y": losses}
        empty = np.zeros(0)
        self.raw = bqplot.Scatter(x=empty, y=empty, scales=scales, colors=[TRAINING], default_size=14, opacities=[0.35])
        self.training = bqplot.Lines(x=empty, y=empty, scales=scales, colors=[TRAINING], stroke_width=2.5)
        self.validation = bqplot.Lines(
            x=empty, y=empty, scales=scales, colors=[VALIDATION], stroke_width=2.5, line_style="dashed"
        )
        self.best = bqplot.Scatter(x=empty, y=empty, scales=scales, colors=[VALIDATION], default_size=90)
        named = {"default_size": 16, "font_weight": "bold", "apply_clip": False}
        self.names = tuple(
            bqplot.Label(x=empty, y=empty, text=[], scales=scales, colors=[color], **named)
            for color in (TRAINING, VALIDATION, VALIDATION)
        )
        # The axes' own labels are hidden by the style sheet: bqplot formats them with a decimal point, and loses labels
        # that are set before it first draws the axis.
        style = {"colors": [chart_color("soft")], "default_size": 16, "font_weight": "normal", "apply_clip": False}
        below, beside = {"align": "middle", "y_offset": 20}, {"align": "end", "x_offset": -8}
        self._step_labels, self._loss_labels = (
            bqplot.Label(x=empty, y=empty, text=[], scales=scales, **style, **position) for position in (below, beside)
        )
        self._step_axis = bqplot.Axis(
            scale=self._steps, label=_("correcciones"), grid_lines="none", label_offset="2.6em"
        )
        self._loss_axis = bqplot.Axis(scale=losses, orientation="vertical", label=_("pérdida"), label_offset="3.4em")
        self.figure = bqplot.Figure(
            marks=[
                *(self.raw, self.training, self.validation, self.best),
                *(self._step_labels, self._loss_labels, *self.names),
            ],
            axes=[self._step_axis, self._loss_axis],
            fig_margin={"top": 30, "bottom": 54, "left": 76, "right": 18},
            padding_x=0.0,
            padding_y=0.0,
            layout={"width": "100%", "height": "336px"},
            animation_duration=0,
            display_toolbar=False,
        )

    def draw(self, curve: Curve) -> None:
        """Draw a curve, replacing the earlier one."""
        lines = (
            (self.raw, curve.sampled()),
            (self.training, curve.smoothed()),
            (self.validation, curve.validation()),
        )
        for mark, (steps, losses) in lines:
            with mark.hold_sync():
                mark.x, mark.y = steps, losses
                if isinstance(mark, bqplot.Lines):
                    mark.marker = "circle" if len(steps) == 1 else None  # a line of one point is invisible
        best = curve.best if curve.best and curve.best[1] <= LARGEST else None
        with self.best.hold_sync():
            self.best.x = np.array([best[0]] if best else [], dtype=float)
            self.best.y = np.array([best[1]] if best else [], dtype=float)
        last = curve.last_step
        total = last.total if last else 0
        self._fit(total, np.concatenate([losses for _mark, (_steps, losses) in lines]))
        self._name(curve, best, total)

    def _name(self, curve: Curve, best: tuple[int, float] | None, total: int) -> None:
        """Write each line's name and last loss at its end, the higher one above it, and the name of the best step."""
        lines = (curve.smoothed(), curve.validation())
        ends = [(float(steps[-1]), float(losses[-1])) if len(steps) else None for steps, losses in lines]
        training, validation = ends
        above = validation is not None and (training is None or validation[1] >= training[1])
        texts = [f"{name} {number(end[1], 2)}" for name, end in zip(line_names(), ends, strict=True) if end is not None]
        texts = [texts.pop(0) if end is not None else "" for end in ends]
        sides = (not above, above)
        for label, end, words, over in zip(self.names, ends, texts, sides, strict=False):
            _place(label, end and _clear(end, lines, total, over=over), words, total, over=over)
        behind = validation[0] - best[0] if best is not None and validation is not None else 0.0
        apart = behind > NAME_WIDTH * total  # else, on the same side, the names would run into each other
        _place(self.names[2], best if behind else None, _("la mejor"), total, over=above is apart, middle=True)

    def rescale(self, scale: str) -> None:
        """Draw the losses on another scale."""
        losses = self._scales[scale]
        for mark in self.figure.marks:
            mark.scales = {"x": self._steps, "y": losses}
        self._loss_axis.scale = losses

    def _fit(self, total: int, losses: NDArray[np.float64]) -> None:
        """Give both axes round numbers, written as in Argentina. total: steps of the run, 0 before it is known."""
        self._steps.max = float(max(total, 1))
        if not len(losses):
            return
        low, high = float(losses.min()), float(losses.max())
        ticks, steps = round_ticks(max(low - NAME_HEIGHT * (high - low), low / 2), high), whole_ticks(total)
        for scale in self._scales.values():
            scale.min, scale.max = float(ticks[0]), float(ticks[-1])
        self._step_axis.tick_values, self._loss_axis.tick_values = steps, ticks
        _write(self._step_labels, steps, np.full(len(steps), ticks[0]), [number(tick) for tick in steps])
        decimals = next((count for count in (0, 1, 2) if np.allclose(ticks, ticks.round(count), atol=1e-6)), 3)
        _write(self._loss_labels, np.zeros(len(ticks)), ticks, [number(float(tick), decimals) for tick in ticks])


def line_names() -> tuple[str, str]:
    """Return the names of the two lines: of the training and of the validation loss."""
    return _("estudio"), _("simulacro")


def _clear(end: tuple[float, float], lines: Sequence[Points], total: int, *, over: bool) -> tuple[float, float]:
    """Return where the name of a line is clear of all lines: at its end, as high (or as low) as they come beside it."""
    step, loss = end
    width = NAME_WIDTH * total
    first, last = (step - width, step) if step > ROOM_FOR_NAMES * total else (step, step + width)
    beside = [loss]
    for steps, losses in lines:
        if len(steps) and steps[0] <= last and steps[-1] >= first:
            edges = np.clip([first, last], steps[0], steps[-1])
            beside += [*losses[(steps >= first) & (steps <= last)], *np.interp(edges, steps, losses)]
    return step, float(max(beside) if over else min(beside))


def _place(
    label: bqplot.Label, end: tuple[float, float] | None, words: str, total: int, *, over: bool, middle: bool = False
) -> None:
    """Write ``words`` above or below a point, on the side where there is room; nothing where there is no point."""
    if end is None:
        _write(label, np.zeros(0), np.zeros(0), [])
        return
    late = end[0] > ROOM_FOR_NAMES * total
    with label.hold_sync():
        label.align = "middle" if middle else "end" if late else "start"
        label.x_offset, label.y_offset = (0 if middle or late else 6), (-14 if over else 24)
        _write(label, np.array([end[0]]), np.array([end[1]]), [words])


def _write(labels: bqplot.Label, x: NDArray[np.float64], y: NDArray[np.float64], texts: list[str]) -> None:
    with labels.hold_sync():
        labels.x, labels.y, labels.text = x, y, texts


def whole_ticks(total: int) -> NDArray[np.float64]:
    """Return two to five whole, round values, evenly apart but for the last, ``total``; 0 alone where it is not known.

    More of them, or two close together, would run into each other on a phone.

    >>> whole_ticks(150).tolist(), whole_ticks(3).tolist(), whole_ticks(0).tolist()
    ([0.0, 50.0, 100.0, 150.0], [0.0, 1.0, 2.0, 3.0], [0.0])
    >>> whole_ticks(102).tolist()  # no room for 100 beside 102
    [0.0, 25.0, 50.0, 75.0, 102.0]
    """
    if total <= 0:
        return np.zeros(1)
    power = 10 ** (len(str(total)) - 1)
    sizes = [power * size // 100 for size in (20, 25, 50, 100, 200, 250, 500) if power * size % 100 == 0]
    fitting = [size for size in sizes if size <= total <= 4.5 * size]
    step = next((size for size in fitting if total % size == 0), fitting[0])
    return np.append(np.arange(0, total - 0.8 * step, step), total).astype(np.float64)


def round_ticks(low: float, high: float) -> NDArray[np.float64]:
    """Return four to eight round values that hold both ends, evenly apart from the second on.

    The first is above zero, for a log scale, and round as well.

    >>> round_ticks(1.21, 2.9).tolist(), round_ticks(2.242, 2.242).tolist()
    ([1.0, 1.5, 2.0, 2.5, 3.0], [2.1, 2.15, 2.2, 2.25, 2.3, 2.35])
    >>> round_ticks(0.838, 4.5).tolist(), round_ticks(0.3, 4.5).tolist()
    ([0.5, 1.0, 2.0, 3.0, 4.0, 5.0], [0.2, 1.0, 2.0, 3.0, 4.0, 5.0])
    """
    low, high = (low, high) if high - low >= LEAST_SPAN else (max(low - LEAST_SPAN / 2, 0), high + LEAST_SPAN / 2)
    span = high - low
    power = 10.0 ** np.floor(np.log10(span / 4))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if span / (power * size) <= 4.5)  # noqa: PLR2004
    first, last = np.floor(low / step), np.ceil(high / step)
    ticks = np.arange(first, max(last, first + 1) + 1) * step
    if ticks[0] <= 0:  # the round value below the lowest that is far enough from the next for both to be read
        most = min(low, step / 2) if low > LEAST_SHOWN else step / 20
        power = 10.0 ** np.floor(np.log10(most))
        ticks[0] = next(power * size for size in (5, 2, 1) if power * size <= most)
    rounded: NDArray[np.float64] = np.round(ticks, 6)
    return rounded
