"""Keyboard focus: moved to a widget, for controls that disappear with their own click."""

from __future__ import annotations

from ipywidgets import Widget


def focus(widget: Widget) -> None:
    """Move the focus to a widget; does nothing in ipywidgets before 8, which Colab may have."""
    move = getattr(widget, "focus", None)
    if move is not None:
        move()


def focus_group(widget: Widget) -> None:
    """Move the focus to a group of buttons: Tab goes on to its first one. The group itself is no stop for Tab."""
    if widget.has_trait("tabbable"):
        widget.tabbable = False  # an element with tabindex -1 takes the focus that is given to it
    focus(widget)
