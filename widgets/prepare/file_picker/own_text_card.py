"""Card of the learner's own text, which she pasted in app 1: its first poem as a page, and a button that takes it."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import VBox

from poetas.course.own_text import first_part
from poetas.i18n import _
from poetas.util.excerpt import shortened
from widgets.controls.own_text_offer import offered_text
from widgets.controls.previews import lines
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext

SHOWN = 600  # characters of the first poem


class OwnTextCard(VBox):
    """The text as app 1 keeps it now. chosen: called with it at a click, unless it was erased meanwhile."""

    def __init__(self, context: PageContext, chosen: Callable[[str], None]) -> None:
        self._context, self._chosen = context, chosen
        self.page = html("")
        self.use = make_button(_("Seguir con este texto"), kind="primary")
        on_click(self.use, self._use)
        super().__init__((self.page, row_of((self.use,))), **look("stack"))

    def read(self) -> str:
        """Draw the text, or that there is none any more; return it."""
        words = offered_text(self._context)
        show(self.use, words)
        if words:
            said = _("Empieza así, y va entero. Se hace una copia en este proyecto, y se trabaja con la copia.")
            page = tag("div", tag("p", lines(shortened(first_part(words), SHOWN))), class_="poetas-page serif")
            self.page.value = tag("p", text(said), class_="soft") + tag("div", page, class_="poetas-pages")
        else:
            gone = _("Ese texto ya no está: se borró en la app 1. Elegí otra manera de traer los tuyos.")
            self.page.value = tag("p", text(gone), class_="notice", role="status")
        return words

    def _use(self) -> None:
        if words := self.read():
            self._chosen(words)
