"""Viewer of style samples: beginnings of held-out texts and their continuations, with copied runs marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ipywidgets import Button, HBox, VBox
from traitlets import Int

from poetas.evaluation.systems import HUMAN, TUNED, title
from poetas.i18n import _, ngettext, number
from widgets.controls.previews import lines
from widgets.core.html import html, tag, text
from widgets.train.highlighting import marked

LONG = 4  # words: shorter runs are common phrases


class StyleViewer(VBox):
    """Walks through the samples of a style's exam. value: place of the sample."""

    value = Int(0)

    def __init__(self) -> None:
        super().__init__()
        self.add_class("stack")
        self._samples: Sequence[Mapping[str, Any]] = ()
        self._texts = 0
        self.before = Button(description=_("Anterior"))
        self.after = Button(description=_("Siguiente"))
        self.place = html("", "poetas-place")
        self.before.on_click(lambda _button: self._go(-1))
        self.after.on_click(lambda _button: self._go(1))
        row = HBox((self.before, self.place, self.after))
        row.add_class("row")
        row.add_class("poetas-walk")
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
        self.layout.display = "" if self._samples else "none"
        if not 0 <= self.value < len(self._samples):
            return
        sample = self._samples[self.value]
        where = _("Comienzo {n} de {all}").format(n=number(self.value + 1), all=number(len(self._samples)))
        if self._texts > len(self._samples):
            where += " · " + _("son los primeros de los {n} textos del examen").format(n=number(self._texts))
        self.place.value = tag("b", text(where), role="status")
        inner = tag("p", lines(str(sample["beginning"])), class_="serif")
        for who, continuation in sample.items():
            if isinstance(continuation, Mapping):
                inner += _voice(who, continuation)
        self.words.value = tag("div", inner, class_="card poetas-pair")


def _voice(who: str, continuation: Mapping[str, Any]) -> str:
    name = _("El texto original sigue así") if who == HUMAN else title(who)
    words, copied = str(continuation["text"]).strip("\n"), continuation.get("copied") or {}
    length = int(copied.get("length", 0))
    run = [(int(copied["start"]), int(copied["end"]))] if who != HUMAN and length >= LONG else []
    label = tag("p", text(name), class_="poetas-pair-label")
    drawn = tag("p", marked(str(continuation["text"]), run).strip() or text(_("(no escribió nada)")), class_="serif")
    if run:
        said = ngettext(
            "Marcado: {n} palabra seguida que también está en un texto de estudio.",
            "Marcado: {n} palabras seguidas que también están en un texto de estudio.",
            length,
        )
        drawn += tag("p", text(said.format(n=number(length))), class_="soft")
    said = label + (drawn if words else tag("p", text(_("(no escribió nada)"))))
    return tag("div", said, class_="poetas-said mine" if who == TUNED else "poetas-said")
