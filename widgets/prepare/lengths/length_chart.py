"""«¿Cuánto entra?»: how long the texts are in tokens, where to cut, and the words that the model would never read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from ipywidgets import Button, HBox, VBox, Widget
from traitlets import Instance, Int, Unicode

from poetas.data.service.answers import LengthsAnswer
from poetas.errors import Explanation
from poetas.i18n import _, number
from poetas.models.cache import model_folder, ready_models
from widgets.controls.prediction_prompt import PredictionPrompt
from widgets.controls.slider_field import SliderField
from widgets.core.component import Component, State
from widgets.core.html import html, tag, text
from widgets.core.page_context import PageContext
from widgets.core.tasks import LatestRequest
from widgets.core.undo import Undo
from widgets.prepare.dataset_draft import DatasetDraft, Done
from widgets.prepare.lengths.truncation_preview import TruncationPreview
from widgets.prepare.recipe_values import column_values

if TYPE_CHECKING:
    from widgets.controls.histogram import Histogram

USUAL = 512  # tokens; what is cut by default, because training beyond it takes long on a computer without a GPU
SHORTEST = 4


class LengthChart(Component):
    """Histogram of token lengths with a movable cut, and an X-ray of single texts.

    value: longest text kept, in tokens; 0 before the lengths are known. lengths: int64[n], one a text, or None; those
    that are handed over are drawn at once, without texts to look into.
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
        if lengths is not None:
            self.observe(lambda change: self._cut(change.new), "value")
            self._show(np.asarray(lengths, dtype=np.int64))
            return
        self.draft.observe(lambda _change: self._take(), "mapped")
        self.draft.observe(lambda _change: self._tell_needs(), ["source", "mapping"])
        self.context.observe(lambda _change: self._take(), "model")
        self.observe(lambda change: self._cut(change.new), "value")
        self._take()

    def build(self) -> Sequence[Widget]:
        """Make the guess, the histogram with its knob, and the X-ray."""
        self.missing = html("")
        self.check = Button(description=_("Ya lo traje"))
        self.check.on_click(lambda _button: self._take())
        self.guess = PredictionPrompt("", counts=True)
        self.guess.observe(lambda change: self._measure() if change.new else None, "revealed")
        self.status = html("")
        self.verdict = html("")
        self.dial = SliderField(_("Largo máximo, en tokens"), USUAL, lowest=SHORTEST, highest=USUAL, step=1)
        self.dial.observe(lambda change: self.set_trait("value", int(change.new)), "value")
        self.whole = Button(description=_("Que entren todos"))
        self.whole.on_click(lambda _button: self.set_trait("value", self.dial.box.max))
        self.undo = Undo(self, "value")
        row = HBox((self.whole, self.undo))
        row.add_class("row")
        self.cost = TruncationPreview(None if self._given else self._ask)
        self.chart: Histogram | None = None
        self._above, self._below = (self.verdict,), (self.dial, row, self.cost)
        self.shown = VBox()  # a chart that is drawn while it is hidden has no size: it comes with the lengths
        self.shown.add_class("stack")
        return (self.missing, self.check, self.guess, self.status, self.shown)

    def refresh(self) -> None:
        """Show the chart only once the learner has guessed or asked for it."""
        known = self.lengths is not None and self.state is not State.WAITING
        chart = self.chart if known else None
        self.shown.children = (*self._above, chart, *self._below, chart.table) if chart is not None else ()
        self.check.layout.display = "" if self.missing.value else "none"
        open_question = self.state is State.READY and self.lengths is None and not self.guess.revealed
        self.guess.layout.display = "" if open_question else "none"
        words = _("Paso todos tus textos por la tijera…")
        busy = self.state is State.BUSY and not known
        self.status.value = tag("p", text(words), class_="soft", role="status") if busy else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        told = column_values(self.draft)
        if self.value:
            told["LONGEST"] = self.value
        if self._model:
            told["MODEL"] = str(model_folder(self.context.workspace, self._model))
        return told

    def note_conditions(self) -> Mapping[str, str]:
        """Return the facts about the page, with the task of the texts that are being prepared."""
        return {**super().note_conditions(), "task": self.draft.task}

    def missing_prerequisite(self) -> str:
        """Nothing, where the lengths were handed over."""
        return "" if self._given else self.draft.lacking(super().missing_prerequisite())

    # -- what there is to measure, and with what

    def _take(self) -> None:
        """Begin anew when the texts or the model are other ones."""
        fresh = self.draft.source if self.draft.task else ""
        if fresh != self.source:
            self.set_trait("source", fresh)
            self.done = False
        ready = [entry.id for entry in ready_models(self.context.workspace)]
        model = self.context.model if self.context.model in ready else (ready[0] if ready else "")
        self.missing.value = ""
        self._request = self._requests.begin()
        self.lengths, self._model = None, model
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
            self.guess.ask(_("¿cuántos tokens tiene tu texto más largo?"))
            self.state = State.READY
            seen = self.draft.recalled and "cuanto-entra" in self.context.steps
            if self.draft.cut or seen:  # on an earlier visit: show it again
                self.guess.revealed = True
        self.refresh()

    def _measure(self) -> None:
        """Ask for the length of every text."""
        self.clear_error()
        request = self._request = self._requests.begin()
        self.state = State.BUSY

        def done(answer: LengthsAnswer) -> None:
            self._show(np.asarray(answer["text"], dtype=np.int64))

        model = self._model
        self.draft.ask(
            lambda service: service.lengths(model), done=request.only(done), failed=request.only(self._failed)
        )

    def _failed(self, problem: Explanation) -> None:
        self.fail(problem, {"restart-service": self._measure, "retry": self._measure})
        if self.lengths is None:
            self.guess.reopen()
            self.refresh()

    # -- showing

    def _show(self, lengths: np.ndarray) -> None:
        longest = max(int(lengths.max()), SHORTEST + 1)
        for part in (self.dial.box, self.dial.slider):
            part.max = longest
        self.lengths = lengths
        self._answer_guess(longest)
        wanted = min(max(USUAL if self._given else self.draft.cut or USUAL, SHORTEST), longest)
        self._histogram().show(lengths, wanted)
        self.state = State.DONE
        self.value = wanted
        self._cut(self.value)
        self.undo.forget()
        self.done = True
        self.refresh()

    def _histogram(self) -> Histogram:
        """Make the chart when it is first needed: its libraries take half a second and 50 MB that most visits save."""
        if self.chart is None:
            from widgets.controls.histogram import Histogram  # noqa: PLC0415  (see above)

            self.chart = Histogram(unit=_("tokens"), counted=_("textos"), line=_("hasta acá lee"))
        return self.chart

    def _answer_guess(self, longest: int) -> None:
        guessed = re.search(r"\d+", self.guess.value.replace(".", ""))
        self.verdict.value = ""
        if guessed:
            words = _("Apostaste {mine}; el más largo tiene {longest}.")
            told = words.format(mine=number(int(guessed[0])), longest=number(longest))
            self.verdict.value = tag("p", text(told), class_="notice", role="status")

    def _cut(self, longest: int) -> None:
        """Put the line somewhere: draw it at once, and ask what it costs."""
        if self.lengths is None:
            return
        self.dial.value = longest
        self._histogram().move(longest)
        if not self._given and (self.draft.cut or longest < self.dial.box.max):  # who only looked has cut nothing
            self.draft.cut = longest
        self.whole.disabled = longest >= int(self.dial.box.max)
        self.cost.look(self.lengths, longest)

    def _ask(self, index: int, longest: int, done: Done) -> None:
        model, failed = self._model, self._request.only(self._failed)
        self.draft.ask(lambda service: service.cut(model, longest, index), done=done, failed=failed)
