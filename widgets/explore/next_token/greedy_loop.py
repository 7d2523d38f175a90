"""Greedy continuation («Sin azar, 60 palabras»): a bet, then a text without chance, marked where it repeats itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from ipywidgets import Widget

from poetas.course.bets import BetVerdict
from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.text_loop import Repetition, find_repetition
from poetas.i18n import _, ngettext, number
from poetas.util.excerpt import shortened
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.controls.previews import broken, is_hung
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.explore.next_token.markup_note import markup_note

if TYPE_CHECKING:
    from widgets.explore.next_token.next_token_chart import NextTokenChart

WORDS, TOKENS = 60, 160  # words that are written, and tokens that are enough for them
SETTINGS = {"temperature": 0.0, "max_tokens": TOKENS}
QUOTED = 90  # characters of the repeated phrase in the sentence
_WORD = re.compile(r"\S+")


class GreedyLoop(Component):
    """Sixty words after the chart's beginning, the likeliest token each time. written: without the beginning.

    repetition: where it repeats itself, None where it does not, or before it was written.
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)

    def __init__(self, chart: NextTokenChart) -> None:
        self.chart = chart
        self.written = ""
        self.repetition: Repetition | None = None
        self._requests = LatestRequest()
        super().__init__(chart.context)
        chart.observe(lambda _change: self._restart(), "value")
        self.context.observe(lambda _change: self._restart(), "model")

    def build(self) -> Sequence[Widget]:
        """Make the bet, the text and the sentence."""
        self.bet = BetPrompt(_question(), _options(), bet="sin-azar", context=self.context)
        self.bet.observe(lambda change: self._begin() if change.new else None, "revealed")
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._requests.stop)
        self.text = html("")
        self.sentence = html("")
        self.again = make_button(_("Otra apuesta"))
        on_click(self.again, self._restart)
        return (self.bet, self.text, self.stop, self.sentence, row_of((self.again,)))

    def refresh(self) -> None:
        """Show the bet, the text in the making, or its end."""
        show(self.stop, self.state is State.BUSY)
        show(self.again, self.state is State.DONE)
        self.bet.disabled = not self.context.model

    def _begin(self) -> None:
        """Write, then answer the bet."""
        self.clear_error()
        self._requests.cancel()
        self.written, self.repetition, self.sentence.value = "", None, ""
        self.state = State.BUSY
        request, services = self._requests.begin(), self.context.services
        model, beginning = self.context.model, self.chart.value

        def each(pieces: list[str]) -> None:
            self.written, full = _first_words(self.written + "".join(pieces), WORDS)
            self._draw(beginning)
            if full:
                request.only(finished)()

        def stopped_or_finished(answer: GeneratedAnswer | None) -> None:
            if answer is None and find_repetition(self.written) is None:
                self._requests.cancel()
                self._show_stopped()
            else:
                finished()

        def finished() -> None:
            self._requests.cancel()
            self.repetition = find_repetition(self.written)
            self._draw(beginning)
            said = loop_sentence(self.written, self.repetition)
            why = _(
                "Sin azar toma siempre el camino más transitado: si vuelve a pasar por un lugar, sigue igual que antes."
            )
            self.sentence.value = "" if self.bet.value else tag("p", text(said), role="status")
            self.bet.answer(bet_verdict(self.bet.value, self.bet.said, said, repeats=self.repetition is not None))
            if self.repetition is not None and self.repetition.loop:
                self.sentence.value += tag("p", text(why))
            if note := markup_note(self.written):
                self.sentence.value += tag("p", text(note), class_="soft")
            self.state, self.done = State.DONE, True

        def failed(problem: Explanation) -> None:
            self._drop()
            self.bet.reopen()
            self.fail(problem, {"restart-service": self.bet.again, "retry": self.bet.again})

        self._draw(beginning)
        self._requests.stream = services.stream(
            lambda: services.generation.generate(model, beginning, settings=SETTINGS, quick=True),
            each=request.only(each),
            done=request.only(stopped_or_finished),
            failed=request.only(failed),
        )

    def _draw(self, beginning: str) -> None:
        drawn = text(beginning) + marked(self.written, self.repetition)
        verse = tag("p", broken(drawn, verse=is_hung(beginning + self.written)), class_="serif")
        self.text.value = tag("div", verse, class_="card poetas-greedy")

    def _restart(self) -> None:
        """Ask for another bet: the text is of another beginning, or the learner wants to bet again."""
        self._drop()
        self.bet.ask(_question())

    def _drop(self) -> None:
        self._requests.cancel()
        self.written, self.repetition = "", None
        self.text.value = self.sentence.value = ""
        self.state = State.READY
        self.refresh()

    def _show_stopped(self) -> None:
        """Say how far a text came that was stopped before it repeated anything; a bet on it waits for another text."""
        said = stopped_sentence(self.written)
        if self.bet.value:
            said += " " + _("Tu apuesta queda sin contestar: podés hacerla de nuevo.")
            self.bet.reopen()
        self.sentence.value = tag("p", text(said), role="status")
        self.done = self.done or not self.bet.value
        self.state = State.READY if self.bet.value else State.DONE


