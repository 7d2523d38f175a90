"""Licence question of a model that needs consent: a link to the terms, and two buttons."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Button, HBox, VBox

from poetas.i18n import _
from poetas.models.entry import ModelEntry
from widgets.core.event_guards import on_click
from widgets.core.html import html, tag, text


class LicenceQuestion(VBox):
    """Hidden until `ask` is called.

    pending: the model that is asked about, and whether it is fetched again; None while nothing is asked.
    """

    def __init__(self, *, yes: Callable[[], None], no: Callable[[], None]) -> None:
        super().__init__()
        self.message = html("")
        self.accept = Button(description=_("Acepto la licencia y traigo el modelo"), button_style="primary")
        on_click(self.accept, yes)
        self.refuse = Button(description=_("Ahora no"))
        on_click(self.refuse, no)
        row = HBox((self.accept, self.refuse))
        row.add_class("row")
        self.pending: tuple[ModelEntry, bool] | None = None
        self.children = (self.message, row)
        self.add_class("card")
        self.add_class("poetas-question")
        self.close_question()

    def ask(self, entry: ModelEntry, *, refetch: bool = False) -> None:
        """Ask about a model. refetch: whether a model that is here already is fetched again."""
        self.pending = entry, refetch
        template = _(
            "{title} se comparte con condiciones: {licence}. Leelas antes de aceptar; tu respuesta queda anotada."
        )
        link = tag("a", text(_("Leer la licencia")), href=entry.licence_url, target="_blank", rel="noopener noreferrer")
        sentence = text(template.format(title=entry.title, licence=entry.licence or _("las de quien lo publicó")))
        self.message.value = tag("h3", text(_("Una pregunta antes de traerlo"))) + tag("p", f"{sentence} {link}")
        self.layout.display = ""

    def close_question(self) -> None:
        """Hide the question."""
        self.pending = None
        self.layout.display = "none"
