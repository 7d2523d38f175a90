"""Licence question of a model that needs consent: a link to the terms, and two buttons."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from ipywidgets import HTML, Button, VBox, Widget

from poetas.i18n import _
from poetas.models.entry import ModelEntry
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text


class LicenceQuestion(VBox):
    """Hidden until `ask` is called.

    pending: the model that is asked about, and whether it is fetched again; None while nothing is asked.
    """

    children: tuple[Widget, ...]

    def __init__(self, *, yes: Callable[[], None], no: Callable[[], None]) -> None:
        super().__init__(**look("card", "poetas-question", shown=False))
        self._yes, self._no = yes, no
        self.pending: tuple[ModelEntry, bool] | None = None

    # Made with the first question: the page opens without them.

    @cached_property
    def message(self) -> HTML:
        """The question."""
        return html("")

    @cached_property
    def accept(self) -> Button:
        """Accepts the licence."""
        button = make_button(_("Acepto la licencia y traigo el modelo"), kind="primary")
        on_click(button, self._yes)
        return button

    @cached_property
    def refuse(self) -> Button:
        """Refuses it."""
        button = make_button(_("Ahora no"))
        on_click(button, self._no)
        return button

    def ask(self, entry: ModelEntry, *, refetch: bool = False) -> None:
        """Ask about a model. refetch: whether a model that is here already is fetched again."""
        self.pending = entry, refetch
        if not self.children:
            self.children = (self.message, row_of((self.accept, self.refuse)))
        template = _(
            "{title} se comparte con condiciones: {licence}. Leelas antes de aceptar; tu respuesta queda anotada."
        )
        link = tag("a", text(_("Leer la licencia")), href=entry.licence_url, target="_blank", rel="noopener noreferrer")
        sentence = text(template.format(title=entry.title, licence=entry.licence or _("las de quien lo publicó")))
        self.message.value = tag("h3", text(_("Una pregunta antes de traerlo"))) + tag("p", f"{sentence} {link}")
        show(self, True)

    def close_question(self) -> None:
        """Hide the question."""
        self.pending = None
        show(self, False)
