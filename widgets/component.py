"""What every component is: a column of widgets with a state, a place for an error card, and values for its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import ClassVar

from ipywidgets import VBox, Widget
from traitlets import Bool, UseEnum

from poetas.errors import Explanation
from widgets.desk import Desk
from widgets.error_card import ErrorCard


class State(StrEnum):
    """One vocabulary for all components; every enabled or disabled control is derived from it.

    WAITING: needs something from an earlier step. READY: the learner's turn. BUSY: at work, can be stopped.
    DONE: there is a result to look at.
    """

    WAITING = "waiting"
    READY = "ready"
    BUSY = "busy"
    DONE = "done"


class Component(VBox):
    """A part of a page: builds its children in one place and derives what is enabled from ``state``.

    state: see `State`.
    done: True once the learner has done what the step asks for; the step card marks the step.
    needs: what it needs from an earlier step ("model", "dataset", "training"), for the step card's notice.
    recipe: name of the program in `poetas.recipes` that does the same, or "".
    """

    state = UseEnum(State, default_value=State.READY)
    done = Bool(default_value=False)

    needs: ClassVar[tuple[str, ...]] = ()
    recipe: ClassVar[str] = ""

    def __init__(self, desk: Desk | None = None) -> None:
        super().__init__()
        self.desk = desk or Desk.here()
        self.alert = ErrorCard()
        self.add_class("poetas")
        self.add_class("stack")
        self.add_class(f"poetas-{_kebab(type(self).__name__)}")
        self.children = (*self.build(), self.alert)
        self.observe(lambda _: self.refresh(), "state")
        self.refresh()

    def build(self) -> Sequence[Widget]:
        """Make the children, once."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Derive what is enabled and what is shown from ``state``."""

    def values(self) -> Mapping[str, object]:
        """Return the values now chosen, by their names in the recipe."""
        return {}

    def fail(self, problem: Explanation, actions: Mapping[str, Callable[[], None]] | None = None) -> None:
        """Show an error card; ``actions`` maps an action's identifier to what its button does."""
        self.alert.show(problem, actions or {})
        if self.state is State.BUSY:
            self.state = State.READY

    def calm(self) -> None:
        """Take the error card away."""
        self.alert.clear()


def _kebab(name: str) -> str:
    """Turn a class name into a CSS name.

    >>> _kebab("NextTokenChart")
    'next-token-chart'
    """
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")
