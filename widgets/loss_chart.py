"""The live loss chart: training and validation loss, time left, the best step, as a picture and as a table."""

from __future__ import annotations

from collections.abc import Sequence

import bqplot
import numpy as np
from ipywidgets import HBox, ToggleButton, ToggleButtons, VBox, Widget
from numpy.typing import NDArray
from traitlets import Bool, Unicode

from poetas.i18n import _, duration, number
from poetas.jobs import Event
from poetas.training.curve import Curve
from widgets.markup import html, tag, text

TRAINING, VALIDATION = "var(--act)", "var(--info)"


class LossChart(VBox):
    """Draws the loss of a run from its events; feed it with `add`, from the first event on.

    value: the scale of losses, "linear" or "log". rising: True while the validation loss rises since its best.
    below: what stands right below the curve, such as the button that stops the run; it is there from the start.
    """

    value = Unicode("linear")
    rising = Bool(default_value=False)

    def __init__(self, below: Widget | None = None) -> None:
        super().__init__()
        self.add_class("poetas")
        self.add_class("poetas-loss")
        self._below = () if below is None else (below,)
        self.curve = Curve()
        self.figures = html("")
        self.words = html("")
        self.table = html("")
        self._steps = bqplot.LinearScale(min=0.0)
        self._scales = {"linear": bqplot.LinearScale(), "log": bqplot.LogScale()}
        self.scale_buttons = ToggleButtons(
            options=[(_("Escala común"), "linear"), (_("Logarítmica"), "log")], description=_("Escala")
        )
        self.as_table = ToggleButton(description=_("Ver como tabla"))
        self.as_table.observe(lambda change: self._show_table(shown=change.new), "value")
        self._show_table(shown=False)
        self.scale_buttons.observe(lambda change: self.set_trait("value", change.new), "value")
        self.observe(lambda _change: self._rescale(), "value")
        self.figure = self._figure()
        row = HBox((self.scale_buttons, self.as_table))
        row.add_class("row")
        # The figure comes with the first loss: bqplot cannot measure one that is not shown.
        self._parts = (self.figures, self.figure, self.words, *self._below, row, self.table)
        self._empty()

    def _figure(self) -> bqplot.Figure:
        losses = self._scales[self.value]
        scales = {"x": self._steps, "y": losses}
        empty = np.zeros(0)
        self.training = bqplot.Lines(x=empty, y=empty, scales=scales, colors=[TRAINING], stroke_width=2.5)
        self.validation = bqplot.Lines(
            x=empty, y=empty, scales=scales, colors=[VALIDATION], stroke_width=2.5, line_style="dashed"
        )
        self.best = bqplot.Scatter(x=empty, y=empty, scales=scales, colors=[VALIDATION], default_size=90)
        # The axes' own numbers are hidden by the stylesheet: bqplot writes them with a decimal point, and forgets the
        # labels that it was given before it first drew the axis.
        style = {"colors": ["var(--soft)"], "default_size": 16, "font_weight": "normal", "apply_clip": False}
        below, beside = {"align": "middle", "y_offset": 20}, {"align": "end", "x_offset": -8}
        self._step_labels, self._loss_labels = (
            bqplot.Label(x=empty, y=empty, text=[], scales=scales, **style, **at) for at in (below, beside)
        )
        self._step_axis = bqplot.Axis(scale=self._steps, label=_("paso"), grid_lines="none", label_offset="2.6em")
        self._loss_axis = bqplot.Axis(scale=losses, orientation="vertical", label=_("pérdida"), label_offset="3.4em")
        return bqplot.Figure(
            marks=[self.training, self.validation, self.best, self._step_labels, self._loss_labels],
            axes=[self._step_axis, self._loss_axis],
            fig_margin={"top": 14, "bottom": 54, "left": 76, "right": 18},
            padding_x=0.0,
            padding_y=0.0,
            layout={"width": "100%", "height": "320px"},
            animation_duration=0,
            display_toolbar=False,
        )

    def clear(self) -> None:
        """Forget the run."""
        self.curve = Curve()
        self.rising = False
        self._empty()

    def _empty(self) -> None:
        waiting = tag("p", text(_("La curva aparece con el primer paso de un entrenamiento.")), class_="soft")
        self.children = self._below or (html(waiting),)

    def add(self, events: Sequence[Event]) -> None:
        """Draw new events; called by the pump, at most four times a second."""
        if self.curve.add(events):
            self.children = self._parts
            self._draw()

    def _draw(self) -> None:
        curve = self.curve
        self.rising = curve.rising
        lines = ((self.training, curve.training()), (self.validation, curve.validation()))
        for mark, (steps, losses) in lines:
            with mark.hold_sync():
                mark.x, mark.y = steps, losses
        best = curve.best
        with self.best.hold_sync():
            self.best.x = np.array([best[0]] if best else [], dtype=float)
            self.best.y = np.array([best[1]] if best else [], dtype=float)
        self._fit(np.concatenate([losses for _mark, (_steps, losses) in lines]))
        self._say()

    def _fit(self, losses: NDArray[np.float64]) -> None:
        """Give both axes round ends, and numbers written as in Argentina."""
        last = self.curve.last_step
        total = max(last.total if last is not None else 1, 1)
        self._steps.max = float(total)
        whole = losses[np.isfinite(losses)]
        if not len(whole):
            return
        ticks, steps = round_ticks(float(whole.min()), float(whole.max())), np.unique(np.linspace(0, total, 5).round())
        for scale in self._scales.values():
            scale.min, scale.max = float(ticks[0]), float(ticks[-1])
        self._step_axis.tick_values, self._loss_axis.tick_values = steps, ticks
        _write(self._step_labels, steps, np.full(len(steps), ticks[0]), [number(tick) for tick in steps])
        decimals = next((count for count in (0, 1, 2) if np.allclose(ticks, ticks.round(count), atol=1e-6)), 3)
        _write(self._loss_labels, np.zeros(len(ticks)), ticks, [number(float(tick), decimals) for tick in ticks])

    def _say(self) -> None:
        curve = self.curve
        step, best = curve.last_step, curve.best
        if step is not None:
            of = _("{done} de {total}").format(done=number(step.step), total=number(step.total))
            left = duration(step.seconds_left) if step.seconds_left > 0 else "–"
            figures = [
                (of, _("pasos")),
                (left, _("faltan")),
                (number(step.tokens_per_second), _("tokens por segundo")),
                (number(best[1], 2) if best else "–", _("mejor validación")),
            ]
            cells = "".join(tag("div", tag("b", text(value)) + tag("span", text(name))) for value, name in figures)
            self.figures.value = tag("div", cells, class_="figs") + self._legend()
        self.words.value = self._sentence()
        head = tag("tr", "".join(tag("th", text(name), scope="col") for name in _columns()))
        body = "".join(tag("tr", "".join(tag("td", text(cell)) for cell in _cells(row, best))) for row in curve.rows())
        table = tag(
            "div",
            tag("table", head + body),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label=_("Pérdida por paso"),
        )
        self.table.value = table

    def _legend(self) -> str:
        lines = (
            (_("entrenamiento"), "line", self.curve.training()),
            (_("validación"), "dash", self.curve.validation()),
        )
        shown = ""
        for name, kind, (_steps, losses) in lines:
            if len(losses):
                words = f"{name} {number(float(losses[-1]), 2)}"
                shown += tag("span", tag("i", "", class_=kind, aria_hidden="true") + text(words))
        return tag("p", shown, class_="legend")

    def _sentence(self) -> str:
        best = self.curve.best
        if best is None:
            words = _("Mirá si la línea baja. La de validación aparece después de la primera evaluación.")
            return tag("p", text(words), class_="soft")
        where = _("La mejor validación hasta ahora fue {loss}, en el paso {step}.")
        said = where.format(loss=number(best[1], 2), step=number(best[0]))
        if self.rising:
            warning = _(
                "Desde ahí la validación sube: el modelo empieza a saberse el cuaderno de memoria. "
                "No hace falta que detengas nada: al final se usa el mejor punto de guardado."
            )
            return tag("p", f"{text(said)} {text(warning)}", class_="notice care", role="status")
        return tag("p", text(said), class_="soft")

    def _show_table(self, *, shown: bool) -> None:
        self.table.layout.display = "" if shown else "none"

    def _rescale(self) -> None:
        losses = self._scales[self.value]
        for mark in self.figure.marks:
            mark.scales = {"x": self._steps, "y": losses}
        self._loss_axis.scale = losses
        self.scale_buttons.value = self.value


