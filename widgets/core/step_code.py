"""Code view of a step: its recipe as a runnable program, filled in with the values now chosen.

Its title is «El código de este paso».
"""

from __future__ import annotations

from collections.abc import Mapping

from ipywidgets import HTML
from traitlets import Dict, observe

from poetas import recipes
from poetas.i18n import _
from widgets.core.html import tag, text


class StepCode(HTML):
    """The folded code of a step.

    values: what is now chosen, by name; the code shows them as literals.
    code: the program as shown, which runs as it is.
    """

    values = Dict()

    def __init__(self, recipe: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__()
        self.add_class("poetas")
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
        inner += tag("p", text(_("Este programa hace lo mismo que el paso, con lo que elegiste. Copialo y correlo.")))
        inner += tag("pre", tag("code", text(self.code)), tabindex="0", aria_label=_("Código de este paso"))
        self.value = tag("details", inner, class_="poetas-note poetas-code")
