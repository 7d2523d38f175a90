"""Comparison of contexts: one beginning continued with 1, 2 and 3 words in view, and a bet on how much is copied."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from hashlib import sha256

from traitlets import Int

from poetas.course.bets import number_verdict
from poetas.generation.ngram_model import LONGEST_CONTEXT, NGramModel
from poetas.i18n import _, ngettext, number
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.core.elements import html, look, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.core.theme import Themed
from widgets.explore.toy_model import toy_html

VERSES = 2  # shown for each length of context
COUNTED = 20  # verses that are written to count the copies among them
MOST = 60  # words of a verse


class ContextComparison(Themed):
    """Verses of a toy model with each length of context, after a bet.

    value: how many comparisons were shown; it is also the seed of the next one.
    """

    value = Int()

    def __init__(
        self,
        context: PageContext,
        model: Callable[[], NGramModel],
        beginning: Callable[[], list[str]],
        own: Callable[[], bool],
    ) -> None:
        super().__init__(**look("stack"))
        self._model, self._beginning, self._own = model, beginning, own
        title = html(tag("h3", text(_("¿Y si mira más atrás?"))))
        self.prompt = BetPrompt(_question(), bet="juguete", counts=True, context=context)
        self.prompt.observe(lambda change: self._reveal() if change.new else None, "revealed")
        self.columns = html("")
        self.again = make_button(_("Otra tirada"), shown=False)
        on_click(self.again, self._write)
        self.children = (title, self.prompt, self.columns, self.again)

    def recall(self) -> None:
        """Show the bet of an earlier visit with its answer, where it was about the text in use."""
        show(self.again, self.prompt.recall(self._about()))

    def clear(self) -> None:
        """Drop the verses, which are of another beginning."""
        self.columns.value = ""

    def restart(self) -> None:
        """Ask again: the text is another one."""
        self.clear()
        self.prompt.ask(_question())
        self.recall()

    def _reveal(self) -> None:
        counts = [self._copies(longest) for longest in range(1, LONGEST_CONTEXT + 1)]
        if (bet := self.prompt.number) is not None:
            self.prompt.answer(number_verdict(bet, counts[-1][0], _detail(counts)), about=self._about())
        self._write("" if bet is not None else _summary(counts))
        show(self.again, True)

    def _about(self) -> str:
        """Identify the texts in use, without their words."""
        return sha256("\n\n".join(map(str, self._model().texts)).encode()).hexdigest()[:16]

    def _copies(self, longest: int) -> tuple[int, int]:
        """How many of some verses stand in the text, entire, and how many were written: long ones are cut short."""
        rng = random.Random(f"{self.value} {longest}")  # noqa: S311 - a game
        written = self._model().write([], rng, longest=longest, lines=COUNTED, most=COUNTED * MOST)
        return toy_html.whole_lines(self._model(), written)

    def _write(self, lead: str = "") -> None:
        """Continue the beginning with each length of context, from one seed."""
        verses: dict[int, Sequence[str]] = {}
        for longest in range(1, LONGEST_CONTEXT + 1):
            rng = random.Random(f"{self.value}")  # noqa: S311
            verses[longest] = self._model().write(self._beginning(), rng, longest=longest, lines=VERSES)
        shown = tag("p", text(_("Y ahora otros, para leerlos, con el comienzo de tu verso:")), class_="soft")
        self.columns.value = lead + shown + toy_html.side_by_side(self._model(), verses, own=self._own())
        self.value += 1


def _question() -> str:
    words = _("si escribe {n} versos mirando 3 palabras atrás, ¿cuántos van a ser copia, enteros, de los que leyó?")
    return words.format(n=number(COUNTED))


def _detail(counts: Sequence[tuple[int, int]]) -> str:
    words = _("mirando 1 sola fueron {with_1}; mirando 2 fueron {with_2}")
    said = words.format(with_1=number(counts[0][0]), with_2=number(counts[1][0]))
    if (written := counts[-1][1]) < COUNTED:
        fewer = ngettext("mirando 3 escribió {n} solo verso", "mirando 3 escribió {n} versos, y no {all}", written)
        said += "; " + fewer.format(n=number(written), all=number(COUNTED))
    return said


def _summary(counts: Sequence[tuple[int, int]]) -> str:
    """Say how many verses were copies with each length of context."""
    words = _("De {n} versos, copió enteros {with_1} mirando 1 palabra, {with_2} mirando 2 y {with_3} mirando 3.")
    copies = {f"with_{longest}": number(count) for longest, (count, _written) in enumerate(counts, 1)}
    if any(written < COUNTED for _count, written in counts):
        of = _("{count} de {n}")
        words = _("Versos que copió enteros: {with_1} mirando 1 palabra, {with_2} mirando 2 y {with_3} mirando 3.")
        copies = {
            f"with_{longest}": of.format(count=number(count), n=number(written))
            for longest, (count, written) in enumerate(counts, 1)
        }
    return tag("p", text(words.format(n=number(COUNTED), **copies)), role="status")
