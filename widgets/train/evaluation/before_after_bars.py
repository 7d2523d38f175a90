"""Next-token bars of the model as it came and of the tuned one after the same beginning, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from ipywidgets import Textarea, Widget
from traitlets import List

from poetas.errors import Explanation
from poetas.evaluation.systems import BASE, TUNED, title
from poetas.generation.generation_client import NextTokenAnswer
from poetas.generation.token_shifts import TokenShift, token_shifts
from poetas.i18n import _
from poetas.tokens.token_display import visible
from poetas.util.excerpt import shortened
from widgets.controls.bar_list.bar_list import Bar, BarList, in_brief
from widgets.controls.previews import lines
from widgets.core.component import Component, State
from widgets.core.elements import box_of, column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.note_conditions import chosen_model, dataset_language
from widgets.core.service_stream import ServiceStream
from widgets.train.dataset_records import adapter_in_use, reading_config

READ = 256  # tokens that are read of a beginning that stands alone
SHORT = 240  # characters of the text that is summarised


class BeforeAfterBars(Component):
    """The same beginning in both models, and the tokens whose probability rose and fell most.

    value: the shifts that are drawn, [] before. The beginning can be edited; for summaries it is that of a summary of
    a text of the exam.
    """

    value: List[TokenShift] = List()

    def build(self) -> Sequence[Widget]:
        """Make the beginning, the button and the two lists of bars."""
        self._source, self._requests = "", LatestRequest()
        self._streams: list[ServiceStream[Any, NextTokenAnswer]] = []
        self._answers: dict[str, NextTokenAnswer] = {}
        self.head = html(tag("h3", text(_("Antes y después, en apuestas"))))
        self.source = html("")
        self.box = Textarea(description=_("Tu comienzo"), rows=2)
        self.box.observe(lambda _change: self._edited(), "value")
        self.compare = make_button(_("Comparar las apuestas"))
        self.on_click(self.compare, self._ask)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._stop)
        self.status = html("")
        self.bars = {who: BarList(title(who)) for who in (BASE, TUNED)}
        columns = [
            column_of((html(tag("p", text(title(who)), class_="poetas-pair-label")), bars), "stack")
            for who, bars in self.bars.items()
        ]
        self.sentence = html("")
        self.pair = column_of((box_of(columns, "grid"), self.sentence), "stack")
        return (self.head, self.source, self.box, row_of((self.compare, self.stop)), self.status, self.pair)

    def refresh(self) -> None:
        """Enable the button where there is a model and an adapter; show bars once both have answered."""
        busy = self.state is State.BUSY
        show(self.compare, not busy)
        show(self.stop, busy)
        show(self.pair, self.value)
        words = _("Los dos modelos leen el mismo comienzo…")
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""

    def show(self, result: Mapping[str, Any]) -> None:
        """Take the result of an exam: its first text gives the beginning. Hidden where there is none to compare."""
        model = chosen_model(self.context)
        style = result.get("task") == "style"
        rows = result.get("samples" if style else "texts") or ()
        able = style or model is None or model.architecture != "seq2seq"
        show(self, bool(rows) and able)
        if not rows:
            return
        self._source = "" if style else str(rows[0]["source"])
        beginning = str(rows[0]["beginning"]) if style else str(rows[0]["reference"]).split(" ")[0]
        words = _("Cómo apuesta cada uno por el pedacito que sigue. Cambiá el comienzo y compará otra vez.")
        about = tag("p", text(words), class_="soft")
        if not style:
            about += tag("p", text(_("El comienzo del resumen de este texto:")), class_="poetas-pair-label")
            about += tag("p", lines(shortened(self._source, SHORT)), class_="serif")
        self.source.value = about
        self.box.value = beginning
        self._edited()

    def _edited(self) -> None:
        """Drop the bars of another beginning."""
        self._drop()
        self.value = []
        if self.state is not State.READY:
            self.state = State.READY
        self.refresh()

    def _drop(self) -> None:
        self._requests.cancel()
        for stream in self._streams:
            stream.cancel()
        self._streams, self._answers = [], {}

    def _stop(self) -> None:
        self._edited()

    def _ask(self) -> None:
        self.clear_error()
        self._drop()
        adapter = adapter_in_use(self.context)
        if adapter is None:
            return
        self.state = State.BUSY
        request = self._requests.begin()
        asked: dict[str, Any] = {"longest": READ}
        if self._source:
            language = dataset_language(self.context.dataset)
            asked = {"source": self._source, "longest": reading_config(self.context)["longest"], "language": language}
        model, words, services = self.context.model, self.box.value, self.context.services
        for who, folder in ((BASE, None), (TUNED, str(adapter))):
            self._streams.append(
                services.stream(
                    partial(services.generation.next_token, model, words, adapter=folder, **asked),
                    each=lambda _items: None,
                    done=request.only(partial(self._answered, who)),
                    failed=request.only(self._failed),
                )
            )

    def _answered(self, who: str, answer: NextTokenAnswer | None) -> None:
        if answer is None:  # interrupted, in a notebook
            self._edited()
            return
        self._answers[who] = answer
        if len(self._answers) == len(self.bars):
            self._draw(self._answers[BASE], self._answers[TUNED])

    def _failed(self, problem: Explanation) -> None:
        self._edited()
        self.fail(problem, {"restart-service": self._ask, "retry": self._ask})

    def _draw(self, before: NextTokenAnswer, after: NextTokenAnswer) -> None:
        texts = {
            int(token): piece
            for answer in (before, after)
            for token, piece in zip(np.asarray(answer["ids"]).tolist(), answer["pieces"], strict=True)
        }
        self.value = token_shifts(np.asarray(before["logits"]), np.asarray(after["logits"]), texts)
        notes = {1: _("▲ la que más subió"), -1: _("▼ la que más bajó"), 0: ""}
        for who, bars in self.bars.items():
            bars.draw([_bar(shift, who, notes[shift.most]) for shift in self.value])
        self.sentence.value = tag("p", text(_said(self.value)), role="status")
        self.state, self.done = State.DONE, True
        self.refresh()


def _bar(shift: TokenShift, who: str, note: str) -> Bar:
    share = shift.after if who == TUNED else shift.before
    return Bar(visible(shift.text), share, in_brief(share), mine=bool(shift.most), note=note)


def _said(shifts: Sequence[TokenShift]) -> str:
    """Say which token rose and which fell most, with both probabilities."""
    said = []
    for most, words in (
        (1, _("«{token}» subió de {before} a {after}.")),
        (-1, _("«{token}» bajó de {before} a {after}.")),
    ):
        for shift in (shift for shift in shifts if shift.most == most):
            before, after = (in_brief(share) for share in (shift.before, shift.after))
            said.append(words.format(token=visible(shift.text), before=before, after=after))
    return " ".join(said) or _("Ninguna apuesta cambió de verdad: acá el entrenamiento no movió nada.")
