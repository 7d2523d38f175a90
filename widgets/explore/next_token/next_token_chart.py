"""Next-token chart («¿Cuál es la próxima palabra?»): a text in, its likeliest next tokens as bars that append."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from math import exp
from typing import Any, ClassVar

import numpy as np
from ipywidgets import Widget
from traitlets import Instance, List, Unicode

from poetas.data.pipeline.language import recognise_language
from poetas.errors import Explanation
from poetas.generation.generation_client import NextTokenAnswer
from poetas.generation.sampling import distribution
from poetas.i18n import _
from poetas.util.excerpt import ending
from widgets.controls.bar_list.bar_list import BarList, share_phrase
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.controls.language_notice import language_notice
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.explore.next_token.chart_extras import chart_extras
from widgets.explore.next_token.next_token_bars import clickable_bars
from widgets.explore.next_token.next_token_verdict import next_token_verdict, question_about
from widgets.explore.next_token.token_html import tokens_read, word
from widgets.explore.next_token.verse_box import VerseBox

SEEN = 40  # characters of the text that the note repeats
READ = 256  # tokens of the text that are read: more would take long and change the probabilities little


class NextTokenChart(Component):
    """The ten likeliest tokens after the learner's text; a click on a bar appends it and asks again.

    value: the text. logits: float32[vocabulary] of its next token, None before the first answer; `SamplingControls`
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
        self._shown: list[str] = []  # what each bar appends
        self._loaded = ""  # the model that has answered already
        self._predicted_share: float | None = None
        self._requests = LatestRequest()
        self._beginning = beginning
        super().__init__(context)
        self.value = self.box.value
        self.context.observe(lambda _change: self._model_changed(), "model")

    def build(self) -> Sequence[Widget]:
        """Make the text box, the prediction, the bars and the buttons."""
        self.box = VerseBox(self.context, self._beginning)  # updated with each key, which outdates the bars
        self.box.observe(lambda change: self._edited(change.new), "value")
        self.language = html("")
        self.cut = html("")
        self.prediction = BetPrompt(_question(), bet="proxima", context=self.context)
        self.prediction.observe(lambda change: self._ask() if change.new else None, "revealed")
        self.status = html("")
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._stop)
        self.bars = BarList(_("Las diez apuestas más fuertes"), on_pick=self.unless_busy(self._write))
        self.add = make_button(_("Agregar la favorita"), kind="primary")
        self.on_click(self.add, partial(self._write, 0))
        self.undo = make_button(_("Deshacer"))
        self.on_click(self.undo, self._undo)
        self.again = make_button(_("Adivinar de nuevo"))
        on_click(self.again, self._restart)
        row = row_of((self.add, self.undo, self.again))
        self.rounded = html("")
        self.extras = chart_extras(self)
        self.shown = column_of((self.cut, self.bars, self.rounded, row, self.extras), "stack")
        return (self.box, self.language, self.prediction, self.status, self.stop, self.shown)

    def refresh(self) -> None:
        """Show the bars only once the learner has made a prediction or skipped it."""
        waiting = not self.context.model
        known = self.logits is not None
        self.box.disabled = waiting
        self.prediction.disabled = waiting
        show(self.shown, known)
        self.add.disabled = self.state is State.BUSY or not known
        self.undo.disabled = self.state is State.BUSY or not self._past
        self.bars.disabled = self.state is State.BUSY
        show(self.stop, self.state is State.BUSY)
        spoken = recognise_language([self.value])
        where = _("que está más arriba, en «Elegí un modelo»")
        self.language.value = language_notice(chosen_model(self.context), spoken, _("tu comienzo parece estar"), where)
        words = _("El modelo está leyendo tu texto…")
        if self._loaded != self.context.model:
            words += " " + _("La primera vez tarda unos segundos, porque tiene que despertarse.")
        self.status.value = tag("p", text(words), class_="soft", role="status") if self.state is State.BUSY else ""

    def seen(self) -> str:
        """Return the likeliest token after the learner's text, and its share."""
        if self.logits is None or not self.pieces:
            return ""
        words = _("Después de «{text}», la favorita fue «{token}», con {share}.")
        if not self.value.strip():
            words = _("Sin ningún comienzo, la favorita fue «{token}», con {share}.")
        share = share_phrase(float(distribution(self.logits).probabilities.max()))
        return words.format(text=ending(self.value, SEEN), token=word(self.pieces[0]), share=share)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return {"TEXT": self.value, "LONGEST": READ, **model_values(self.context)}

    def _model_changed(self) -> None:
        self.box.follow_model()
        self._restart()

    def _edited(self, value: str) -> None:
        if value == self.value:
            return
        self.value = value
        if self.logits is not None or self.state is State.BUSY:
            self._past.clear()
            self._restart()
        self.refresh()

    def _restart(self) -> None:
        """Drop the answer and ask for a new prediction."""
        self._requests.cancel()
        self._predicted_share = None
        self.logits = None
        self.prediction.ask(_question())
        self.state = State.READY
        self.refresh()

    def _ask(self) -> None:
        """Ask the model for the next-token probabilities of the present text."""
        self.clear_error()
        self.box.remember()
        self._requests.cancel()  # an answer about an earlier text is outdated
        self.state = State.BUSY
        self.refresh()
        request = self._requests.begin()
        model, words, guess, services = self.context.model, self.value, self.prediction.value, self.context.services

        def done(answer: NextTokenAnswer | None) -> None:
            if answer is None:  # interrupted, in a notebook
                self._stop()
            else:
                self._show(answer)

        self._requests.stream = services.stream(
            lambda: services.generation.next_token(model, words, guess=guess, longest=READ),
            each=lambda _items: None,
            done=request.only(done),
            failed=request.only(self._failed),
        )

    def _stop(self) -> None:
        """Stop reading; the prediction stays as typed."""
        self._requests.cancel()
        self._past.clear()
        self.logits = None  # any bars are of the text before the last click
        self.prediction.reopen()
        self.state = State.READY
        self.refresh()

    def _failed(self, problem: Explanation) -> None:
        self._stop()
        self.fail(problem, {"restart-service": self.prediction.again, "retry": self.prediction.again})

    def _show(self, answer: NextTokenAnswer) -> None:
        self.ids = np.asarray(answer["ids"], dtype=np.int64)
        self.pieces = list(answer["pieces"])
        share = answer.get("guess")
        self._predicted_share = exp(share) if isinstance(share, int | float) else None
        self.cut.value = tokens_read(list(answer["prompt_pieces"]), int(answer["truncated"]))
        # Seen of `gemma3-270m`, ten likeliest after 13 beginnings: 1.7 points at most above 20 %, 0.27 about 2 %.
        rounded = _(
            "Acá el modelo calcula con números de pocas cifras, para ir más rápido, y los porcentajes están "
            "redondeados: uno de 50 % puede errar por un par de puntos; uno de 2 %, por dos o tres décimas."
        )
        self.rounded.value = tag("p", text(rounded), class_="soft small") if answer["rounded"] else ""
        self._loaded = self.context.model
        first = self.logits is None
        self.logits = np.asarray(answer["logits"], dtype=np.float32)
        self.draw()
        self.state = State.DONE
        self.done = True
        self.refresh()
        if first and self.prediction.value:
            verdict = next_token_verdict(self.prediction.value, self.bars.rows, self.pieces[0])
            self.prediction.answer(verdict, asked=question_about(self.value))
        elif first:  # the button that was pressed had the focus and is gone
            self.bars.focus()

    def draw(self) -> None:
        """Draw the bars from the logits, at temperature 1 and without cuts."""
        if self.logits is None or self.ids is None:
            return
        probabilities = distribution(self.logits).probabilities
        self.add.description = _("Agregar «{word}»").format(word=word(self.pieces[0]))
        shown = clickable_bars(self.ids, self.pieces, probabilities, self.prediction.value, self._predicted_share)
        self._shown = [piece for _bar_, piece in shown]
        self.bars.draw([bar for bar, _piece in shown])

    def _write(self, index: int) -> None:
        """Append the token of a bar to the text, and ask again; outdated bars do nothing."""
        if self.logits is None:
            return
        added = self._shown[index]
        self._past.append(self.value)
        self._set(self.value + added)
        self.prediction.clear()
        self._ask()

    def _undo(self) -> None:
        if self._past:
            self._set(self._past.pop())
            self.prediction.clear()
            self._ask()

    def _set(self, value: str) -> None:
        self.value = value
        self.box.value = value


def _question() -> str:
    return _("¿cuál va primera? Anotá la tuya, o pedí que te muestre.")
