"""Folded source of a step's recipe, filled with the chosen values, and a link that saves it as a notebook."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from ipywidgets import HTML
from traitlets import Dict, observe

from poetas import recipes
from poetas.i18n import _
from poetas.recipes.notebook import notebook
from widgets.core.elements import look, shared_style
from widgets.core.html import tag, text


class StepCode(HTML):
    """The folded code of a step.

    values: what is now chosen, by name; the code shows them as literals.
    code: the program as shown, which runs as it is.
    """

    values = Dict()

    def __init__(self, recipe: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(style=shared_style(HTML), **look("poetas"))
        self._recipe = recipe
        self.code = ""
        self.values = dict(values or {})
        self._draw()

    @observe("values")
    def _draw(self, _change: object = None) -> None:
        if not hasattr(self, "_recipe"):
            return
        self.code = recipes.program(self._recipe, self.values)
        inner = tag("summary", text(_("El código de este paso")))
        words = _("Este programa hace lo esencial del paso con lo que elegiste. Arriba dice qué hace la app además.")
        inner += tag("p", text(words))
        inner += tag("p", tag("a", text(_("Bajar como cuaderno")), **self._link()))
        inner += tag("pre", tag("code", text(self.code)), tabindex="0", aria_label=_("Código de este paso"))
        self.value = tag("details", inner, class_="poetas-note poetas-code")

    def _link(self) -> dict[str, str]:
        """Return the attributes of a link that saves the program as a notebook: kilobytes, so no chunks are needed."""
        content = b64encode(notebook(self.code).encode()).decode()
        return {"href": f"data:application/x-ipynb+json;base64,{content}", "download": f"{self._recipe}.ipynb"}
