"""Ten rounds against the model: a text shown word by word, a bet of each on the next word, and the score of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ipywidgets import Text, Textarea, Widget

from poetas.course.bets import BetVerdict, kept
from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.i18n import _, number
from poetas.util.excerpt import shortened
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, look, make_button, row_of, show
from widgets.core.event_guards import JustShown, on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.explore.next_token.word_bets import Round, course_text, end_sentence, first_word, round_sentence, score

ROUNDS, GIVEN = 10, 4  # words to guess, and words shown before the first of them
SETTINGS = {"temperature": 0.0, "max_tokens": 8}  # of the model's bet: enough tokens for a long word
LONGEST = 30  # letters of a word that are shown


class GuessingRounds(Component):
    """A text of the course or the learner's own, hidden word by word. played: the rounds of this game, in order."""

    needs = ("model",)

    def __init__(self, context: PageContext | None = None) -> None:
        self.played: list[Round] = []
        self._words: list[str] = []
        self._model_bet: str | None = None  # None until it is there
        self._waiting: str | None = None  # the learner's bet, made before the model's was there
        self._requests = LatestRequest()
        self._next_round = JustShown()
        super().__init__(context)
        self.context.observe(lambda _change: self._end(), "model")

    def build(self) -> Sequence[Widget]:
        """Make the choice of the text, the round and the score."""
        self.start = make_button(_("Jugar con un texto del curso"), kind="primary")
        self.on_click(self.start, lambda: self._begin(_course_text(self.context)))
        self.own = Textarea(
            description=_("O un texto tuyo"),
            rows=3,
            placeholder=_("Pegá acá uno de al menos {n} palabras").format(n=GIVEN + ROUNDS),
            **look("poetas-verse"),
        )
        self.with_own = make_button(_("Jugar con el mío"))
        self.on_click(self.with_own, lambda: self._begin(self.own.value))
        self.hint = html("")
        self.choice = column_of((row_of((self.start,)), self.own, row_of((self.with_own,)), self.hint), "stack")
        self.last = html("")
        self.hidden = html("")
        # Updated with each key: a box that reports on leaving it would bet at a click on «Paso», or anywhere else.
        self.box = Text(description=_("La palabra que sigue"))
        self.box.on_msg(self._receive)
        self.bet = make_button(_("Apostar"), kind="primary")
        self.on_click(self.bet, lambda: self._bet(self.box.value))
        self.skip = make_button(_("Paso"))
        on_click(self.skip, lambda: self._bet("", skipped=True), busy=lambda: bool(self._next_round))
        self.again = make_button(_("Jugar de nuevo"))
        on_click(self.again, self._end)
        self.status = html("")
        self.entry = row_of((self.box, self.bet, self.skip))
        return (self.choice, self.last, self.hidden, self.entry, self.status, row_of((self.again,)))

    @property
    def playing(self) -> bool:
        """Whether a game is under way."""
        return bool(self._words) and len(self.played) < ROUNDS

    def refresh(self) -> None:
        """Show the choice of the text, the round, or the end."""
        show(self.choice, not self._words)
        show(self.entry, self.playing)
        show(self.again, self._words)
        for control in (self.start, self.with_own):
            control.disabled = not self.context.model
        self.box.disabled = self.bet.disabled = self.skip.disabled = self._waiting is not None
        words = _("El modelo está calculando su apuesta…")
        self.status.value = tag("p", text(words), class_="soft", role="status") if self._waiting is not None else ""

    def _begin(self, source: str) -> None:
        """Start a game with a text, if it has words enough."""
        self.clear_error()
        words = source.split()
        if len(words) < GIVEN + ROUNDS:
            least = _("Hacen falta al menos {n} palabras: {given} para empezar y {rounds} para adivinar. Hay {actual}.")
            least = least.format(n=GIVEN + ROUNDS, given=GIVEN, rounds=ROUNDS, actual=number(len(words)))
            self.hint.value = tag("p", text(least), class_="soft", role="status")
            return
        self.hint.value = ""
        self._words, self.played = words[: GIVEN + ROUNDS], []
        self.last.value = ""
        self._next()

    def _next(self) -> None:
        """Show the next round, and let the model bet meanwhile."""
        self.box.value = ""
        self._draw()
        self._ask()
        self.refresh()

    def _ask(self) -> None:
        self._requests.cancel()
        self._model_bet = None
        request, services, model = self._requests.begin(), self.context.services, self.context.model
        seen = " ".join(self._words[: GIVEN + len(self.played)])

        def done(answer: GeneratedAnswer | None) -> None:
            if answer is None:  # interrupted, in a notebook
                self._end()
                return
            self._model_bet = first_word(answer["text"])
            if self._waiting is not None:
                self._compare_word(self._waiting)

        self._requests.stream = services.stream(
            lambda: services.generation.generate(model, seen, settings=SETTINGS),
            each=lambda _pieces: None,
            done=request.only(done),
            failed=request.only(self._failed),
        )

    def _bet(self, typed: str, *, skipped: bool = False) -> None:
        """Take the learner's bet; it is compared once the model's is there."""
        if not self.playing or self._waiting is not None or not (skipped or typed.strip()):
            return
        self.clear_error()
        if self._model_bet is None:
            self._waiting = typed.strip()
            if not self._requests.pending:  # the model could not be asked before
                self._ask()
            self.refresh()
        else:
            self._compare_word(typed.strip())

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        if isinstance(content, dict) and content.get("event") == "submit":  # Enter
            self._bet(self.box.value)

    def _compare_word(self, typed: str) -> None:
        self._waiting = None
        word = self._words[GIVEN + len(self.played)]
        self.played.append(Round(word, shortened(typed, LONGEST), shortened(self._model_bet or "", LONGEST)))
        self.last.value = tag("p", text(round_sentence(self.played[-1])), role="status")
        if self.playing:
            self._next()
            self._next_round.show()  # without an event loop `_next` takes as long as the model's bet
            return
        self._draw()
        said = end_sentence(self.played)
        self.last.value += tag("p", tag("b", text(said)), role="status")
        self._keep(said)
        self.state, self.done = State.DONE, True
        self.refresh()

    def _keep(self, said: str) -> None:
        """Keep the game in the course record, as a bet that was won or lost."""
        mine, its = score(self.played)
        outcome = _("el modelo, {its} de {all}").format(its=number(its), all=ROUNDS)
        verdict = BetVerdict(said, outcome, None if mine == its else mine > its, max(0, its - mine) / ROUNDS)
        own = _("{mine} de {all}").format(mine=number(mine), all=ROUNDS)
        question = _("Diez palabras escondidas: ¿quién acierta más?")
        changes = kept(self.context.state(), "rondas", verdict, question=question, said=own)
        self.context.keep_answers(changes)

    def _draw(self) -> None:
        """Draw what is seen of the text, the gap, and the score."""
        place = GIVEN + len(self.played)
        gap = tag("span", "______", class_="gap", aria_label=_("la palabra escondida"), role="img")
        shown = tag("span", text(" ".join(self._words[:place])))
        verse = shown + (" " + gap if self.playing else "")
        mine, its = score(self.played)
        said = _("Ronda {round} de {all} · vos {mine}, el modelo {its}")
        turn = min(len(self.played) + 1, ROUNDS)
        said = said.format(round=turn, all=ROUNDS, mine=number(mine), its=number(its))
        self.hidden.value = tag("p", verse, class_="serif poetas-hidden") + tag("p", text(said), class_="soft")

    def _failed(self, problem: Explanation) -> None:
        """Show the card; the text, the score and the bet stay, and the button asks the model again."""
        self._waiting = None
        self._requests.cancel()
        self.refresh()
        self.fail(problem, {"restart-service": self._retry, "retry": self._retry})

    def _retry(self) -> None:
        self.clear_error()
        if self.playing:
            self._ask()

    def _end(self) -> None:
        """Go back to the choice of the text."""
        self._requests.cancel()
        self._words, self.played, self._waiting, self._model_bet = [], [], None, None
        self.last.value = self.hidden.value = ""
        self.state = State.READY
        self.refresh()


def _course_text(context: PageContext) -> str:
    """The course's text in a language that the model writes."""
    model = chosen_model(context)
    return course_text(spanish=model is None or model.writes("es"))
