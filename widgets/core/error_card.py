"""Error card: an `Explanation` in, drawn with one action button or a link to the step that helps; no traceback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from ipywidgets import HTML, Button, VBox, Widget

from poetas.errors import Explanation
from poetas.i18n import _
from widgets.core.elements import html, look, make_button, show
from widgets.core.error_actions import AGAIN, way_out
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext


def labels() -> dict[str, str]:
    """Return the button's label for every action that an explanation may name."""
    return {
        "retry": _("Volver a intentar"),
        "resume": _("Seguir desde donde quedó"),
        "restart-service": _("Encenderlo de nuevo"),
        "accept-licence": _("Leer y aceptar la licencia"),
        "choose-model": _("Elegir otro modelo"),
        "fetch-again": _("Ir a traerlo de nuevo"),
        "choose-file": _("Elegir otro archivo"),
        "choose-columns": _("Elegir otra columna"),
        "stop-other": _("Detener el otro y seguir con este"),
        "smaller": _("Probar con algo más chico"),
        "hub-token": _("Pegar mi clave de Hugging Face"),
        "lower-learning-rate": _("Bajar la tasa y entrenar de nuevo"),
        "reset": _("Volver a las perillas de siempre"),
        "restart": _("Empezar de nuevo"),
        "ask-hub": _("Averiguar en Hugging Face"),
        "prepare": _("Ir a preparar los textos"),
        "choose-dataset": _("Elegir otro conjunto"),
        "choose-training": _("Elegir otro entrenamiento"),
        "choose-form": _("Elegir otra forma"),
    }


class ErrorCard(VBox):
    """Draws an `Explanation`; empty and hidden until `show` is called.

    >>> from poetas.errors import disk_full
    >>> card = ErrorCard(); card.show(disk_full().explanation, {"retry": lambda: None})
    >>> card.button.description
    'Volver a intentar'
    """

    def __init__(self, *classes: str) -> None:
        super().__init__(**look("poetas-error", *classes, shown=False))
        self.children: tuple[Widget, ...]
        self._action: Callable[[], None] | None = None
        self.problem: Explanation | None = None

    # Made with the first error: a page opens with a card for each of its components.

    @cached_property
    def message(self) -> HTML:
        """What happened, why, and the remedy."""
        return html("")

    @cached_property
    def button(self) -> Button:
        """The card's action."""
        button = make_button("", kind="primary")
        on_click(button, self._act)
        return button

    def show(self, problem: Explanation, actions: Mapping[str, Callable[[], None]]) -> None:
        """Draw the card with its one button.

        The button calls what ``actions`` has for the explanation's action; else a link leads to the step that helps.
        """
        self.problem = problem
        self._action = actions.get(problem.action)
        if self._action is None and problem.action in AGAIN:
            self._action = next((actions[name] for name in AGAIN if name in actions), None)
        lines = [tag("p", tag("strong", text(problem.what)))]
        lines += [tag("p", text(line)) for line in (problem.why, problem.remedy) if line]
        href = way_out(problem.action, PageContext.current().app) if self._action is None else ""
        if href:
            lines.append(tag("p", tag("a", text(labels()[problem.action]), href=href, class_="btn")))
        self.message.value = tag("div", "".join(lines), role="alert", class_="problem")
        self.button.description = labels().get(problem.action, _("Volver a intentar"))
        self.children = (self.message, self.button) if self._action else (self.message,)
        show(self, True)

    def clear(self) -> None:
        """Hide the card."""
        self.problem = None
        self._action = None
        self.children = ()
        show(self, False)

    def _act(self) -> None:
        action = self._action
        self.clear()
        if action is not None:
            action()
