"""Sampling controls («¿Y si dejamos jugar al azar?»): temperature, top-k and top-p applied to a chart's logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ipywidgets import Widget

from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.sampling import Distribution, distribution
from poetas.i18n import _, ngettext, number, percent_phrase
from poetas.tokens.token_display import visible
from widgets.controls.bar_list.bar_list import Bar, BarList, in_brief
from widgets.controls.model_values import model_values
from widgets.controls.slider_field import SliderField
from widgets.core.component import Component, State
from widgets.core.elements import box_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest, Request
from widgets.core.service_stream import ServiceStream
from widgets.explore.next_token.next_token_bars import SHOWN
from widgets.explore.next_token.next_token_chart import NextTokenChart

CAUTIOUS = 0.2  # temperature of the first column


class SamplingControls(Component):
    """Three sliders over the bars of a `NextTokenChart`, then the same beginning continued twice with one seed.

    The bars are computed here from the full logits (exact softmax, no call to the model); tokens cut off are grey.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "azar"

    def __init__(self, chart: NextTokenChart) -> None:
        self.chart = chart
        self._streams: list[ServiceStream[str, GeneratedAnswer]] = []
        self._requests = LatestRequest()
        super().__init__(chart.context)
        chart.observe(lambda _change: self.draw(), ["logits", "value"])

    def build(self) -> Sequence[Widget]:
        """Make the sliders, the bars and the two columns."""
        self.temperature = SliderField(
            _("Temperatura"),
            1.0,
            lowest=0.0,
            highest=3.0,
            step=0.05,
            help=_("Cerca de 0, gana siempre la favorita. En 1, las apuestas tal cual. Más arriba, juegan las raras."),
        )
        self.top_k = SliderField(
            "top-k", 0, lowest=0, highest=200, step=1, help=_("Cuántas entran al sorteo. 0: todas.")
        )
        self.top_p = SliderField(
            "top-p",
            1.0,
            lowest=0.05,
            highest=1.0,
            step=0.05,
            help=_("Hasta juntar esta parte de las apuestas. 1: todas."),
        )
        self.seed = SliderField(
            _("Semilla"), 7, lowest=0, highest=9999, step=1, help=_("La misma semilla repite la tirada.")
        )
        for slider in (self.temperature, self.top_k, self.top_p):
            slider.observe(lambda _change: self.draw(), "value")
        self.bars = BarList(_("Las apuestas, con tus perillas"))
        self.summary = html("")
        self.write = make_button(_("Escribir dos veces"), kind="primary")
        self.on_click(self.write, self._write)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._stop)
        self.another = make_button(_("Otra tirada"))
        self.on_click(self.another, self._another)
        row = row_of((self.write, self.another, self.stop))
        self.columns = [html(""), html("")]
        pair = box_of(self.columns, "grid")
        return (self.temperature, self.top_k, self.top_p, self.bars, self.summary, self.seed, row, pair)

    def refresh(self) -> None:
        """Enable writing where there is a model; show Stop while it writes."""
        busy = self.state is State.BUSY
        self.write.disabled = self.another.disabled = busy or not self.context.model
        show(self.stop, busy)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        chosen = {"TEMPERATURE": self.temperature.value, "TOP_K": self.top_k.value, "TOP_P": self.top_p.value}
        return {"TEXT": self.chart.value, "SEED": self.seed.value, **chosen, **model_values(self.context)}

    def draw(self) -> None:
        """Reshape the bars."""
        self.refresh()
        if self.chart.logits is None or self.chart.ids is None:
            self.bars.draw([])
            words = _("Primero mirá las apuestas del paso anterior: las mismas barras van a aparecer acá.")
            self.summary.value = tag("p", text(words), class_="soft")
            return
        cut = distribution(self.chart.logits, self.temperature.value, self.top_k.value, self.top_p.value)
        uncut = distribution(self.chart.logits, self.temperature.value)
        top = zip(self.chart.ids[:SHOWN], self.chart.pieces[:SHOWN], strict=False)
        self.bars.draw([_bar(piece, cut, uncut, int(token)) for token, piece in top])
        kept, ids = int(cut.kept.sum()), self.chart.ids[:SHOWN]
        rest = 1 - float(sum(cut.probabilities[token] for token in ids))
        hidden, tied = kept - int(cut.kept[ids].sum()), 0 < self.top_k.value < kept
        words = draw_sentence(kept, len(cut.kept), rest, hidden=hidden, tied=tied)
        self.summary.value = tag("p", text(words), class_="soft", role="status")

    def _write(self) -> None:
        """Continue the same beginning twice with one seed: at a low temperature, and with the sliders' settings."""
        self.clear_error()
        self._stop()  # the other column, where one of them failed
        request = self._requests.begin()
        self.state = State.BUSY
        mine = {"temperature": self.temperature.value, "top_k": self.top_k.value, "top_p": self.top_p.value}
        safe = {"temperature": CAUTIOUS, "top_k": 0, "top_p": 1.0}
        titles = (_("A lo seguro (temperatura 0,2)"), _("Con tus perillas"))
        unfinished = [True, True]
        self._streams = []
        for column_index, (title, settings) in enumerate(zip(titles, (safe, mine), strict=True)):
            chosen = {**settings, "max_tokens": 40, "seed": self.seed.value}
            self._start(request, column_index, title, chosen, unfinished)

    def _start(
        self, request: Request, column_index: int, title: str, settings: dict[str, Any], unfinished: list[bool]
    ) -> None:
        beginning, written = self.chart.value, list[str]()
        column = self.columns[column_index]

        def show() -> None:
            continuation = tag("span", text("".join(written)), class_="written")
            whole = tag("p", text(beginning) + continuation, class_="serif")
            column.value = tag("div", tag("h3", text(title)) + whole, class_="card")

        def each(pieces: list[str]) -> None:
            written.extend(pieces)
            show()

        def finished(_answer: GeneratedAnswer | None) -> None:
            unfinished[column_index] = False
            if not any(unfinished) and self.state is State.BUSY:
                self.state = State.DONE
                self.done = True

        def failed(problem: Explanation) -> None:
            finished(None)
            if not written:  # a card with the beginning alone would look like an answer
                column.value = ""
            self.fail(problem, {"restart-service": self._write, "retry": self._write, "reset": self._reset_sliders})

        show()
        model, services = self.context.model, self.context.services
        stream = services.stream(
            lambda: services.generation.generate(model, beginning, settings=settings),
            each=request.only(each),
            done=request.only(finished),
            failed=request.only(failed),
        )
        self._streams.append(stream)

    def _stop(self) -> None:
        for stream in self._streams:
            stream.cancel()

    def _reset_sliders(self) -> None:
        """Reset the sliders to their defaults."""
        self.temperature.value, self.top_k.value, self.top_p.value = 1.0, 0, 1.0

    def _another(self) -> None:
        self.seed.value = (self.seed.value + 1) % 10_000
        self._write()


def draw_sentence(kept: int, known: int, rest: float, *, hidden: int = 2, tied: bool = False) -> str:
    """Say how many of the known tokens can be drawn, and which share those have that no bar shows.

    hidden: how many of the kept tokens no bar shows. tied: whether equal logits let in more than were asked for.
    """
    words = ngettext("Entra al sorteo {n} token de {all}.", "Entran al sorteo {n} tokens de {all}.", kept)
    if tied:
        words += " " + _("Son más que los pedidos porque hay empates.")
    if rest > 1e-9:  # noqa: PLR2004  (a smaller rest is a rounding error)
        words += " " + ngettext(
            "El que no se ve acá se lleva {share}.", "Los que no se ven acá se reparten {share}.", hidden
        )
    return words.format(n=number(kept), all=number(known), share=percent_phrase(max(0.0, rest)))


def _bar(piece: str, cut: Distribution, uncut: Distribution, token: int) -> Bar:
    kept = bool(cut.kept[token])
    share = float((cut if kept else uncut).probabilities[token])  # a token cut off keeps the length it would have had
    return Bar(visible(piece), share, in_brief(share) if kept else _("afuera"), kept=kept)
