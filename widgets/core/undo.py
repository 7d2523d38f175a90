"""«Deshacer» and «Rehacer» for what the learner chose: a small history of a component's traits."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ipywidgets import Button, HBox
from traitlets import HasTraits

from poetas.i18n import _
from widgets.core.tasks import UpdateGuard

TOGETHER = 0.7  # seconds; changes that come closer than this are one gesture: a slider that is being moved
LONGEST = 50


class Undo(HBox):
    """Two buttons that go back and forth between the values that ``names`` of ``target`` had.

    Each appears when it has something to do. What is set while going back is not a change of its own.

    >>> from traitlets import HasTraits, Int
    >>> class Line(HasTraits): value = Int(1)
    >>> line = Line(); undo = Undo(line, "value", clock=iter(range(100)).__next__)
    >>> line.value = 2; line.value = 3; undo.back(); line.value
    2
    >>> undo.forth(); line.value
    3
    """

    def __init__(self, target: HasTraits, *names: str, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self.add_class("poetas-undo")
        self.add_class("row")
        self._target, self._names, self._clock = target, names, clock
        self._past: list[dict[str, Any]] = []
        self._future: list[dict[str, Any]] = []
        self._now = self._values()
        self._last = float("-inf")
        self._updating = UpdateGuard()
        self.undo = Button(description=_("Deshacer"))
        self.redo = Button(description=_("Rehacer"))
        self.undo.on_click(lambda _button: self.back())
        self.redo.on_click(lambda _button: self.forth())
        self.children = (self.undo, self.redo)
        target.observe(self._changed, list(names))
        self._draw()

    def forget(self) -> None:
        """Begin a new history: what was before belongs to other texts."""
        self._past, self._future, self._now = [], [], self._values()
        self._last = float("-inf")
        self._draw()

    def back(self) -> None:
        """Put the values back that there were before the last change."""
        if self._past:
            self._future.append(self._now)
            self._go(self._past.pop())

    def forth(self) -> None:
        """Make the change again that was undone last."""
        if self._future:
            self._past.append(self._now)
            self._go(self._future.pop())

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self._target, name) for name in self._names}

    def _changed(self, _change: Any) -> None:
        if self._updating:
            return
        if not any(self._now.values()):  # nothing was chosen yet: that is nothing to go back to
            self._now = self._values()
            return
        now = self._clock()
        if now - self._last > TOGETHER or not self._past:
            self._past = [*self._past, self._now][-LONGEST:]
        self._last = now
        self._now = self._values()
        self._future.clear()
        self._draw()

    def _go(self, values: dict[str, Any]) -> None:
        with self._updating, self._target.hold_trait_notifications():
            for name, value in values.items():
                setattr(self._target, name, value)
        self._now = self._values()
        self._last = float("-inf")
        self._draw()

    def _draw(self) -> None:
        for button, there in ((self.undo, self._past), (self.redo, self._future)):
            button.layout.display = "" if there else "none"
        self.layout.display = "" if self._past or self._future else "none"
