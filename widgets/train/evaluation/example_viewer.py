"""Viewer of one evaluated text: source, reference, a system's summary, and what the chosen score counts in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from ipywidgets import VBox
from traitlets import Int, Unicode

from poetas.evaluation.metrics.registry import DECISIVE, METRICS, highlight, metric, score
from poetas.evaluation.systems import SYSTEMS, TUNED, title
from poetas.i18n import _, ngettext, number
from widgets.controls.highlighting import breaks_off, marked, stretches
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.html import tag, text
from widgets.train.sample_html import whole

ENDS = ("read", "best", "worst")  # lists of places in a result


class ExampleViewer(VBox):
    """Walks through the texts of an exam.

    value: place of the text. system, metric: what is looked at.
    """

    value = Int(0)
    system = Unicode(TUNED)
    metric = Unicode(DECISIVE)

    def __init__(self) -> None:
        super().__init__(**look("stack"))
        self._texts: Sequence[Mapping[str, Any]] = ()
        self._extremes: dict[str, list[int]] = {name: [] for name in ENDS}
        self.before = make_button(_("Anterior"))
        self.after = make_button(_("Siguiente"))
        self.place = html("", "poetas-place")
        self.best = make_button(_("Ver uno de los mejores"))
        self.worst = make_button(_("Ver uno de los peores"))
        self.read = make_button("")
        on_click(self.before, partial(self._go, -1))
        on_click(self.after, partial(self._go, 1))
        on_click(self.best, partial(self._jump, "best"))
        on_click(self.worst, partial(self._jump, "worst"))
        on_click(self.read, partial(self._jump, "read"))
        row = row_of((self.before, self.place, self.after), "poetas-walk")
        quick = row_of((self.read, self.best, self.worst))
        for part in (row, quick):
            part.add_class("row")
        row.add_class("poetas-walk")
        self.words = html("")
        self.children = (quick, row, self.words)
        self._taking = UpdateGuard()
        self.observe(lambda _change: None if self._taking else self._draw(), ["value", "system", "metric"])

    def show(self, result: Mapping[str, Any]) -> None:
        """Take the result of an evaluation and open one of the texts that may lie, else one of its best."""
        self._texts = result.get("texts") or ()
        self._extremes = {name: list(result.get(name) or ()) for name in ENDS}
        count = len(self._extremes["read"])
        words = ngettext("Leer el que puede mentir", "Leer los {n} que pueden mentir", count)
        self.read.description = words.format(n=number(count))
        first = next((index for name in ENDS for index in self._extremes[name]), 0)
        systems = [system for system in SYSTEMS if self._texts and system in self._texts[0]["systems"]]
        with self._taking:  # drawn once, not for each of them
            if systems and self.system not in systems:
                self.system = systems[-1]
            self.value = first
        self._draw()

    def _go(self, step: int) -> None:
        if self._texts:
            self.value = (self.value + step) % len(self._texts)

    def _jump(self, end: str) -> None:
        places = self._extremes[end]
        if places:
            index = places.index(self.value) + 1 if self.value in places else 0
            self.value = places[index % len(places)]

    def _draw(self) -> None:
        show(self, self._texts)
        if not 0 <= self.value < len(self._texts):
            return
        for name, button in (("read", self.read), ("best", self.best), ("worst", self.worst)):
            show(button, self._extremes[name])
        row = self._texts[self.value]
        output = row["systems"][self.system]
        where = _("Texto {n} de {all}").format(n=number(self.value + 1), all=number(len(self._texts)))
        self.place.value = tag("b", text(where), role="status")
        shared = highlight(output["text"], row["reference"], self.metric)
        ours = [(span.start, span.end) for span in shared.prediction]
        theirs = [(span.start, span.end) for span in shared.reference]
        findings = {entry.name: stretches(output.get(entry.name) or ()) for entry in METRICS if entry.findings}
        doubtful = [stretch for spans in findings.values() for stretch in spans]
        inner = tag("p", text(_("El texto")), class_="poetas-pair-label") + whole(row["source"])
        inner += _side(_("El resumen de referencia"), marked(row["reference"], theirs))
        written = marked(output["text"], ours, doubtful) or text(_("(no escribió nada)"))
        written += breaks_off() if output.get("cut") else ""
        inner += _side(title(self.system), written, mine=True)
        inner += self._legend(output, findings)
        self.words.value = tag("div", inner, class_="card poetas-pair")

    def _legend(self, output: Mapping[str, Any], findings: Mapping[str, Sequence[Any]]) -> str:
        shown = score(self.metric)
        points = number(output["scores"][self.metric] * metric(self.metric).points, 1)
        words = _("{metric} de este texto: {score}.").format(metric=shown.column(), score=points)
        said = tag("b", text(words)) + " " + tag("mark", text(_("Así"))) + " "
        said += text(shown.legend())
        for entry in METRICS:
            if entry.findings and findings[entry.name]:
                words = entry.findings.legend(len(findings[entry.name]))
                said += " " + tag("u", text(_("Subrayado:")), class_="doubt") + " " + text(words)
        return tag("p", said, class_="poetas-legend")


def _side(name: str, words: str, *, mine: bool = False) -> str:
    said = tag("p", text(name), class_="poetas-pair-label") + tag("p", words, class_="serif")
    return tag("div", said, class_="poetas-said mine" if mine else "poetas-said")
