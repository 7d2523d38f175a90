"""Live loss chart: events in; training and validation loss and best step out, as figure and table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ipywidgets import ToggleButton, ToggleButtons, VBox, Widget
from traitlets import Unicode, UseEnum

from poetas.i18n import _, number
from poetas.jobs import Event, Notice
from poetas.training.loss_curve import Curve
from poetas.training.loss_trend import Trend
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.train.loss_chart.loss_messages import advice, hesitation, zigzag

if TYPE_CHECKING:
    from widgets.train.loss_chart.loss_figure import LossFigure


class LossChart(VBox):
    """Draws the loss of a run from its events, given to `add` from the first one on.

    value: the scale of losses, "linear" or "log". trend: what the two losses say together.
    below: a widget right below the curve, such as the job card; it is shown from the start.
    on_stop: stops the run; its button stands beside the sentence that advises it.
    on_slower: starts another run with smaller steps; offered where they are too large.
    """

    value = Unicode("linear")
    trend = UseEnum(Trend, default_value=Trend.UNKNOWN)

    def __init__(
        self,
        below: Widget | None = None,
        on_stop: Callable[[], object] | None = None,
        on_slower: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(**look("poetas", "poetas-loss"))
        self._below = () if below is None else (below,)
        self.curve, self._validates, self._running = Curve(), True, False
        self.figures = html("")
        self.message = html("")
        self.stop_button = make_button(_("Detener acá"), shown=False)
        self.slower_button = make_button(_("Empezar de nuevo con un paso más chico"), shown=False)
        self._stoppable, self._retriable = on_stop is not None, on_slower is not None
        on_click(self.stop_button, on_stop or (lambda: None))
        on_click(self.slower_button, on_slower or (lambda: None))
        self._offers = row_of((self.stop_button, self.slower_button))
        self._zigzag = html(zigzag())
        self.table = html("")
        self.scale_buttons = ToggleButtons(
            options=[(_("Entera"), "linear"), (_("Con lupa abajo"), "log")],
            description=_("Ver la curva"),
            tooltips=["", _("Estira la parte de abajo, donde los cambios son chicos: es la escala logarítmica.")],
        )
        self.as_table = ToggleButton(description=_("Ver como tabla"))
        self.as_table.observe(lambda change: self._show_table(shown=change.new), "value")
        self._show_table(shown=False)
        self.scale_buttons.observe(lambda change: self.set_trait("value", change.new), "value")
        self.observe(lambda _change: self._rescale(), "value")
        self.figure: LossFigure | None = None
        self._row = row_of((self.scale_buttons, self.as_table))
        self._empty()

    def clear(self) -> None:
        """Drop the run that is shown."""
        self.curve = Curve()
        self.trend, self._validates, self._running = Trend.UNKNOWN, True, False
        self._empty()

    def _empty(self) -> None:
        for part in (self.figures, self.message, self.table):
            part.value = ""
        self._offer()
        waiting = tag("p", text(_("La curva aparece con la primera corrección de un entrenamiento.")), class_="soft")
        self.children = self._below or (html(waiting),)

    def add(self, events: Sequence[Event]) -> None:
        """Draw new events; called by the poller, at most four times a second."""
        if any(isinstance(event, Notice) and event.code == "no-validation" for event in events):
            self._validates = False
        if self.curve.add(events):
            figure = self._ensure_figure()
            said = (self.message, self._offers, self._zigzag)
            self.children = (self.figures, figure.figure, *said, *self._below, self._row, self.table)
            self.trend, self._running = self.curve.trend, True
            figure.draw(self.curve)
            self._update_text()

    def rest(self) -> None:
        """Advise nothing more: the run is over or was interrupted."""
        self.curve.rest()
        self._running = False
        if self.figure is not None:
            self._update_text()

    def _ensure_figure(self) -> LossFigure:
        """Return the figure, made with the first loss, because bqplot cannot measure one that is hidden.

        It is imported here because bqplot imports pandas, which would delay the page's first control by half a second.
        """
        if self.figure is None:
            from widgets.train.loss_chart.loss_figure import LossFigure  # noqa: PLC0415  (see above)

            self.figure = LossFigure(self.value)
        return self.figure

    def _update_text(self) -> None:
        curve = self.curve
        step, best = curve.last_step, curve.best
        tiles = ""
        if step is not None:
            of = _("{done} de {total}").format(done=number(step.step), total=number(step.total))
            speed = number(step.tokens_per_second) if step.tokens_per_second > 0 else "–"
            figures = [
                (of, _("correcciones")),
                (speed, _("pedacitos por segundo")),
                (number(best[1], 2) if best else "–", _("el mejor simulacro")),
            ]
            cells = "".join(tag("div", tag("b", text(value)) + tag("span", text(name))) for value, name in figures)
            tiles = tag("div", cells, class_="figs")
        self.figures.value = tiles
        self.message.value = self._sentence()
        self._offer()
        if self.as_table.value:  # only while shown, because each change takes processor time from the training
            self.table.value = self._rows()

    def _rows(self) -> str:
        best = self.curve.best
        head = tag("tr", "".join(tag("th", text(name), scope="col") for name in _columns()))
        lines = (tag("tr", "".join(tag("td", text(cell)) for cell in _cells(row, best))) for row in self.curve.rows())
        return tag(
            "div",
            tag("table", head + "".join(lines)),
            class_="scroll",
            tabindex="0",
            role="region",
            aria_label=_("Pérdida por corrección"),
        )

    def _sentence(self) -> str:
        said, best = hesitation(self.curve), self.curve.best
        if best is None:
            words = _("La línea del simulacro aparece cuando lo toma por primera vez.")
            if not self._validates:
                words = _("Sin textos para el simulacro, esta línea es la única que hay.")
        else:
            where = _("El mejor simulacro fue {loss}, en la corrección {step}.")
            words = where.format(loss=number(best[1], 2), step=number(best[0]))
        shown = tag("p", tag("b", text(said)) + " " + text(words) if said else text(words))
        if warning := advice(self.curve, self.trend, running=self._running):
            shown += tag("p", text(warning), class_="notice care", role="status")
        return shown

    def _offer(self) -> None:
        """Show the buttons that help where the losses rise."""
        large = self.trend is Trend.STEP_TOO_LARGE
        rises = large or self.trend is Trend.MEMORISING
        show(self.stop_button, self._stoppable and self._running and rises)
        show(self.slower_button, self._retriable and large)
        show(self._offers, rises)  # an empty row would leave air

    def _show_table(self, *, shown: bool) -> None:
        self.table.value = self._rows() if shown and self.curve.rows() else ""
        show(self.table, shown)

    def _rescale(self) -> None:
        if self.figure is not None:
            self.figure.rescale(self.value)
        self.scale_buttons.value = self.value


def _columns() -> list[str]:
    return [_("Corrección"), _("Estudio"), _("Simulacro"), ""]


def _cells(row: tuple[int, float | None, float | None], best: tuple[int, float] | None) -> list[str]:
    step, *losses = row
    mark = _("la mejor") if best is not None and step == best[0] else ""
    return [number(step), *("–" if loss is None else number(loss, 3) for loss in losses), mark]
