"""Experiments on a next-token chart, each behind a button: a shorter window, words left out, rounds with a score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipywidgets import Widget

from poetas.i18n import _
from widgets.controls.on_demand import OnDemand, OnDemandPart
from widgets.explore.next_token.chart_probe import ChartProbe
from widgets.explore.next_token.context_window import ContextWindow
from widgets.explore.next_token.guessing_rounds import GuessingRounds
from widgets.explore.next_token.word_weights import WordWeights

if TYPE_CHECKING:
    from widgets.explore.next_token.next_token_chart import NextTokenChart

WINDOW, WEIGHTS, ROUNDS = range(3)  # places of the parts


def chart_extras(chart: NextTokenChart) -> OnDemand:
    """Return the buttons that open the experiments; none is built before its first click."""
    return OnDemand(
        (
            OnDemandPart(_("¿Y si lee menos?"), lambda: ContextWindow(chart), _start),
            OnDemandPart(_("¿Qué palabras pesaron?"), lambda: WordWeights(chart), _start),
            OnDemandPart(_("Diez rondas contra el modelo"), lambda: GuessingRounds(chart.context)),
        )
    )


def _start(part: Widget) -> None:
    if isinstance(part, ChartProbe):
        part.start()
