"""The bet on what the model writes before it is trained: the learner says how many she would keep, before and after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poetas.course.bets import BetVerdict
from poetas.i18n import _
from widgets.controls.bet_prompt.bet_prompt import BetOption, BetPrompt
from widgets.core.elements import show
from widgets.core.page_context import PageContext

TEXTS = 3  # that are written for, where there are so many


def question(*, style: bool) -> str:
    """Return what is bet on: the model has seen none of the learner's texts yet."""
    if style:
        return _("el modelo va a seguir tres comienzos, sin haber leído nada tuyo. ¿Cuántas continuaciones firmarías?")
    return _("el modelo va a resumir tres textos, sin haber estudiado ninguno. ¿Cuántos resúmenes usarías?")


def judgement(*, style: bool) -> str:
    """Return the same question, once the texts are there to be read."""
    if style:
        return _("¿Cuántas de estas continuaciones firmarías?")
    return _("¿De cuántos textos usarías algún resumen?")


def options(count: int, *, style: bool) -> list[BetOption]:
    """Return the numbers from none to ``count``."""
    none, single = (_("Ninguna"), _("Una")) if style else (_("Ninguno"), _("Uno"))
    labels = (none, single, _("Dos"), _("Tres"))[: count + 1]
    return [BetOption(str(index), label) for index, label in enumerate(labels)]


def judged_verdict(bet: str, judged: str, *, style: bool) -> BetVerdict | None:
    """Compare the bet with the judgement; None where one of them is missing."""
    labels = {option.key: option.label for option in options(TEXTS, style=style)}
    if bet not in labels or judged not in labels:
        return None
    if bet == judged:
        words = _("Apostaste «{bet}», y así fue. Guardá el dato: es de donde parte.")
    elif judged < bet:
        words = _("Apostaste «{bet}» y elegiste «{judged}»: sin estudiar los textos, le sale peor de lo que esperabas.")
    else:
        words = _("Apostaste «{bet}» y elegiste «{judged}»: le sale mejor de lo que esperabas, y todavía no estudió.")
    sentence = words.format(bet=labels[bet], judged=labels[judged])
    return BetVerdict(sentence, labels[judged], bet == judged, abs(int(bet) - int(judged)) / TEXTS)


class BaselineBet:
    """Two prompts: the bet before the model writes, and how many of its texts the learner would keep.

    value: the bet, also one of an earlier visit; "" while there is none. begin: called once it was made or skipped.
    save: called once the learner has judged.
    """

    def __init__(self, context: PageContext, begin: Callable[[], None], save: Callable[[], None]) -> None:
        self._context, self._save, self._style = context, save, False
        self.value = ""
        skip = _("Probar sin apostar")
        self.prompt = BetPrompt(
            question(style=False), options(TEXTS, style=False), bet="antes", skip=skip, context=context
        )
        self.prompt.observe(lambda change: begin() if change.new else None, "revealed")
        self.judgement = BetPrompt("", options(TEXTS, style=False), lead=_("Y ahora, leelos."), skip=_("No sé"))
        self.judgement.observe(lambda change: self._judged() if change.new else None, "revealed")

    def ask(self, *, style: bool) -> None:
        """Ask for a bet on what is in use."""
        self._style, self.value = style, ""
        self.prompt.ask(question(style=style), options(TEXTS, style=style))
        self.ask_judgement(TEXTS)

    def take(self) -> None:
        """Take the bet that was just made, if any."""
        self.value = self.prompt.value or self.value

    def restore(self, bet: str, judged: str, count: int, *, style: bool) -> None:
        """Show the bet of an earlier visit, and what the learner said of ``count`` texts then."""
        self._style = style
        self.prompt.clear()
        self.prompt.restore(bet)
        self.value = self.prompt.value
        self.ask_judgement(count)
        self.judgement.restore(judged)
        self._answer()

    def ask_judgement(self, count: int) -> None:
        """Ask how many of ``count`` texts the learner would keep."""
        self.judgement.ask(judgement(style=self._style), options(count, style=self._style))

    def show(self, *, asked: bool, whole: bool) -> None:
        """Show the bet before the texts are whole, and the judgement after. asked: the question may stand there."""
        show(self.prompt, not whole and (asked or self.prompt.answered))
        judging = whole and self.value
        show(self.judgement, judging and (not self.judgement.revealed or self.judgement.answered))

    def kept(self) -> dict[str, Any]:
        """Return what is kept with the texts."""
        return {"guess": self.value, "judged": self.judgement.value}

    def _judged(self) -> None:
        self._save()
        self._answer()

    def _answer(self) -> None:
        """Compare the bet with the judgement, where there are both."""
        verdict = judged_verdict(self.value, self.judgement.value, style=self._style)
        if verdict is None:
            if self.judgement.revealed:
                show(self.judgement, False)
            return
        owner = self._context.dataset_state.owner
        self.judgement.answer(verdict)
        self.prompt.restore(self.value)
        self.prompt.answer(verdict, about=f"{owner.dataset} {owner.model}")
        show(self.prompt, False)
