"""The card of a step: builds its component, adds its note and its code, and records when the step is done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ipywidgets import Widget

from poetas import recipes
from poetas.environment import in_voila
from widgets.core.component import Component
from widgets.core.error_card import ErrorCard
from widgets.core.explanation import NOTES, StepNote
from widgets.core.note_conditions import note_conditions
from widgets.core.page_context import PageContext
from widgets.core.step_code import StepCode
from widgets.core.theme import Themed

log = logging.getLogger(__name__)


class StepCard(Themed):
    """One step of an app: the component, «¿Qué acabo de ver?» and «El código de este paso».

        apuestas = StepCard("proxima", NextTokenChart)
        azar = StepCard("azar", SamplingControls, apuestas)

    step: slug of the step, the same as in the notebook's heading.
    kind: a widget, or the class of one, which is called with ``parts``; a step card among these stands for its
    component. The steps after a page's first one with a control are imported and built when the page shows that one
    (see `widgets.core.lazy_steps`), or when ``component`` is read.
    A component also works without a card, alone in any notebook.
    """

    def __init__(
        self, step: str, kind: Widget | Callable[..., Widget], *parts: object, context: PageContext | None = None
    ) -> None:
        super().__init__()
        self.add_class("poetas")
        self.add_class("poetas-step")
        self.step = step
        self.code: StepCode | None = None
        self.note: StepNote | None = None
        self._component = kind if isinstance(kind, Widget) else None
        self._kind, self._parts, self._filled = kind, parts, False
        self.context = context or getattr(self._component, "context", None) or PageContext.current()
        if self._component is None and self.context.lazy_steps.defer(self._arrive):
            self.add_class("poetas-coming")
        elif in_voila():
            self._arrive()
        else:  # there is a cell that shows what went wrong
            self._fill()

    @property
    def component(self) -> Any:
        """The component of this step."""
        if not self._filled:
            self._fill()
        return self._component

    def _arrive(self) -> None:
        """Build the contents, unless ``component`` was read before; show a failure and let later steps be built."""
        try:
            if not self._filled:
                self._fill()
        except Exception as problem:
            log.exception("the step %s could not be made", self.step)
            card = ErrorCard()
            card.show(self.context.explain_error(problem), {"retry": self._arrive})
            self.children = (card,)
        self.remove_class("poetas-coming")
        to_click = self._component is None or isinstance(self._component, Component)  # an error card has its button
        if to_click and (seen := self.context.lazy_steps.signal()) is not None:
            self.children = (*self.children, seen)

    def _fill(self) -> None:
        if self._component is None:
            given = [part.component if isinstance(part, StepCard) else part for part in self._parts]
            self._component = self._kind(*given)
        component = self._component
        children: list[Widget] = [component]
        if (NOTES / f"{self.step}.md").is_file():
            self.note = StepNote(self.step, self._known())
            children.append(self.note)
        if isinstance(component, Component):
            component.linked = True  # what is missing is a step of this page
            if component.recipe and component.recipe in recipes.names():
                self.code = StepCode(component.recipe, component.values())
                children.append(self.code)
            component.observe(lambda _change: self._follow(), ["done", "state"])
            component.observe(lambda change: None if change.new else self.context.reopen(self.step), "done")
            component.observe(lambda _change: self._refill())
        self.children = tuple(children)
        self._filled = True
        self.context.observe(lambda _change: self._follow(), ["model", "dataset", "training"])
        self._follow()

    def _follow(self) -> None:
        if getattr(self._component, "done", False):
            self.context.finish(self.step)
        if self.note is not None:
            self.note.known = self._known()
        self._refill()

    def _known(self) -> dict[str, str]:
        """The facts that choose between the paragraphs of the note."""
        component = self._component
        return dict(component.note_conditions() if isinstance(component, Component) else note_conditions(self.context))

    def _refill(self) -> None:
        if self.code is not None and isinstance(self._component, Component):
            values = dict(self._component.values())
            if values != self.code.values:
                self.code.values = values
