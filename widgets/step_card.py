"""The step card: a component, its note and its code; it marks the step as done."""

from __future__ import annotations

from ipywidgets import Widget

from poetas import recipes
from widgets.code_of_step import CodeOfStep
from widgets.component import Component
from widgets.desk import Desk
from widgets.look import Dressed
from widgets.what_i_saw import WhatISaw, note


class StepCard(Dressed):
    """One step of an app: the component, «¿Qué acabo de ver?» and «El código de este paso».

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
        children: list[Widget] = [component]
        if note(step):
            children.append(WhatISaw(step))
        self.code: CodeOfStep | None = None
        if isinstance(component, Component):
            component.linked = True  # what is missing is a step of this page
            if component.recipe and component.recipe in recipes.names():
                self.code = CodeOfStep(component.recipe, component.values())
                children.append(self.code)
            component.observe(lambda _change: self._follow(), ["done", "state"])
            component.observe(lambda _change: self._refill())
        self.children = tuple(children)
        self.desk.observe(lambda _change: self._follow(), ["model", "dataset", "training"])
        self._follow()

    def _follow(self) -> None:
        if getattr(self.component, "done", False):
            self.desk.finish(self.step)
        self._refill()

    def _refill(self) -> None:
        if self.code is not None and isinstance(self.component, Component):
            values = dict(self.component.values())
            if values != self.code.values:
                self.code.values = values
