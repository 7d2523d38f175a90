"""Buttons that build a part of a page at the first click and show or hide it: what few open costs a page nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ipywidgets import Button, VBox, Widget

from poetas.i18n import _
from widgets.core.elements import column_of, look, make_button, row_of, show
from widgets.core.event_guards import on_click


@dataclass(frozen=True, slots=True)
class OnDemandPart:
    """A part that a button opens. make: builds it, once. opened: called with it each time it is shown."""

    label: str
    make: Callable[[], Widget]
    opened: Callable[[Widget], None] = lambda _part: None


class OnDemand(VBox):
    """A row of buttons; each opens its part below, and closes it again. At most one part is open.

    built: the parts that were opened once, by their place among ``parts``.
    """

    children: tuple[Widget, ...]

    def __init__(self, parts: Sequence[OnDemandPart]) -> None:
        self._parts = tuple(parts)
        self._shown_index: int | None = None
        self.built: dict[int, Widget] = {}
        self.buttons: list[Button] = []
        for index, part in enumerate(self._parts):
            button = make_button(part.label)
            on_click(button, partial(self.toggle, index))
            self.buttons.append(button)
        self._shelf: VBox | None = None
        top = self.buttons[0] if len(self.buttons) == 1 else row_of(self.buttons)
        super().__init__((top,), **look("poetas-on-demand"))

    def toggle(self, index: int = 0) -> None:
        """Open a part, or close it where it is open."""
        self._shown_index = None if self._shown_index == index else index
        opened = None
        if self._shown_index is not None:
            if index not in self.built:
                self.built[index] = self._parts[index].make()
                if self._shelf is None:
                    self._shelf = column_of((), "stack", "poetas-opened")  # brought into view
                    self.children = (*self.children, self._shelf)
                self._shelf.children = (*self._shelf.children, self.built[index])
            opened = self.built[index]
        for place, part in self.built.items():
            show(part, place == self._shown_index)
        for place, button in enumerate(self.buttons):
            label = self._parts[place].label
            button.description = (
                _("Cerrar «{part}»").format(part=label.strip("«»")) if place == self._shown_index else label
            )
        if opened is not None:
            self._parts[index].opened(opened)
