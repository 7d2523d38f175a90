"""Elements of the components: widgets built with their CSS classes, and with one layout and one style for all of them.

A widget of its own makes three models (itself, a layout, a style), and each class or child that is added later is one
more message to every page. Measured on app 1: see `docs/house.md`, "Why it is built so".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anywidget import AnyWidget
from ipywidgets import HTML, Box, Button, DOMWidget, HBox, Layout, VBox, Widget

_shared: dict[tuple[type[Widget], bool], Widget] = {}


def _common(kind: type[Widget], *, shown: bool = True) -> Widget:
    """Return the one model of this kind; made again once it was closed (``Widget.close_all``)."""
    model = _shared.get((kind, shown))
    if model is None or model.comm is None:
        model = _shared[kind, shown] = kind() if shown else kind(display="none")
    return model


def look(*classes: str, shown: bool = True) -> dict[str, Any]:
    """Return the keyword arguments of a widget's constructor for its CSS classes and the shared layout.

    >>> VBox(**look("stack", "card"))._dom_classes
    ('stack', 'card')
    """
    return {"_dom_classes": classes, "layout": _common(Layout, shown=shown)}


def own_look(*classes: str) -> dict[str, Any]:
    """Return the same with a layout of its own: for an anywidget that is shown and hidden (see `show`)."""
    return {"_dom_classes": classes}


def shared_style(kind: type[Widget]) -> Widget:
    """Return the shared style model of a kind of widget; ipywidgets 7 and 8 have different ones."""
    return _common(kind.class_traits()["style"].klass)


def show(widget: DOMWidget, shown: object) -> None:
    """Show the widget if ``shown`` is true, else hide it.

    Raises TypeError for an anywidget with a shared layout: a view of anywidget that gets another layout stays hidden.

    >>> line = html("Hola"); show(line, False); is_shown(line)
    False
    """
    if widget.layout in _shared.values():
        if isinstance(widget, AnyWidget):
            raise TypeError(f"{type(widget).__name__} needs a layout of its own (`own_look`)")
        widget.layout = _common(Layout, shown=bool(shown))
    else:  # it has measures of its own
        widget.layout.display = "" if shown else "none"


def is_shown(widget: DOMWidget) -> bool:
    """Return whether the widget itself is shown; one that contains it may be hidden."""
    return bool(widget.layout.display != "none")


def html(content: str, *classes: str, shown: bool = True) -> HTML:
    """Return an HTML widget with CSS classes."""
    return HTML(content, style=shared_style(HTML), **look(*classes, shown=shown))


def make_button(label: str, *classes: str, kind: str = "", shown: bool = True) -> Button:
    """Return a button with CSS classes. kind: "" or one of ``button_style``: "primary", "danger"."""
    return Button(description=label, button_style=kind, style=shared_style(Button), **look(*classes, shown=shown))


def box_of(children: Sequence[Widget], *classes: str, shown: bool = True) -> Box:
    """Return a box whose arrangement comes from its CSS classes."""
    return Box(tuple(children), **look(*classes, shown=shown))


def row_of(children: Sequence[Widget], *classes: str, shown: bool = True) -> HBox:
    """Return a row, which wraps where it is too narrow."""
    return HBox(tuple(children), **look("row", *classes, shown=shown))


def column_of(children: Sequence[Widget], *classes: str, shown: bool = True) -> VBox:
    """Return a column."""
    return VBox(tuple(children), **look(*classes, shown=shown))
