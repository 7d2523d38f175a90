"""Bet of the task bench: whether the model will write a name or a number that its text does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from poetas.course.bets import choice_verdict
from poetas.i18n import _, listed
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.core.page_context import PageContext
from widgets.explore.task_bench.bench_html import NO, YES

NAMED = 3  # doubtful names and numbers in the answer


def _question() -> str:
    return _("¿va a escribir un nombre o un número que tu texto no tiene?")


class InventionBet(BetPrompt):
    """The question with «Sí» and «No»; going on without a bet asks the model, too."""

    def __init__(self, context: PageContext) -> None:
        options = [BetOption(YES, _("Sí"), _("que sí")), BetOption(NO, _("No"), _("que no"))]
        super().__init__(_question(), options, bet="tareas", skip=_("No sé"), context=context)

    def ask_again(self) -> None:
        """Ask about another request."""
        self.ask(_question())

    def reopen(self) -> None:
        """Ask again with the same bet, unless it was answered: it would count twice."""
        if not self._compared:
            super().reopen()

    def compare(self, doubtful: Sequence[str]) -> str:
        """Answer the bet, once, and return its answer in a line; "" where there is none.

        doubtful: the names and numbers that were underlined.
        """
        if not self._compared:
            actual, outcome = (_("que sí"), _("Sí")) if doubtful else (_("que no"), _("No"))
            detail = _("no hay ningún nombre ni número inventado")
            if doubtful:
                names = [f"«{name}»" for name in dict.fromkeys(doubtful)][:NAMED]
                detail = _("mirá {names}").format(names=listed(names))
            won = (self.value == YES) == bool(doubtful)
            self.answer(choice_verdict(self.said, actual, outcome, won=won, detail=detail))
        return f"{self.answered['mark']} {self.answered['text']}" if self._compared else ""

    @property
    def _compared(self) -> bool:
        return bool(self.answered) and self.answered.get("won") is not None
