"""Base class of the components: a column of widgets with a state, a notice, an error card and recipe values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar, ParamSpec

from ipywidgets import Button, Widget
from traitlets import Bool, UseEnum

from poetas.errors import Explanation, PoetasError
from widgets.core.elements import html, look, show
from widgets.core.error_card import ErrorCard
from widgets.core.event_guards import on_click, unless
from widgets.core.kept_training import kept_training
from widgets.core.note_conditions import note_conditions
from widgets.core.page_context import PageContext
from widgets.core.prerequisites import notice
from widgets.core.theme import Themed
from widgets.core.usage_record import UsageRecord

P = ParamSpec("P")


class State(StrEnum):
    """One vocabulary for all components; every enabled or disabled control is derived from it.

    WAITING: needs something from an earlier step. READY: waits for input. BUSY: working, can be stopped.
    DONE: shows a result.
    """

    WAITING = "waiting"
    READY = "ready"
    BUSY = "busy"
    DONE = "done"


class Component(Themed):
    """A part of a page: builds its children in one place and derives what is enabled from ``state``.

    state: see `State`.
    done: True once the learner has done what the step asks for; the step card marks the step.
    needs: what it needs from an earlier step ("model", "source", "dataset", "training"); a notice says what is missing.
    step: slug of its step, "" without a step card.
    linked: whether the notice leads to that step; the step card, which stands on a page of steps, says so.
    recipe: name of the program in `poetas.recipes` that does the same, or "".
    """

    state = UseEnum(State, default_value=State.READY)
    done = Bool(default_value=False)
    linked = Bool(default_value=False)

    needs: ClassVar[tuple[str, ...]] = ()
    recipe: ClassVar[str] = ""

    def __init__(self, context: PageContext | None = None) -> None:
        super().__init__(**look("poetas", "stack", f"poetas-{_kebab(type(self).__name__)}"))
        self.context = context or PageContext.current()
        self.step = ""
        self.alert = ErrorCard()
        self._save_error: Explanation | None = None
        self.notice = html("")
        self.parts = tuple(self.build())
        self.children = (self.notice, *self.parts, self.alert)
        self.observe(lambda _: self.refresh(), "state")
        own_needs = [need for need in self.needs if self.has_trait(need)]
        self.observe(lambda _: self._update_notice(), ["state", "linked", *own_needs])
        self.context.observe(lambda _: self._update_notice(), ["model", "dataset", "training"])
        self.observe(lambda _: self._make_active(), ["done", "value"] if self.has_trait("value") else ["done"])
        self.context.observe(lambda change: self._show_save_error(change.new), "save_error")
        self.refresh()
        self._update_notice()

    def on_click(self, button: Button, handler: Callable[[], object]) -> None:
        """Call ``handler`` at a click, unless the component is busy or the button is disabled."""
        on_click(button, handler, busy=lambda: self.state is State.BUSY)

    def unless_busy(self, handler: Callable[P, object]) -> Callable[P, None]:
        """Return a handler for the buttons of a part, which ignores their clicks while the component is busy."""
        return unless(lambda: self.state is State.BUSY, handler)

    def build(self) -> Sequence[Widget]:
        """Make the children, once."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Derive what is enabled and what is shown from ``state``."""

    def values(self) -> Mapping[str, object]:
        """Return the values now chosen, by their names in the recipe."""
        return {}

    def note_conditions(self) -> Mapping[str, str]:
        """Return the facts that choose between the paragraphs of the step's note."""
        return note_conditions(self.context)

    def seen(self) -> str:
        """Return a sentence on what the learner just saw, in her own words and figures; "" where there is none."""
        return ""

    def missing_prerequisite(self) -> str:
        """Return the name of the first need that is missing, "" where none is."""
        absent = [
            need for need in self.needs if not getattr(self, need, None) and not getattr(self.context, need, None)
        ]
        if not absent and self.state is State.WAITING:  # it was chosen before, and is no longer on the disk
            absent = [need for need in ("training", "dataset") if need in self.needs]
        return absent[0] if absent else ""

    def _update_notice(self) -> None:
        need = self.missing_prerequisite()
        kept = kept_training(self.context) if need == "training" else ""
        self.notice.value = notice(need, linked=self.linked, kept=kept) if need else ""
        show(self.notice, need)

    def fail(self, problem: Explanation, actions: Mapping[str, Callable[[], None]] | None = None) -> None:
        """Show an error card; ``actions`` maps an action's identifier to what its button does.

        An action without one links to the step that helps (see `widgets.core.error_actions`); "retry" without one
        clears the card, and the learner clicks the control again.
        """
        self.context.shared(UsageRecord, UsageRecord).error(problem.code)
        self.alert.show(problem, {"retry": self.clear_error, **(actions or {})})
        if self.state is State.BUSY:
            self.state = State.READY

    def run_guarded(self, work: Callable[[], None]) -> None:
        """Run the work of a click; show an OSError or a PoetasError as an error card with a button that retries."""
        self.clear_error()
        try:
            work()
        except (OSError, PoetasError) as error:
            self.fail(self.context.explain_error(error), {"retry": lambda: self.run_guarded(work)})

    def _show_save_error(self, problem: Explanation | None) -> None:
        """Show the context's save error in the active component where no page banner shows it."""
        if problem is None and self.alert.problem is not None and self.alert.problem is self._save_error:
            self.alert.clear()
        self._save_error = problem
        if problem is not None and not self.context.has_banner and self.context.active in (None, self):
            self.alert.show(problem, {"retry": self.context.save})

    def _make_active(self) -> None:
        self.context.active = self
        if self.state is not State.BUSY:  # what changes meanwhile is not the learner's doing
            self.context.shared(UsageRecord, UsageRecord).event(self.step)

    def clear_error(self) -> None:
        """Remove the error card and make this the active component."""
        self._make_active()
        self.alert.clear()


def _kebab(name: str) -> str:
    """Turn a class name into a CSS name.

    >>> _kebab("NextTokenChart")
    'next-token-chart'
    """
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
