"""Undo and redo buttons («Deshacer», «Rehacer») over a history of a component's traits."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from ipywidgets import Button, HBox, Widget
from traitlets import HasTraits

from poetas.i18n import _
from widgets.core.elements import look, make_button, show
from widgets.core.event_guards import UpdateGuard, on_click

MERGE_SECONDS = 0.7  # changes closer than this are one entry of the history: a slider that is being moved
MAX_ENTRIES = 50


class Undo(HBox):
    """Two buttons that undo and redo changes of the traits ``names`` of ``target``.

    Each is shown while it has something to do. What they set is not recorded as a change.

    >>> from traitlets import HasTraits, Int
    >>> class Line(HasTraits): value = Int(1)
    >>> line = Line(); undo = Undo(line, "value", clock=iter(range(100)).__next__)
    >>> line.value = 2; line.value = 3; undo.undo(); line.value
    2
    >>> undo.redo(); line.value
    3
    """

    children: tuple[Widget, ...]

    def __init__(self, target: HasTraits, *names: str, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(**look("poetas-undo", "row", shown=False))
        self._target, self._names, self._clock = target, names, clock
        self._past: list[dict[str, Any]] = []
        self._future: list[dict[str, Any]] = []
        self._now = self._values()
        self._last = float("-inf")
        self._updating = UpdateGuard()
        target.observe(self._changed, list(names))

    # Made with the first change: a page opens without them.

    @cached_property
    def undo_button(self) -> Button:
        """Restores the values from before the last change."""
        return self._button(_("Deshacer"), self.undo)

    @cached_property
    def redo_button(self) -> Button:
        """Applies the change again that was undone last."""
        return self._button(_("Rehacer"), self.redo)

    @staticmethod
    def _button(label: str, handler: Callable[[], None]) -> Button:
        button = make_button(label, shown=False)
        on_click(button, handler)
        return button

    def clear(self) -> None:
        """Clear the history: it belongs to a file that is no longer in use."""
        self._past, self._future, self._now = [], [], self._values()
        self._last = float("-inf")
        self._draw()

    def undo(self) -> None:
        """Restore the values from before the last change."""
        if self._past:
            self._future.append(self._now)
            self._apply(self._past.pop())

    def redo(self) -> None:
        """Apply the change again that was undone last."""
        if self._future:
            self._past.append(self._now)
            self._apply(self._future.pop())

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self._target, name) for name in self._names}

    def _changed(self, _change: Any) -> None:
        if self._updating:
            return
        if not any(self._now.values()):  # no choice was made yet, so there is nothing to undo
            self._now = self._values()
            return
        now = self._clock()
        if now - self._last > MERGE_SECONDS or not self._past:
            self._past = [*self._past, self._now][-MAX_ENTRIES:]
        self._last = now
        self._now = self._values()
        self._future.clear()
        self._draw()

    def _apply(self, values: dict[str, Any]) -> None:
        with self._updating, self._target.hold_trait_notifications():
            for name, value in values.items():
                setattr(self._target, name, value)
        self._now = self._values()
        self._last = float("-inf")
        self._draw()

    def _draw(self) -> None:
        if not self.children:
            if not self._past:
                return
            self.children = (self.undo_button, self.redo_button)
        for button, entries in ((self.undo_button, self._past), (self.redo_button, self._future)):
            show(button, entries)
        show(self, self._past or self._future)
