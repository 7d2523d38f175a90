"""Viewer of style samples: beginnings of held-out texts and their continuations, with copied runs marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ipywidgets import VBox
from traitlets import Int

from poetas.evaluation.metrics.registry import STYLE_METRICS
from poetas.evaluation.systems import HUMAN, TUNED, title
from poetas.i18n import _, number
from widgets.controls.highlighting import breaks_off, marked
from widgets.controls.previews import lines
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text


class StyleViewer(VBox):
    """Walks through the samples of a style's exam. value: place of the sample."""

    value = Int(0)

    def __init__(self) -> None:
        super().__init__(**look("stack"))
        self._samples: Sequence[Mapping[str, Any]] = ()
        self._texts = 0
        self.before = make_button(_("Anterior"))
        self.after = make_button(_("Siguiente"))
        self.place = html("", "poetas-place")
        on_click(self.before, partial(self._go, -1))
        on_click(self.after, partial(self._go, 1))
        row = row_of((self.before, self.place, self.after), "poetas-walk")
        self.words = html("")
        self.children = (row, self.words)
        self.observe(lambda _change: self._draw(), "value")

    def show(self, result: Mapping[str, Any]) -> None:
        """Take the result of an evaluation."""
        self._samples = result.get("samples") or ()
        self._texts = int(result.get("n") or 0)
        self.value = 0
        self._draw()

    def _go(self, step: int) -> None:
        if self._samples:
            self.value = (self.value + step) % len(self._samples)

    def _draw(self) -> None:
        show(self, self._samples)
        if not 0 <= self.value < len(self._samples):
            return
        sample = self._samples[self.value]
        where = _("Comienzo {n} de {all}").format(n=number(self.value + 1), all=number(len(self._samples)))
        self.place.value = tag("b", text(where), role="status")
        inner = tag("p", lines(str(sample["beginning"])), class_="serif")
        for who, continuation in sample.items():
            if isinstance(continuation, Mapping):
                inner += _voice(who, continuation)
        self.words.value = tag("div", inner, class_="card poetas-pair")
        if self._texts > len(self._samples):
            rest = _("Son los primeros de los {n} textos del examen.").format(n=number(self._texts))
            self.words.value += tag("p", text(rest), class_="soft")


def _voice(who: str, continuation: Mapping[str, Any]) -> str:
    name = _("El texto original sigue así") if who == HUMAN else title(who)
    words = str(continuation["text"])
    runs, legends = ([], []) if who == HUMAN else _marks(continuation)
    cut = breaks_off() if continuation.get("cut") else ""
    label = tag("p", text(name), class_="poetas-pair-label")
    drawn = tag("p", (marked(words, runs).strip() or text(_("(no escribió nada)"))) + cut, class_="serif")
    drawn += "".join(tag("p", text(legend), class_="soft") for legend in legends)
    said = label + (drawn if words.strip("\n") else tag("p", text(_("(no escribió nada)"))))
    return tag("div", said, class_="poetas-said mine" if who == TUNED else "poetas-said")


def _marks(continuation: Mapping[str, Any]) -> tuple[list[tuple[int, int]], list[str]]:
    """Return the runs that the style metrics mark in a continuation, and the sentences that say what they are."""
    runs, legends = [], []
    for entry in STYLE_METRICS:
        run = continuation.get(entry.key) if entry.highlight else None
        if entry.highlight and run and int(run["length"]) >= entry.highlight.least:
            runs.append((int(run["start"]), int(run["end"])))
            legends.append(entry.highlight.legend(int(run["length"])))
    return runs, legends