def marked(written: str, repetition: Repetition | None) -> str:
    """Return the written text as HTML, each time of a repeated phrase marked and numbered."""
    parts, place = [], 0
    for turn, (start, end) in enumerate(repetition.spans if repetition else (), 1):
        count = tag("small", text(_("vez {n}").format(n=turn)))
        parts += [_plain(written[place:start]), tag("mark", text(written[start:end]) + count)]
        place = end
    return "".join([*parts, _plain(written[place:])])


def _plain(words: str) -> str:
    """Draw what is not marked as written by the model; blanks between two marks have no background."""
    return tag("span", text(words), class_="written") if words.strip() else text(words)


def loop_sentence(written: str, repetition: Repetition | None) -> str:
    """Say where a text repeats itself, or that it does not."""
    count = len(_WORD.findall(written))
    if repetition is None:
        said = ngettext("En {n} palabra no repitió ninguna frase.", "En {n} palabras no repitió ninguna frase.", count)
        return said.format(n=number(count)) + " " + _("Con otro comienzo puede pasar otra cosa.")
    start, end = repetition.spans[0]
    phrase, times = shortened(" ".join(written[start:end].split()), QUOTED).rstrip(".,;:"), len(repetition.spans)
    if not repetition.loop:
        return _("No quedó dando vueltas, pero dijo dos veces «{phrase}».").format(phrase=phrase)
    place = len(_WORD.findall(written[:start])) + 1
    said = _("Quedó dando vueltas: desde la palabra {place} dice {times} veces seguidas «{phrase}».")
    return said.format(place=number(place), times=number(times), phrase=phrase)


def stopped_sentence(written: str) -> str:
    """Say that a text repeated nothing until it was stopped."""
    count = len(_WORD.findall(written))
    said = ngettext(
        "Lo detuviste en {n} palabra: hasta ahí no repitió ninguna frase.",
        "Lo detuviste en {n} palabras: hasta ahí no repitió ninguna frase.",
        count,
    )
    return said.format(n=number(count))


def bet_verdict(bet: str, clause: str, said: str, *, repeats: bool) -> BetVerdict:
    """Answer the bet. bet: key of its option. clause: as it follows «Apostaste». said: what came out."""
    won = (bet == "yes") == repeats
    actual = _("que sí") if repeats else _("que no")
    sentence = _("Apostaste {bet}, y fue {actual}.").format(bet=clause, actual=actual) + " " + said
    return BetVerdict(sentence, _("Se repitió") if repeats else _("No se repitió"), won, 0.0 if won else 1.0)


def _question() -> str:
    return _("si elige siempre la favorita, ¿se va a repetir antes de las 60 palabras?")


def _options() -> tuple[BetOption, ...]:
    return (
        BetOption("yes", _("Se va a repetir"), said=_("que sí")),
        BetOption("no", _("No se va a repetir"), said=_("que no")),
    )


def _first_words(written: str, count: int) -> tuple[str, bool]:
    """Cut a text after so many words; tell whether it has more.

    >>> _first_words("uno dos tres", 2), _first_words("uno dos", 2)
    (('uno dos', True), ('uno dos', False))
    """
    ends = [match.end() for match in _WORD.finditer(written)]
    return (written[: ends[count - 1]], True) if len(ends) > count else (written, False)
