"""Libreta («Tu libreta de apuestas»): the bets of the three apps, what came out, and where intuition failed."""

from __future__ import annotations

from poetas.course.app_steps import NOTEBOOKS
from poetas.course.bets import BETS
from poetas.course.course_record import APPS
from poetas.course.made_bets import MadeBet, made_bets, score_sentence
from poetas.i18n import _, ngettext, number
from widgets.core.elements import html, look
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.core.theme import Themed


class Libreta(Themed):
    """All bets by app, in the order of the course. It reads what other pages kept when it is built."""

    def __init__(self, *, context: PageContext | None = None) -> None:
        super().__init__(**look("poetas", "poetas-libreta"))
        self.context = context or PageContext.current()
        self.page = html("")
        self.children = (self.page,)
        self.context.observe(lambda _change: self.draw(), ["project", "steps", "answered", "erased"])
        self.draw()

    def draw(self) -> None:
        """Draw the bets that are kept now."""
        made = made_bets(self.context.state())
        pages = "".join(self._app(app, [bet for bet in made if bet.row.app == app]) for app in APPS)
        if not made:
            words = _(
                "Todavía está en blanco. Cada vez que apuestes antes de mirar, acá queda qué dijiste y qué salió."
            )
            pages = tag("p", text(words), class_="notice") + pages
        score = score_sentence(made)
        end = tag("p", tag("b", text(_("En resumen."))) + " " + text(score), class_="notice") if score else ""
        self.page.value = end + pages

    def _app(self, app: str, made: list[MadeBet]) -> str:
        """Draw one app's bets; where there are none, the way to its first one."""
        title = tag("h3", text(_titles()[app]))
        if not made:
            first = next(bet for bet in BETS if bet.app == app)
            link = tag("a", text(_("Ir a la primera")), href=self._address(app, first.step))
            return title + tag("p", f"{text(_('Acá todavía no apostaste.'))} {link}", class_="soft")
        return title + tag("ol", "".join(self._entry(bet) for bet in made), class_="poetas-bets")

    def _entry(self, made: MadeBet) -> str:
        mark, look_of = {
            True: (_("Acierto"), "chip good"),
            False: (_("Sorpresa"), "chip care"),
            None: (_("Ni acierto ni sorpresa"), "chip"),
        }[made.won]
        question = tag("a", text(_capitalised(made.question)), href=self._address(made.row.app, made.row.step))
        said = _("Apostaste: {bet} · Salió: {outcome}").format(bet=made.bet, outcome=made.outcome)
        parts = [tag("p", question + " " + tag("span", text(mark), class_=look_of), class_="poetas-bet-asked")]
        parts.append(tag("p", text(said), class_="poetas-bet-said"))
        if made.sentence:
            parts.append(tag("p", text(made.sentence), class_="soft"))
        if made.times > 1:
            words = ngettext("La hiciste {n} vez.", "La hiciste {n} veces: acá queda la primera.", made.times)
            parts.append(tag("p", text(words.format(n=number(made.times))), class_="soft"))
        return tag("li", "".join(parts), class_=f"card {'good' if made.won else ''}".strip())

    def _address(self, app: str, step: str) -> str:
        """Return the address of a step, on this page or another app's."""
        return f"#{step}" if app == self.context.app else f"{NOTEBOOKS[app]}#{step}"


def _titles() -> dict[str, str]:
    names = (_("Conocé los LLMs"), _("Prepará tus datos"), _("Entrená y evaluá"))
    return dict(zip(APPS, names, strict=True))


def _capitalised(question: str) -> str:
    """Return a question as it stands alone.

    >>> _capitalised("¿cuántos?"), _capitalised("el modelo escribe. ¿Cuántos?")
    ('¿Cuántos?', 'El modelo escribe. ¿Cuántos?')
    """
    start = 1 if question.startswith("¿") else 0
    return question[:start] + question[start : start + 1].upper() + question[start + 1 :]