def _columns() -> list[str]:
    return [_("Paso"), _("Entrenamiento"), _("Validación"), ""]


def _cells(row: tuple[int, float, float | None], best: tuple[int, float] | None) -> list[str]:
    step, training, validation = row
    mark = _("la mejor") if best is not None and step == best[0] else ""
    return [number(step), number(training, 3), "–" if validation is None else number(validation, 3), mark]


def _write(labels: bqplot.Label, x: NDArray[np.float64], y: NDArray[np.float64], texts: list[str]) -> None:
    with labels.hold_sync():
        labels.x, labels.y, labels.text = x, y, texts


def round_ticks(low: float, high: float) -> NDArray[np.float64]:
    """Return four to eight round values, evenly apart, that hold both ends; the first is above zero for a log scale.

    >>> round_ticks(1.21, 2.9).tolist()
    [1.0, 1.5, 2.0, 2.5, 3.0]
    """
    span = max(high - low, 1e-3)
    power = 10.0 ** np.floor(np.log10(span / 4))
    step = next(power * size for size in (1, 2, 2.5, 5, 10) if span / (power * size) <= 4.5)  # noqa: PLR2004
    first, last = np.floor(low / step), np.ceil(high / step)
    ticks = np.arange(first, max(last, first + 1) + 1) * step
    return np.round(ticks if ticks[0] > 0 else np.append(max(low, step / 10), ticks[1:]), 6)
