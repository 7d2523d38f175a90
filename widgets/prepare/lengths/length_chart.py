"""Length chart («¿Cuánto entra?»): token lengths of the texts in, a truncation length out, with what it cuts off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from ipywidgets import Widget
from traitlets import Instance, Int, Unicode

from poetas.course.bets import number_verdict
from poetas.data.dataset_schema import CUT, WINDOWS
from poetas.data.service.answers import LengthsAnswer
from poetas.errors import Explanation
from poetas.i18n import _, number, percent_phrase
from poetas.models.model_store import model_folder, ready_models
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.controls.slider_field import SliderField
from widgets.controls.work_line import WorkLine
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.core.undo import Undo
from widgets.prepare.dataset_draft import DatasetDraft, Done
from widgets.prepare.lengths.length_details import LengthDetails
from widgets.prepare.lengths.long_texts import LongTexts
from widgets.prepare.recipe_values import column_values

if TYPE_CHECKING:
    from widgets.controls.histogram.histogram import Histogram

DEFAULT_CUT = 512  # tokens; training on longer texts takes long on a computer without a GPU
SHORTEST = 4


class LengthChart(Component):
    """Histogram of token lengths with a movable cut, and an X-ray of single texts.

    value: longest text kept, in tokens; 0 before the lengths are known. lengths: int64[n], one per text, or None; those
    given to the constructor are drawn at once, without texts to preview.
    """

    needs: ClassVar[tuple[str, ...]] = ("source",)
    recipe: ClassVar[str] = "largos"

    source = Unicode()
    value = Int(0)
    lengths = Instance(np.ndarray, allow_none=True)

    def __init__(
        self, lengths: Sequence[int] | np.ndarray | None = None, *, context: PageContext | None = None
    ) -> None:
        self._model, self._requests = "", LatestRequest()
        self._given = lengths is not None
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self._details = LengthDetails(self.draft, self.long_texts, self._failed)
        if lengths is not None:
            self.observe(lambda change: self._cut(change.new), "value")
            self._show(np.asarray(lengths, dtype=np.int64))
            return
        self.draft.observe(lambda _change: self._take(), "mapped")
        self.draft.observe(lambda _change: self._update_notice(), ["source", "mapping"])
        self.context.observe(lambda _change: self._take(), "model")
        self.observe(lambda change: self._cut(change.new), "value")
        self._take()

    def build(self) -> Sequence[Widget]:
        """Make the prediction, the histogram with its slider, and the preview."""
        self.missing = html("")
        self.check = make_button(_("Ya lo traje"))
        on_click(self.check, self._take)
        self.prediction = BetPrompt(_question(), bet="cuanto-entra", counts=True, context=self.context)
        self.prediction.observe(lambda change: self._measure() if change.new else None, "revealed")
        self.status = html("")
        self.line = WorkLine()
        self.slider = SliderField(
            _("Largo máximo, en tokens"), DEFAULT_CUT, lowest=SHORTEST, highest=DEFAULT_CUT, step=1
        )
        self.slider.observe(lambda change: self.set_trait("value", int(change.new)), "value")
        self.whole = make_button(_("Que entren todos"))
        on_click(self.whole, lambda: self.set_trait("value", self.slider.box.max))
        self.undo = Undo(self, "value")
        row = row_of((self.whole, self.undo))
        self.long_texts = LongTexts(None if self._given else self._ask, self._choose)
        self.cost = self.long_texts.cost
        self.chart: Histogram | None = None
        self._below = (self.slider, row, self.long_texts)
        self.shown = column_of((), "stack")  # filled with the lengths, because a chart drawn while hidden has no size
        return (self.missing, self.check, self.prediction, self.status, self.line, self.shown)

    def refresh(self) -> None:
        """Show the chart only once the learner has made a prediction or skipped it."""
        known = self.lengths is not None and self.state is not State.WAITING
        chart = self.chart if known else None
        self.shown.children = (chart, *self._below, chart.table) if chart is not None else ()
        show(self.check, self.missing.value)
        open_question = self.state is State.READY and self.lengths is None and not self.prediction.revealed
        show(self.prediction, open_question or self.prediction.answered)
        words = _("Paso todos tus textos por la tijera…")
        busy = self.state is State.BUSY and not known
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""

    def seen(self) -> str:
        """Return which share of the texts is left whole."""
        if self.lengths is None or not self.value:
            return ""
        whole = float((self.lengths <= self.value).mean())
        if self.draft.windows and whole < 1:
            words = _("En ventanas de hasta {n} tokens, el modelo va a estudiar todas las palabras de tus textos.")
        elif whole:
            words = _("Con la línea en {n} tokens entran enteros {share} de tus textos.")
        else:
            words = _("Con la línea en {n} tokens no entra entero ninguno de tus textos.")
        return words.format(n=number(self.value), share=percent_phrase(whole))

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        values = column_values(self.draft)
        if self.value:
            values["LONGEST"] = self.value
        values["LONG_TEXTS"] = WINDOWS if self.draft.windows else CUT
        if self._model:
            values["MODEL"] = str(model_folder(self.context.workspace, self._model))
        return values

    def note_conditions(self) -> Mapping[str, str]:
        """Return the facts about the page, with the task of the texts that are being prepared."""
        return {**super().note_conditions(), "task": self.draft.task}

    def missing_prerequisite(self) -> str:
        """Return "" where the lengths were given to the constructor."""
        return "" if self._given else self.draft.refine_need(super().missing_prerequisite())

    # -- texts and model

    def _take(self) -> None:
        """Start again when the texts or the model change."""
        source = self.draft.source if self.draft.task else ""
        if source != self.source:
            self.set_trait("source", source)
            self.done = False
        ready = [entry.id for entry in ready_models(self.context.workspace)]
        model = self.context.model if self.context.model in ready else (ready[0] if ready else "")
        self.missing.value = ""
        self._request = self._requests.begin()
        self.line.stop()
        self.lengths, self._model = None, model
        self.prediction.clear()
        self.clear_error()
        if not self.source:
            self.state = State.WAITING
        elif not model:
            link = tag("a", text(_("Elegí un modelo en la app 1")), href="1_conocer.ipynb#modelo")
            words, rest = (
                _("Para contar tokens hace falta la tijera de un modelo."),
                _("y volvé, o seguí sin cortar nada."),
            )
            self.missing.value = tag("p", f"{text(words)} {link} {text(rest)}", class_="notice care")
            self.state = State.WAITING
        else:
            self.prediction.ask(_question())
            self.state = State.READY
            seen = self.draft.recalled and "cuanto-entra" in self.context.steps
            if self.draft.cut or seen:  # on an earlier visit: show it again
                self.prediction.revealed = True
        self.refresh()

    def _measure(self) -> None:
        """Ask for the length of every text."""
        self.clear_error()
        request = self._request = self._requests.begin()
        self.state = State.BUSY

        def done(answer: LengthsAnswer) -> None:
            self._show(np.asarray(answer["text"], dtype=np.int64))

        model = self._model
        failed = request.only(self._failed)
        self.draft.ask(lambda service: service.lengths(model), done=request.only(done), failed=failed, line=self.line)

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._measure, "retry": self._measure})
        if self.lengths is None:
            self.prediction.reopen()
            self.refresh()

    # -- showing

    def _show(self, lengths: np.ndarray) -> None:
        longest = max(int(lengths.max()), SHORTEST + 1)
        for part in (self.slider.box, self.slider.slider):
            part.max = longest
        self.lengths = lengths
        if not self._given:
            self.draft.measured = {"model": self._model, "longest": int(lengths.max())}
        if (mine := self.prediction.number) is not None:
            middle = _("puestos de corto a largo, el del medio tiene {n}").format(n=number(float(np.median(lengths))))
            self.prediction.answer(number_verdict(mine, int(lengths.max()), middle if len(lengths) > 1 else ""))
        cut = min(max(DEFAULT_CUT if self._given else self.draft.cut or DEFAULT_CUT, SHORTEST), longest)
        self._histogram().show(lengths, cut)
        self.state = State.DONE
        self.value = cut
        self._cut(self.value)
        self.undo.clear()
        self.done = True
        self.refresh()

    def _histogram(self) -> Histogram:
        """Make the chart when it is first needed."""
        if self.chart is None:
            from widgets.controls.histogram.histogram import Histogram  # noqa: PLC0415 - brings numpy into the kernel

            self.chart = Histogram(unit=_("tokens"), counted=_("textos"), line=_("hasta acá lee"), lowest=SHORTEST)
            self.chart.observe(lambda change: self.set_trait("value", change.new), "cut")
        return self.chart

    def _cut(self, longest: int) -> None:
        """Move the line, and ask what the cut costs."""
        if self.lengths is None:
            return
        self.slider.value = longest
        self._histogram().move(longest)
        if not self._given and (self.draft.cut or longest < self.slider.box.max):  # an untouched line is no choice
            self.draft.cut = longest
        self.whole.disabled = longest >= int(self.slider.box.max)
        self.long_texts.show(self.lengths, longest, task=self.draft.task, parted=self.draft.parted)
        if not self._given:
            self._details.moved(self._model, longest, cuts=longest < self.slider.box.max)

    def _choose(self, parted: bool) -> None:  # noqa: FBT001 - a card's choice
        """Cut long texts, or part them into windows."""
        self.draft.parted = parted
        self.draft.cut = self.value
        self.long_texts.choose(parted=parted)

    def _ask(self, index: int, longest: int, done: Done) -> None:
        model, failed = self._model, self._request.only(self._failed)
        self.draft.ask(lambda service: service.cut(model, longest, index), done=done, failed=failed)


def _question() -> str:
    return _("¿cuántos tokens tiene tu texto más largo?")
