"""Sampling controls («¿Y si dejamos jugar al azar?»): temperature, top-k and top-p applied to a chart's logits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Dict, Int

from poetas.generation.sampling import Distribution, distribution
from poetas.i18n import _, ngettext, number, percent_phrase
from poetas.util.number_parsing import written
from widgets.controls.bar_list.bar_list import Bar, BarList, in_brief, share_phrase
from widgets.controls.model_values import model_values
from widgets.controls.on_demand import OnDemand, OnDemandPart
from widgets.core.component import Component
from widgets.core.elements import html
from widgets.core.html import tag, text
from widgets.explore.next_token.greedy_loop import GreedyLoop
from widgets.explore.next_token.next_token_bars import SHOWN
from widgets.explore.next_token.next_token_chart import NextTokenChart
from widgets.explore.next_token.sampling_knobs import SamplingKnobs, temperature_html
from widgets.explore.next_token.side_by_side import SideBySide
from widgets.explore.next_token.token_html import label


class _Pair(SideBySide):
    """Both sides within the step, whose own notice says what is missing."""

    needs: ClassVar[tuple[str, ...]] = ()


class _Greedy(GreedyLoop):
    """The text without chance within the step, whose own notice says what is missing."""

    needs: ClassVar[tuple[str, ...]] = ()


class SamplingControls(Component):
    """Knobs over the bars of a `NextTokenChart`; then a text without chance, and two settings side by side.

    value: the settings of the knobs. readings: how often another text or other logits of the chart were drawn. The
    step's note and code follow both. The bars are computed here from the full logits (exact softmax, no call to the
    model); tokens cut off are grey.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "azar"

    value = Dict()
    readings = Int()

    def __init__(self, chart: NextTokenChart) -> None:
        self.chart = chart
        super().__init__(chart.context)
        chart.observe(lambda _change: self._follow_chart(), ["logits", "value"])
        self.side_by_side.observe(lambda change: self.set_trait("done", change.new), "done")

    def build(self) -> Sequence[Widget]:
        """Make the knobs, the bars and the two experiments."""
        self.knobs = SamplingKnobs(self.draw)
        self.value = self.knobs.settings  # so that another text of the chart is no change of the knobs
        self.bars = BarList(_("Las apuestas, con tus perillas"))
        self.summary = html("")
        self.more = OnDemand(
            (
                OnDemandPart(_("Más perillas"), self.knobs.build_more),
                OnDemandPart(_("Sin azar, 60 palabras"), lambda: _Greedy(self.chart)),
            )
        )
        self.side_by_side = _Pair(self.chart)
        words = html(temperature_html())  # below the bars, so that a phone shows knob and bars at once
        return (
            self.knobs.temperature,
            self.bars,
            self.summary,
            words,
            self.more,
            self.side_by_side,
        )

    def seen(self) -> str:
        """Return what the favourite's share became with the learner's knobs."""
        if self.chart.logits is None:
            return ""
        chosen = self.knobs.settings
        moved, plain = (
            float(distribution(self.chart.logits, **settings).probabilities.max()) for settings in (chosen, {})
        )
        words = _("Con la temperatura en {temperature}, la favorita se lleva {moved}; tal cual, {plain}.")
        temperature = written(chosen["temperature"])
        return words.format(temperature=temperature, moved=share_phrase(moved), plain=share_phrase(plain))

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        chosen = {name.upper(): value for name, value in self.knobs.settings.items()}
        return {"TEXT": self.chart.value, "SEED": self.side_by_side.seed.value, **chosen, **model_values(self.context)}

    def _follow_chart(self) -> None:
        self.draw()
        self.readings += 1

    def draw(self) -> None:
        """Reshape the bars."""
        self.refresh()
        self.value = self.knobs.settings
        if self.chart.logits is None or self.chart.ids is None:
            self.bars.draw([])
            words = _("Primero mirá las apuestas del paso anterior: las mismas barras van a aparecer acá.")
            self.summary.value = tag("p", text(words), class_="soft")
            return
        chosen = self.knobs.settings
        cut = distribution(self.chart.logits, **chosen)
        uncut = distribution(self.chart.logits, chosen["temperature"])
        top = zip(self.chart.ids[:SHOWN], self.chart.pieces[:SHOWN], strict=False)
        self.bars.draw([_bar(piece, cut, uncut, int(token)) for token, piece in top])
        kept, ids = int(cut.kept.sum()), self.chart.ids[:SHOWN]
        rest = 1 - float(sum(cut.probabilities[token] for token in ids))
        hidden, tied = kept - int(cut.kept[ids].sum()), 0 < chosen["top_k"] < kept
        words = draw_sentence(kept, len(cut.kept), rest, hidden=hidden, tied=tied)
        self.summary.value = tag("p", text(words), class_="soft", role="status")


def draw_sentence(kept: int, known: int, rest: float, *, hidden: int = 2, tied: bool = False) -> str:
    """Say how many of the known tokens can be drawn, and which share those have that no bar shows.

    hidden: how many of the kept tokens no bar shows. tied: whether equal logits let in more than were asked for.
    """
    words = ngettext("Entra al sorteo {n} token de {all}.", "Entran al sorteo {n} tokens de {all}.", kept)
    if kept == known:
        words = _("Entran todos al sorteo: los {all} tokens que conoce.")
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
    return Bar(label(piece), share, in_brief(share) if kept else _("afuera"), kept=kept)
