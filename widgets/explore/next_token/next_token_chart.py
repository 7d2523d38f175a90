"""«¿Cuál es la próxima palabra?»: the model's bets on the next token, as bars that write themselves into the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import exp
from typing import Any, ClassVar

import numpy as np
from ipywidgets import Button, HBox, Textarea, VBox, Widget
from traitlets import Instance, List, Unicode

from poetas.data.pipeline.language import recognise_language
from poetas.errors import Explanation
from poetas.generation.generation_client import NextTokenAnswer
from poetas.generation.sampling import distribution
from poetas.i18n import _
from poetas.tokens.spelling import visible
from widgets.controls.bar_list.bar_list import Bar, BarList, in_brief
from widgets.controls.language_notice import language_notice
from widgets.controls.model_values import model_values
from widgets.controls.prediction_prompt import PredictionPrompt
from widgets.core.component import Component, State
from widgets.core.html import html, tag, text
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.core.service_stream import ServiceStream
from widgets.core.tasks import LatestRequest
from widgets.explore.next_token.token_html import tokens_read, word

ENGLISH = "Tonight the moon is"  # the sample for a model that writes no Spanish; not translated with the page
SHOWN = 10  # bars: enough to see the drop, few enough to read
READ = 256  # tokens: a page cannot wait for the bets after a whole book, and its beginning changes them little


class NextTokenChart(Component):
    """The ten likeliest tokens after the learner's text; a click on a bar writes it and goes on.

    value: the text. logits: float32[vocabulary] of its next token, None while nothing was asked; `SamplingControls`
    reshapes the bars from it. pieces: texts of the likeliest tokens, likeliest first; ids: their numbers.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "proxima"

    value = Unicode()
    logits = Instance(np.ndarray, allow_none=True)
    ids = Instance(np.ndarray, allow_none=True)
    pieces: List[Any] = List()

    def __init__(self, beginning: str = "", *, context: PageContext | None = None) -> None:
        self._past: list[str] = []
        self._shown: list[str] = []  # what each bar writes
        self._asking: ServiceStream[Any, NextTokenAnswer] | None = None
        self._awake = ""  # the model that has answered already
        self._guessed_share: float | None = None
        self._requests = LatestRequest()
        super().__init__(context)
        self._put = "" if beginning else self._sample()  # the sample that stands in the box
        self.box.value = beginning or self._put
        self.context.observe(lambda _change: self._model_changed(), "model")

    def build(self) -> Sequence[Widget]:
        """Make the text box, the guess, the bars and the buttons."""
        self.box = Textarea(description=_("Tu comienzo"), rows=2)  # each key tells: bets on another text go at once
        self.box.observe(lambda change: self._edited(change.new), "value")
        self.language = html("")
        self.cut = html("")
        self.guess = PredictionPrompt(_("¿cuál va primera? Anotá la tuya, o pedí que te muestre."))
        self.guess.observe(lambda change: self._ask() if change.new else None, "revealed")
        self.status = html("")
        self.stop = Button(description=_("Detener"))
        self.stop.on_click(lambda _button: self._stop())
        self.bars = BarList(_("Las diez apuestas más fuertes"), on_pick=self._write)
        self.add = Button(description=_("Agregar la favorita"), button_style="primary")
        self.add.on_click(lambda _button: self._write(0))
        self.undo = Button(description=_("Deshacer"))
        self.undo.on_click(lambda _button: self._undo())
        self.again = Button(description=_("Adivinar de nuevo"))
        self.again.on_click(lambda _button: self._forget())
        row = HBox((self.add, self.undo, self.again))
        row.add_class("row")
        self.shown = VBox((self.cut, self.bars, row))
        self.shown.add_class("stack")
        return (self.box, self.language, self.guess, self.status, self.stop, self.shown)

    def refresh(self) -> None:
        """Show the bars only once the learner has guessed or asked for them."""
        waiting = not self.context.model
        known = self.logits is not None
        self.box.disabled = waiting
        self.guess.tell.disabled = self.guess.show_me.disabled = waiting
        self.shown.layout.display = "" if known else "none"
        self.add.disabled = self.state is State.BUSY or not known
        self.undo.disabled = self.state is State.BUSY or not self._past
        self.bars.asleep = self.state is State.BUSY
        self.stop.layout.display = "" if self.state is State.BUSY else "none"
        spoken = recognise_language([self.value])
        self.language.value = language_notice(chosen_model(self.context), spoken, _("tu comienzo parece estar"))
        words = _("El modelo está leyendo tu texto…")
        if self._awake != self.context.model:
            words += " " + _("La primera vez tarda unos segundos, porque tiene que despertarse.")
        self.status.value = tag("p", text(words), class_="soft", role="status") if self.state is State.BUSY else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return {"TEXT": self.value, "LONGEST": READ, **model_values(self.context)}

    def _sample(self) -> str:
        """A beginning in a language that the model writes."""
        model = chosen_model(self.context)
        foreign = model is not None and model.languages and "es" not in model.languages
        return ENGLISH if foreign else _("Esta tarde cae la")

    def _model_changed(self) -> None:
        if self._put and self.box.value == self._put:  # a text of the learner's is never replaced
            self._put = self._sample()
            self.box.value = self._put
        self._forget()

    def _edited(self, fresh: str) -> None:
        if fresh == self.value:
            return
        self.value = fresh
        if self.logits is not None or self.state is State.BUSY:
            self._past.clear()
            self._forget()
        self.refresh()

    def _forget(self) -> None:
        """Start a new round: nothing is known of this text, and a new guess is invited."""
        self._cancel()
        self._guessed_share = None
        self.logits = None
        self.guess.ask(_("¿cuál va primera? Anotá la tuya, o pedí que te muestre."))
        self.state = State.READY
        self.refresh()

    def _ask(self) -> None:
        """Ask the model for its bets on the next token of the text as it is now."""
        self.clear_error()
        self._cancel()  # a newer question makes the older one's answer old
        self.state = State.BUSY
        self.refresh()
        request = self._requests.begin()
        model, words, guess, services = self.context.model, self.value, self.guess.value, self.context.services

        def done(answer: NextTokenAnswer | None) -> None:
            if answer is None:  # interrupted, in a notebook
                self._stop()
            else:
                self._show(answer)

        self._asking = services.stream(
            lambda: services.generation.next_token(model, words, guess=guess, longest=READ),
            each=lambda _items: None,
            done=request.only(done),
            failed=request.only(self._failed),
        )

    def _cancel(self) -> None:
        self._requests.cancel()
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _stop(self) -> None:
        """Read no further; the bet stays as it was written."""
        self._cancel()
        self._past.clear()
        self.logits = None  # the bars that may be there are of the text before the last click
        self.guess.reopen()
        self.state = State.READY
        self.refresh()

    def _failed(self, problem: Explanation) -> None:
        self._stop()
        self.fail(problem, {"restart-service": self.guess.again, "retry": self.guess.again})

    def _show(self, answer: NextTokenAnswer) -> None:
        self.ids = np.asarray(answer["ids"], dtype=np.int64)
        self.pieces = list(answer["pieces"])
        share = answer.get("guess")
        self._guessed_share = exp(share) if isinstance(share, int | float) else None
        self.cut.value = tokens_read(list(answer["prompt_pieces"]), int(answer["truncated"]))
        self._awake = self.context.model
        first = self.logits is None
        self.logits = np.asarray(answer["logits"], dtype=np.float32)
        self.draw()
        self.state = State.DONE
        self.done = True
        self.refresh()
        if first:  # the box for the guess, or the button beside it, had the focus and is gone
            self.bars.focus()

    def draw(self) -> None:
        """Draw the bars from the logits, at temperature 1 and without cuts."""
        if self.logits is None or self.ids is None:
            return
        probabilities = distribution(self.logits).probabilities
        favourite = word(self.pieces[0])
        self.add.description = _("Agregar «{word}»").format(word=favourite)
        mine = self.guess.value.strip().lower()
        bars = [
            _bar(piece, float(probabilities[token]), mine=bool(mine) and piece.strip().lower() == mine)
            for token, piece in zip(self.ids[:SHOWN], self.pieces[:SHOWN], strict=False)
        ]
        shown = list(zip(bars, self.pieces, strict=False))
        if mine and self._guessed_share is not None and not any(bar.mine for bar in bars):
            piece = " " + self.guess.value
            shown.append((_bar(piece, self._guessed_share, mine=True), piece))
            shown.sort(key=lambda one: -one[0].share)
        self._shown = [piece for _one, piece in shown]
        self.bars.draw([one for one, _piece in shown])

    def _write(self, index: int) -> None:
        """Append the token of a bar to the text, and ask again; of bars that are old, nothing."""
        if self.logits is None or self.state is State.BUSY:
            return
        added = self._shown[index]
        self._past.append(self.value)
        self._set(self.value + added)
        self.guess.value = ""
        self._ask()

    def _undo(self) -> None:
        if self._past:
            self._set(self._past.pop())
            self.guess.value = ""
            self._ask()

    def _set(self, value: str) -> None:
        self.value = value
        self.box.value = value


def _bar(piece: str, share: float, *, mine: bool) -> Bar:
    note = _("tu apuesta") if mine else ""
    return Bar(visible(piece), share, in_brief(share), mine=mine, note=note, spoken=_("Agregar"))
