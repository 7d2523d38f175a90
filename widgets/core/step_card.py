"""Card of a step: builds its component, adds note, question and code, and records when the step is done."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ipywidgets import Widget

from poetas import recipes
from poetas.course.class_plan import current_plan
from poetas.environment import in_voila
from poetas.i18n import _
from widgets.core.component import Component
from widgets.core.elements import html, look
from widgets.core.error_card import ErrorCard
from widgets.core.explanation import NOTES, StepNote
from widgets.core.html import tag, text
from widgets.core.note_conditions import note_conditions
from widgets.core.page_context import PageContext
from widgets.core.step_code import StepCode
from widgets.core.step_question import Question
from widgets.core.theme import Themed

log = logging.getLogger(__name__)


class StepCard(Themed):
    """One step of an app: the component, «¿Qué acabo de ver?», its question once it is done, «El código de este paso».

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
        component = kind if isinstance(kind, Widget) else None
        self.context = context or getattr(component, "context", None) or PageContext.current()
        waits = component is None and self.context.lazy_steps.defer(self._build_safely)
        super().__init__(**look("poetas", "poetas-step", *(["poetas-coming"] if waits else [])))
        self.step = step
        self.code: StepCode | None = None
        self.note: StepNote | None = None
        self.question: Question | None = None
        self._component = component
        self._kind, self._parts, self._built = kind, parts, False
        if waits:
            return
        if in_voila():
            self._build_safely()
        else:  # the cell shows the traceback
            self._build()

    @property
    def component(self) -> Any:
        """The component of this step."""
        if not self._built:
            self._build()
        return self._component

    def _build_safely(self) -> None:
        """Build the contents, unless ``component`` was read before; show a failure and let later steps be built."""
        try:
            if not self._built:
                self._build()
        except Exception as problem:
            log.exception("the step %s could not be made", self.step)
            card = ErrorCard()
            card.show(self.context.explain_error(problem), {"retry": self._build_safely})
            self.children = (card,)
        self.remove_class("poetas-coming")
        to_click = self._component is None or isinstance(self._component, Component)  # an error card has a button
        if to_click and (signal := self.context.lazy_steps.signal()) is not None:
            self.children = (*self.children, signal)

    def _build(self) -> None:
        if self._component is None:
            arguments = [part.component if isinstance(part, StepCard) else part for part in self._parts]
            self._component = self._kind(*arguments)
        component = self._component
        if (NOTES / f"{self.step}.md").is_file():
            self.note = StepNote(self.step, self._conditions())
        if isinstance(component, Component):
            component.linked, component.step = True, self.step  # what is missing is a step of this page
            if component.recipe and component.recipe in recipes.names():
                self.code = StepCode(component.recipe, component.values())
            component.observe(lambda _change: self._update(), ["done", "state"])
            component.observe(lambda change: None if change.new else self.context.reopen(self.step), "done")
            component.observe(lambda _change: self._follow())
        parts = (self._left_out(), component, self.note, self.code)
        self.children = tuple(part for part in parts if part is not None)
        self._update()
        self._built = True
        self.context.observe(lambda _change: self._update(), ["model", "dataset", "training"])

    def _left_out(self) -> Widget | None:
        """Return what says that the class does not do this step, None where it does."""
        if not current_plan().leaves_out(self.context.app, self.step):
            return None
        words = _("Hoy, en clase, este paso no se hace. Podés saltearlo, o volver otro día.")
        return html(tag("p", text(words), class_="notice"), "poetas-left-out")

    def _update(self) -> None:
        if getattr(self._component, "done", False):
            self.context.finish(self.step)
        self._ask()
        self._update_note()
        self._update_code()

    def _ask(self) -> None:
        """Ask the step's question below its note once the step is done; before that, no widget is made for it."""
        if self.question is not None or not self.context.finished(self.step):
            return
        self.question = Question.of_step(self.step, self.context)
        if self.question is not None:
            place = 1 + self.children.index(self.note if self.note is not None else self._component)
            self.children = (*self.children[:place], self.question, *self.children[place:])

    def _update_note(self) -> None:
        if self.note is not None:
            with self.note.hold_trait_notifications():
                self.note.known = self._conditions()
                self.note.done = bool(getattr(self._component, "done", False))
                self._follow()

    def _follow(self) -> None:
        """Follow what the learner does: the note of a step that is done, and the code."""
        if self.note is not None and self.note.done and isinstance(self._component, Component):
            self.note.seen = self._component.seen()
        self._update_code()

    def _conditions(self) -> dict[str, str]:
        """The facts that choose between the paragraphs of the note."""
        component = self._component
        return dict(component.note_conditions() if isinstance(component, Component) else note_conditions(self.context))

    def _update_code(self) -> None:
        if self.code is not None and isinstance(self._component, Component):
            values = dict(self._component.values())
            if values != self.code.values:
                self.code.values = values
