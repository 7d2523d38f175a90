"""The step card: a component with what it needs said beside it, its note and its code; it marks the step as done."""

from __future__ import annotations

from ipywidgets import VBox, Widget

from poetas import recipes
from poetas.i18n import _
from widgets.code_of_step import CodeOfStep
from widgets.component import Component
from widgets.desk import Desk
from widgets.markup import html, tag, text
from widgets.what_i_saw import WhatISaw, note


def _notices() -> dict[str, tuple[str, str]]:
    # What a step may need -> (sentence, slug of the step that gives it).
    return {
        "model": (_("Para este paso hace falta un modelo. Elegilo primero."), "modelo"),
        "source": (_("Para este paso hacen falta textos. Traelos primero."), "textos"),
        "dataset": (_("Para este paso hace falta un conjunto preparado. Elegilo primero."), "conjunto"),
        "training": (_("Para este paso hace falta un modelo entrenado. Entrenalo primero."), "entrena"),
    }


class StepCard(VBox):
    """One step of an app: the component, what it needs, «¿Qué acabo de ver?» and «El código de este paso».

    step: slug of the step, the same as in the notebook's heading.
    Everything works without it too: a component can be shown alone in any notebook.
    """

    def __init__(self, step: str, component: Widget, *, desk: Desk | None = None) -> None:
        super().__init__()
        self.add_class("poetas")
        self.add_class("poetas-step")
        self.step = step
        self.component = component
        self.desk = desk or getattr(component, "desk", None) or Desk.here()
        self.notice = html("")
        children: list[Widget] = [self.notice, component]
        if note(step):
            children.append(WhatISaw(step))
        self.code: CodeOfStep | None = None
        if isinstance(component, Component):
            if component.recipe and component.recipe in recipes.names():
                self.code = CodeOfStep(component.recipe, component.values())
                children.append(self.code)
            component.observe(lambda _change: self._follow(), ["done", "state"])
            component.observe(lambda _change: self._refill())
        self.children = tuple(children)
        self.desk.observe(lambda _change: self._follow(), ["model", "dataset", "training"])
        self._follow()

    def _follow(self) -> None:
        missing = [
            need
            for need in getattr(self.component, "needs", ())
            if not getattr(self.component, need, None) and not getattr(self.desk, need, None)
        ]
        if missing:
            sentence, slug = _notices()[missing[0]]
            link = tag("a", text(_("Ir a ese paso")), href=f"#{slug}")
            self.notice.value = tag("p", f"{text(sentence)} {link}", class_="notice care")
        else:
            self.notice.value = ""
        self.notice.layout.display = "" if missing else "none"
        if getattr(self.component, "done", False):
            self.desk.finish(self.step)
        self._refill()

    def _refill(self) -> None:
        if self.code is not None and isinstance(self.component, Component):
            values = dict(self.component.values())
            if values != self.code.values:
                self.code.values = values
