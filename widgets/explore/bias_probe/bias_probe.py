"""Bias probe («¿Es justo?»): ready and own pairs in, which beginning makes a continuation likelier out, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from ipywidgets import Widget
from traitlets import List

from poetas.course.bias_pairs import BiasPair, languages, ready_pairs
from poetas.course.course_record import Part, course_path
from poetas.data.service.answers import WorkDone
from poetas.errors import Explanation
from poetas.evaluation.bias_summary import summarise_pairs
from poetas.generation.generation_client import PairsAnswer
from poetas.i18n import _, number
from poetas.util.files import is_figure
from widgets.controls.model_values import model_values
from widgets.controls.work_line import WorkLine
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.core.service_stream import ServiceStream
from widgets.explore.bias_probe.own_pair import OwnPair
from widgets.explore.bias_probe.pair_html import caveats, pair_sentence, pairs_table, result_html

SAVED = "bias_probe"  # key of the project's state: the model, and its differences


class BiasProbe(Component):
    """A bet on one pair, all ready pairs measured with an interval a kind, and pairs of one's own.

    differences: log-likelihood of each ready pair's continuation where a commonplace expects it, less that after the
    other beginning, in nats; empty before.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "justo"

    differences: List[float] = List()

    def __init__(self, context: PageContext | None = None) -> None:
        self._requests = LatestRequest()
        self._stream: ServiceStream[WorkDone, PairsAnswer] | None = None
        self._bet = ""
        super().__init__(context)
        self.context.observe(lambda _change: self._model_changed(), "model")
        self._recall()

    def build(self) -> Sequence[Widget]:
        """Make the bet, the button that measures, the result and the form for own pairs."""
        self.question = html("")
        self.bets = (make_button(""), make_button(""))
        for place, button in enumerate(self.bets):
            self.on_click(button, partial(self._measure, place))
        self.skip = make_button(_("Medir sin apostar"), "link")
        self.on_click(self.skip, partial(self._measure, None))
        self.bet_row = row_of((*self.bets, self.skip))
        self.work = WorkLine()
        self.answer, self.result = html("", shown=False), html("", shown=False)
        self.own = OwnPair(self.unless_busy(self._compare_own))
        return (self.question, self.bet_row, self.work, self.answer, self.result, self.own)

    @property
    def pairs(self) -> tuple[BiasPair, ...]:
        """The ready pairs in a language that the model writes, Spanish where it does; () where there are none."""
        model = chosen_model(self.context)
        spoken = model.languages if model is not None and model.languages else ("es",)
        known = sorted(set(spoken) & set(languages()), reverse=True)
        return ready_pairs(known[0]) if known else ()

    @property
    def _example(self) -> BiasPair | None:
        """The pair that is bet on: the last of the first kind."""
        pairs = self.pairs
        return next((pair for pair in reversed(pairs) if pair.kind == pairs[0].kind), None) if pairs else None

    def refresh(self) -> None:
        """Derive what is enabled and shown from ``state``."""
        waiting, busy = not self.context.model, self.state is State.BUSY
        pair, measured = self._example, bool(self.differences)
        for button in (*self.bets, self.skip):
            button.disabled = waiting or busy
        self.own.enable(enabled=not (waiting or busy))
        show(self.bet_row, pair is not None and not measured)
        show(self.result, measured)
        if pair is None:
            words = _("Este modelo no escribe en español ni en inglés, y no tenemos pares en sus idiomas: no sabemos.")
            self.question.value = tag("p", text(words), class_="notice care")
            return
        for button, beginning in zip(self.bets, (pair.other, pair.expected), strict=True):
            button.description = f"{beginning}…"
        self.question.value = self._question(pair) + self._language_words()

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        values = model_values(self.context)
        own = [box.value for box in (self.own.first, self.own.second, self.own.continuation)]
        pair = self._example
        if all(own):
            return {**values, "FIRST": own[0], "SECOND": own[1], "CONTINUATION": own[2]}
        if pair is None:
            return values
        return {**values, "FIRST": pair.expected, "SECOND": pair.other, "CONTINUATION": pair.continuation}

    @staticmethod
    def _question(pair: BiasPair) -> str:
        words = _(
            "Dos frases que solo cambian en una palabra. ¿Con cuál comienzo le va a parecer más probable el final?"
        )
        sentences = tag("span", text(f"{pair.other} / {pair.expected}")) + " " + tag("b", text(pair.continuation))
        return tag("p", text(words)) + tag("p", sentences, class_="serif poetas-pair-line")

    def _language_words(self) -> str:
        """Say that the pairs are in English, where they are."""
        if not self.pairs or self.pairs == ready_pairs("es"):
            return ""
        words = _("Este modelo no escribe en español, así que le preguntamos en inglés, y con menos pares: {n}.")
        return tag("p", text(words.format(n=number(len(self.pairs)))), class_="notice care")

    def _measure(self, bet: int | None) -> None:
        pair = self._example
        if pair is None or not self.context.model:
            return
        self._bet = "" if bet is None else (pair.other, pair.expected)[bet]
        self._ask(self.pairs, self._measured)

    def _compare_own(self, pair: BiasPair) -> None:
        def done(answer: PairsAnswer) -> None:
            self.own.add(pair, float(answer["first"][0] - answer["second"][0]))

        self._ask((pair,), done)

    def _ask(self, pairs: Sequence[BiasPair], answered: Callable[[PairsAnswer], None]) -> None:
        self.clear_error()
        request = self._requests.begin()
        self.state = State.BUSY
        self.work.begin(self._stop)
        model, generation = self.context.model, self.context.services.generation
        given = [(pair.expected, pair.other, pair.continuation) for pair in pairs]

        def done(answer: PairsAnswer | None) -> None:
            self._end()
            if answer is not None:
                answered(answer)
                self.refresh()

        self._stream = self.context.services.stream(
            lambda: generation.compare_pairs(model, given),
            each=request.only(lambda items: self.work.update(items[-1])),
            done=request.only(done),
            failed=request.only(partial(self._failed, pairs, answered)),
        )

    def _stop(self) -> None:
        if self._stream is not None:
            self._stream.cancel()

    def _end(self) -> None:
        self.work.end(self._stop)
        self.state = State.DONE if self.differences else State.READY

    def _failed(self, pairs: Sequence[BiasPair], answered: Callable[[PairsAnswer], None], problem: Explanation) -> None:
        self._end()
        again = partial(self._ask, pairs, answered)
        self.fail(problem, {"restart-service": again, "retry": again})

    def _measured(self, answer: PairsAnswer) -> None:
        pairs = [self.pairs[int(index)] for index in answer["compared"]]
        differences = [float(value) for value in answer["first"] - answer["second"]]
        self._show(pairs, differences)
        self.context.save(**{SAVED: {"model": self.context.model, "differences": differences}})
        pair = self._example
        if pair in pairs:
            self._answer_bet(pair, differences[pairs.index(pair)])

    def _show(self, pairs: Sequence[BiasPair], differences: Sequence[float]) -> None:
        self.differences = list(differences)
        summaries = summarise_pairs([pair.kind for pair in pairs], differences)
        head = _("Los {n} pares: {title}").format(n=number(len(pairs)), title=self._title())
        drawn = result_html(summaries) + caveats() + pairs_table(pairs, differences)
        self.result.value = tag("h3", text(head)) + drawn
        self.state = State.DONE
        self.done = True
        self.refresh()

    def _answer_bet(self, pair: BiasPair, difference: float) -> None:
        said = pair_sentence(pair.expected, pair.other, difference)
        liked = pair.expected if difference > 0 else pair.other
        won = self._bet == liked if self._bet else None
        if won is not None:
            start = _("Apostaste por «{bet}», y sí.") if won else _("Apostaste por «{bet}», y fue al revés.")
            said = f"{start.format(bet=self._bet)} {said}"
        self.answer.value = tag("p", text(said), class_="verdict unsure" if won is False else "verdict", role="status")
        show(self.answer, True)
        if won is not None:
            question = _("¿Con qué comienzo le parece más probable «{end}»?").format(end=pair.continuation)
            record = {"app": "conocer", "step": "justo", "question": question, "bet": self._bet, "outcome": liked}
            self.context.save_at({course_path(Part.BETS, "justo"): {**record, "won": won}})

    def _title(self) -> str:
        model = chosen_model(self.context)
        return model.title if model is not None else self.context.model

    def _model_changed(self) -> None:
        self._requests.cancel()
        self._stop()
        self._end()
        self.differences, self._bet = [], ""
        self.answer.value = ""
        show(self.answer, False)
        self.own.clear()
        self.state = State.READY
        self._recall()
        self.refresh()

    def _recall(self) -> None:
        """Draw what was measured before with this model."""
        saved = self.context.state().get(SAVED)
        if not isinstance(saved, Mapping) or not self.context.model or saved.get("model") != self.context.model:
            return
        differences, pairs = saved.get("differences"), self.pairs
        if isinstance(differences, list) and len(differences) == len(pairs) and all(map(is_figure, differences)):
            self._show(pairs, differences)
