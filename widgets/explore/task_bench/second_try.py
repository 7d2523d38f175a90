"""Second try of an answer that goes round: «Probá de nuevo sin repetir», what was written first beside it, and undo."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox

from poetas.generation.generation_client import GeneratedAnswer
from poetas.generation.text_loop import find_repetition
from poetas.i18n import _
from widgets.controls.highlighting import breaks_off
from widgets.controls.previews import lines
from widgets.core.elements import html, look, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.focus import focus
from widgets.core.html import gloss, tag, text

UNREPEATED = 3  # tokens in a row that are not written twice


class SecondTry(VBox):
    """The button below an answer that goes round, then the first answer, to compare with and to go back to.

    again: writes the answer once more with ``unrepeated``. back: shows an answer.
    """

    def __init__(self, again: Callable[[], None], back: Callable[[GeneratedAnswer], None]) -> None:
        self.unrepeated = 0  # what the answer is written with
        self._last: GeneratedAnswer | None = None
        self._first: GeneratedAnswer | None = None
        self._again, self._show_first = again, back
        self.try_again = make_button(_("Probá de nuevo sin repetir"))
        on_click(self.try_again, self._ask)
        self.before = html("")
        self.undo = make_button(_("Quedarme con lo primero"), "link")
        on_click(self.undo, self._go_back)
        super().__init__((self.try_again, self.before, self.undo), **look("stack", shown=False))

    def forget(self) -> None:
        """Begin with another answer, written as always."""
        self.unrepeated, self._first = 0, None
        show(self, False)

    def ended(self, answer: GeneratedAnswer | None) -> None:
        """Offer a second try of an answer that goes round, or compare it with the first. answer: None if stopped."""
        repetition = find_repetition(answer["text"]) if answer is not None else None
        self._last = answer
        offered = repetition is not None and repetition.loop and self._first is None
        show(self.try_again, offered)
        show(self.undo, self._first)
        self.before.value = _compared(self._first) if self._first is not None else ""
        show(self.before, self._first)
        show(self, offered or self._first)

    def _ask(self) -> None:
        self._first, self.unrepeated = self._last, UNREPEATED
        self._again()

    def _go_back(self) -> None:
        if self._first is not None:
            first = self._first
            self.forget()
            self._show_first(first)
            focus(self.try_again)


def _compared(first: GeneratedAnswer) -> str:
    """Say what was changed for the second answer, and show the first."""
    words = _(
        "Cambié una sola cosa: esta vez no podía escribir dos veces los mismos tres {tokens} seguidos. Así no "
        "puede quedarse dando vueltas, pero no por eso dice la verdad: leelo con el mismo cuidado."
    )
    shown = {"tokens": gloss("token", _("pedacitos"))}
    said = tag("p", text(words).format(**shown), class_="soft", role="status")
    label = tag("p", text(_("Lo que había escrito primero")), class_="poetas-pair-label")
    return said + tag(
        "div",
        label + tag("p", lines(first["text"]) + (breaks_off() if first["cut"] else ""), class_="serif", dir="auto"),
        class_="card",
    )
