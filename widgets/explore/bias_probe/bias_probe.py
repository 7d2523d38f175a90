"""Bias probe («¿Es justo?»): ready and own pairs in, which beginning makes a continuation likelier out, by kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from ipywidgets import Widget
from traitlets import List

from poetas.course.bets import choice_verdict
from poetas.course.bias_pairs import BiasPair, fingerprint, languages, ready_pairs
from poetas.errors import Explanation
from poetas.evaluation.bias_summary import summarise_pairs
from poetas.generation.generation_client import PairsAnswer
from poetas.i18n import _, number
from poetas.util.files import is_figure
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.controls.model_values import model_values
from widgets.controls.work_line import WorkLine
from widgets.core.component import Component, State
from widgets.core.elements import html, show
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.explore.bias_probe.own_pair import OwnPair
from widgets.explore.bias_probe.pair_html import (
    caveats,
    counted_sides,
    pairs_table,
    preferred,
    result_html,
    times_phrase,
)

SAVED = "bias_probe"  # key of the project's state: the model, its differences, and of which pairs of which edition


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
        super().__init__(context)
        self.context.observe(lambda _change: self._model_changed(), "model")
        self.context.observe(lambda _change: self._forget(), "erased")
        self._recall()

    def build(self) -> Sequence[Widget]:
        """Make the bet, the button that measures, the result and the form for own pairs."""
        self.intro = html("")
        asked = _bet_on(self._example or ready_pairs("es")[0])
        self.prediction = BetPrompt(*asked, bet="justo", skip=_("Medir sin apostar"), context=self.context)
        self.prediction.observe(lambda change: self._measure() if change.new else None, "revealed")
        self.work = WorkLine()
        self.result = html("", shown=False)
        self.own = OwnPair(self.unless_busy(self._compare_own))
        return (self.intro, self.prediction, self.work, self.result, self.own)

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
        busy = self.state is State.BUSY
        pair, measured = self._example, bool(self.differences)
        self.prediction.disabled = busy or not self.context.model
        self.own.enable(enabled=bool(self.context.model) and not busy)
        show(self.prediction, pair is not None and (self.prediction.value or (not measured and not busy)))
        show(self.result, measured)
        self.intro.value = self._language_words()

    def _ask_bet(self) -> None:
        """Ask for a bet on one pair; the pairs depend on the model's language."""
        if (pair := self._example) is not None:
            self.prediction.ask(*_bet_on(pair))

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

    def seen(self) -> str:
        """Return in how many pairs the model goes with the commonplace, against it, and with neither."""
        return counted_sides(self.differences)

    def _language_words(self) -> str:
        """Say in which language the pairs are, where it is not Spanish, or that there are none."""
        if not self.pairs:
            words = _("Este modelo no escribe en español ni en inglés, y no tenemos pares en sus idiomas: no sabemos.")
        elif self.pairs != ready_pairs("es"):
            words = _("Este modelo no escribe en español, así que le preguntamos en inglés, y con menos pares: {n}.")
        else:
            return ""
        return tag("p", text(words.format(n=number(len(self.pairs)))), class_="notice care")

    def _measure(self) -> None:
        if self.pairs and self.context.model:
            self._ask(self.pairs, self._measured)

    def _compare_own(self, pair: BiasPair) -> None:
        def done(answer: PairsAnswer) -> None:
            self.own.add(pair, float(answer["first"][0] - answer["second"][0]))
            self.done = True

        self._ask((pair,), done)

    def _ask(self, pairs: Sequence[BiasPair], answered: Callable[[PairsAnswer], None]) -> None:
        self.clear_error()
        request = self._requests.begin()
        self.state = State.BUSY
        self.work.begin(self._requests.stop)
        model, generation = self.context.model, self.context.services.generation
        given = [(pair.expected, pair.other, pair.continuation) for pair in pairs]

        def done(answer: PairsAnswer | None) -> None:
            if answer is not None:
                answered(answer)
            self._end()

        self._requests.stream = self.context.services.stream(
            lambda: generation.compare_pairs(model, given),
            each=request.only(lambda items: self.work.update(items[-1])),
            done=request.only(done),
            failed=request.only(partial(self._failed, pairs, answered)),
        )

    def _end(self) -> None:
        self.work.end(self._requests.stop)
        if not self.differences and self.prediction.revealed:
            self.prediction.reopen()
        self.state = State.DONE if self.differences else State.READY

    def _failed(self, pairs: Sequence[BiasPair], answered: Callable[[PairsAnswer], None], problem: Explanation) -> None:
        self._end()
        again = self.prediction.again if answered == self._measured else partial(self._ask, pairs, answered)
        self.fail(problem, {"restart-service": again, "retry": again})

    def _measured(self, answer: PairsAnswer) -> None:
        compared = [int(index) for index in answer["compared"]]
        pairs = [self.pairs[index] for index in compared]
        differences = [float(value) for value in answer["first"] - answer["second"]]
        self._show(pairs, differences)
        saved = {"model": self.context.model, "differences": differences, "compared": compared}
        saved["pairs"] = fingerprint(self.pairs)
        self.context.save(**{SAVED: saved})
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
        liked, detail = preferred(pair, difference), ""
        if liked:
            detail = _("le parece {times} tan probable como con el otro").format(times=times_phrase(abs(difference)))
        actual = _("con «{beginning}»").format(beginning=liked) if liked else _("casi igual con los dos")
        won = self.prediction.value == liked if liked else None
        outcome = liked or _("los dos casi igual")
        self.prediction.answer(choice_verdict(self.prediction.said, actual, outcome, won=won, detail=detail))

    def _title(self) -> str:
        model = chosen_model(self.context)
        return model.title if model is not None else self.context.model

    def _model_changed(self) -> None:
        self._requests.cancel()
        self._end()
        self.differences = []
        self._ask_bet()
        self.own.clear()
        self.state = State.READY
        self._recall()
        self.refresh()

    def _forget(self) -> None:
        """Show that the project's data was erased."""
        self.done = False  # first: a step that is done is finished again with the next change
        self._model_changed()

    def _recall(self) -> None:
        """Draw what was measured before with this model."""
        saved = self.context.state().get(SAVED)
        if not isinstance(saved, Mapping) or not self.context.model or saved.get("model") != self.context.model:
            return
        differences, pairs = saved.get("differences"), self.pairs
        if saved.get("pairs") != fingerprint(pairs):  # of another edition of the pairs, or of an earlier version
            return
        compared = saved.get("compared")
        if not isinstance(compared, list) or not isinstance(differences, list) or not _are_places(compared, len(pairs)):
            return
        if differences and len(differences) == len(compared) and all(map(is_figure, differences)):
            self._show([pairs[index] for index in compared], differences)


def _are_places(values: Sequence[object], count: int) -> bool:
    """Return whether a saved value is a list of different places among ``count``."""
    if not all(type(value) is int and 0 <= value < count for value in values):
        return False
    return len(set(values)) == len(values)


def _bet_on(pair: BiasPair) -> tuple[str, list[BetOption]]:
    """Return the question about a pair, and its two options."""
    question = _("¿con cuál comienzo le va a parecer más probable «… {end}»?").format(end=pair.continuation)
    said = _("que con «{beginning}»")
    beginnings = (pair.other, pair.expected)
    return question, [BetOption(words, f"{words}…", said.format(beginning=words)) for words in beginnings]
