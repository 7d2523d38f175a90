"""Prompt for a bet before a result is shown: question and options in, the bet out, then its answer in the same place.

The learner bets with a button, a number or one word, or goes on without («Mostrame»).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Bool, Dict, List, Unicode

from poetas.course.bets import BetVerdict, course_bet, kept, last_verdict
from poetas.i18n import _
from poetas.util.number_parsing import read_number
from widgets.core.elements import own_look, show
from widgets.core.page_context import PageContext

LARGEST = 10**9  # a bet on a number


class Answers(StrEnum):
    """How a bet is made."""

    BUTTONS = "buttons"
    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class BetOption:
    """A button. key: value of the bet. said: clause that follows «Apostaste», such as "que sí"; the label by default.

    picture: points of a curve across a square of 100 by 100, from the lower left corner; () draws none.
    """

    key: str
    label: str
    said: str = ""
    picture: tuple[tuple[float, float], ...] = ()


class BetPrompt(anywidget.AnyWidget):
    """A question with its buttons, or a box for a number or a word, and then the answer to the bet.

    value: the bet (key of an option, digits, a word), "" when there is none. revealed: True once it was made or
    skipped; the component then shows the result and calls `answer`. bet: id in `poetas.course.bets.BETS`, under which
    the libreta keeps it; "" keeps nothing.
    """

    _esm = Path(__file__).with_name("bet_prompt.js")
    value = Unicode()
    revealed = Bool(default_value=False).tag(sync=True)
    label = Unicode().tag(sync=True)  # the question
    kind = Unicode(Answers.WORD.value).tag(sync=True)
    options: List[Any] = List().tag(sync=True)
    texts = Dict().tag(sync=True)
    typed = Unicode().tag(sync=True)  # in the box; the page clears it with each question
    hint = Unicode().tag(sync=True)
    answered = Dict().tag(sync=True)  # {"text": …, "mark": …, "won": True, False or None}
    disabled = Bool(default_value=False).tag(sync=True)

    def __init__(
        self,
        question: str,
        options: Sequence[BetOption] = (),
        *,
        bet: str = "",
        counts: bool = False,
        submit: str = "",
        skip: str = "",
        lead: str = "",
        context: PageContext | None = None,
    ) -> None:
        """counts: the bet is a whole number. submit, skip, lead: other words for «Apostar», «Mostrame», «Adiviná…»."""
        if bet:
            course_bet(bet)
        self.bet, self._context = bet, context
        self._chosen: dict[str, BetOption] = {}
        kind = Answers.BUTTONS if options else Answers.NUMBER if counts else Answers.WORD
        texts = {
            "lead": lead or _("Adiviná antes de mirar:"),
            "box": _("Tu apuesta"),
            "example": _("un número") if counts else _("una palabra"),
            "submit": submit or _("Apostar"),
            "skip": skip or _("Mostrame"),
        }
        super().__init__(kind=kind.value, texts=texts, **own_look("poetas", "poetas-bet"))
        self.on_msg(self._receive)
        self.ask(question, options)

    def ask(self, question: str, options: Sequence[BetOption] | None = None) -> None:
        """Ask a question: clear the bet and its answer. options: None keeps those that there are."""
        with self.hold_sync():
            self.label = question
            if options is not None:
                self._chosen = {option.key: option for option in options}
                self.options = [
                    {"key": option.key, "label": option.label, "picture": option.picture} for option in options
                ]
            self.value = self.typed = self.hint = ""
            self.answered = {}
            self.revealed = False
        show(self, True)

    def reopen(self) -> None:
        """Ask again with the same bet typed: the result could not be fetched."""
        self.answered = {}
        self.revealed = False
        show(self, True)

    def again(self) -> None:
        """Reveal again with the same bet."""
        self._reveal(self.value)

    def skip(self) -> None:
        """Reveal without a bet; nothing of the prompt stays."""
        self._reveal("")

    def place(self, bet: str) -> None:
        """Make a bet, as the page does; one that cannot be compared is asked for again."""
        if self.revealed or self.disabled or self.answered:
            return
        bet, skip = bet.strip(), self.texts["skip"]
        if self.kind == Answers.BUTTONS:
            if bet in self._chosen:
                self._reveal(bet)
            return
        self.typed = bet
        if not bet:
            self.hint = _("Escribí tu apuesta en el recuadro, o tocá «{button}».").format(button=skip)
        elif self.kind == Answers.NUMBER and _whole(bet) is None:
            self.hint = _("Escribí tu apuesta con cifras, como 12, o tocá «{button}».").format(button=skip)
        else:
            self._reveal(bet)

    def restore(self, bet: str) -> None:
        """Show a bet of an earlier visit, which waits for its answer; one that is none of the options is dropped.

        ``revealed`` does not change: nothing is to be worked out for it.
        """
        if bet and (bet in self._chosen or self.kind != Answers.BUTTONS):
            self.value = bet
            self._wait()
            show(self, True)

    def recall(self, about: str) -> bool:
        """Show the answer that an earlier visit got about this, and return whether there is one; see `restore`."""
        state = self._context.state() if self._context is not None else {}
        verdict = last_verdict(state, self.bet, about)
        if verdict is not None:
            self._show_answer(verdict)
        return verdict is not None

    def clear(self) -> None:
        """Drop the bet and its answer, which are of another text, and hide the prompt."""
        self.value = ""
        self.answered = {}
        show(self, False)

    @property
    def number(self) -> int | None:
        """The number that was bet, None where there is none."""
        return _whole(self.value) if self.kind == Answers.NUMBER else None

    @property
    def said(self) -> str:
        """The bet as a clause that follows «Apostaste»; "" where there is none."""
        option = self._chosen.get(self.value)
        return (option.said or option.label) if option is not None else self.value

    def answer(self, verdict: BetVerdict, *, about: str = "", asked: str = "") -> None:
        """Answer the bet in the place of the question, and keep both; does nothing where there is no bet.

        about: see `poetas.course.bets.kept`. asked: the question as the libreta shows it, far from the text that it is
        about; "" where the question says all.
        """
        if not self.value:
            return
        self._show_answer(verdict)
        if self.bet and self._context is not None:
            state, said = self._context.state(), self._label()
            changes = kept(state, self.bet, verdict, question=asked or self.label, said=said, about=about)
            self._context.keep_answers(changes)

    # -- inside

    def _show_answer(self, verdict: BetVerdict) -> None:
        mark = {True: _("¡Acertaste!"), False: _("Sorpresa:"), None: _("Tu apuesta:")}[verdict.won]
        self.answered = {"text": verdict.sentence, "mark": mark, "won": verdict.won}
        show(self, True)

    def _label(self) -> str:
        """The bet as the learner made it."""
        option = self._chosen.get(self.value)
        return option.label if option is not None else self.value

    def _wait(self) -> None:
        """Show the bet itself until its answer comes."""
        self.answered = {"text": f"«{self._label()}».", "mark": _("Tu apuesta:"), "won": None}

    def _reveal(self, bet: str) -> None:
        if self.revealed:
            return
        self.hint = ""
        self.value = bet.strip()
        show(self, self.value)
        if self.value:
            self._wait()
        self.revealed = True  # last: an observer may reopen it at once

    def _receive(self, _widget: object, content: Any, _buffers: object) -> None:
        if not isinstance(content, dict) or self.disabled:
            return
        if content.get("kind") == "skip":
            self.skip()
        elif content.get("kind") == "bet" and isinstance(content.get("value"), str):
            self.place(content["value"])


def _whole(typed: str) -> int | None:
    """Return a whole number from 0 on, also out of a few words around it; None where there is none.

    >>> _whole("1.200"), _whole("unos 10"), _whole("diez"), _whole("-3")
    (1200, 10, None, None)
    """
    numbers = []
    for part in typed.split():
        try:
            value = read_number(part.strip(".,;:¡!¿?"), whole=True)
        except ValueError:
            continue
        numbers.append(value)
    if len(numbers) != 1 or not 0 <= numbers[0] <= LARGEST:
        return None
    return round(numbers[0])
