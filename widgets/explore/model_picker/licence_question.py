"""The question before a model whose licence asks for a yes: its terms, and the two answers."""

from __future__ import annotations

from collections.abc import Callable

from ipywidgets import Button, HBox, VBox

from poetas.i18n import _
from poetas.models.entry import ModelEntry
from widgets.core.html import html, tag, text


class LicenceQuestion(VBox):
    """Out of the way until `ask` is called.

    wanted: the model that waits for an answer, and whether it is to be brought anew; None while nothing is asked.
    """

    def __init__(self, *, yes: Callable[[], None], no: Callable[[], None]) -> None:
        super().__init__()
        self.words = html("")
        self.accept = Button(description=_("Acepto la licencia y traigo el modelo"), button_style="primary")
        self.accept.on_click(lambda _button: yes())
        self.refuse = Button(description=_("Ahora no"))
        self.refuse.on_click(lambda _button: no())
        row = HBox((self.accept, self.refuse))
        row.add_class("row")
        self.wanted: tuple[ModelEntry, bool] | None = None  # the model asked about, and whether it is fetched again
        self.children = (self.words, row)
        self.add_class("card")
        self.add_class("poetas-question")
        self.close_question()

    def ask(self, entry: ModelEntry, *, anew: bool = False) -> None:
        """Ask about a model."""
        self.wanted = entry, anew
        words = _(
            "{title} se comparte con condiciones: {licence}. Leelas antes de aceptar; tu respuesta queda anotada."
        )
        link = tag("a", text(_("Leer la licencia")), href=entry.licence_url, target="_blank", rel="noopener noreferrer")
        sentence = text(words.format(title=entry.title, licence=entry.licence or _("las de quien lo publicó")))
        self.words.value = tag("h3", text(_("Una pregunta antes de traerlo"))) + tag("p", f"{sentence} {link}")
        self.layout.display = ""

    def close_question(self) -> None:
        """Ask nothing any more."""
        self.wanted = None
        self.layout.display = "none"
