"""Moving the keyboard's focus, where a control goes away with its own click."""

from __future__ import annotations

from ipywidgets import Widget


def focus(widget: Widget) -> None:
    """Put the focus on a control; ipywidgets before 8, which Colab may have, cannot."""
    move = getattr(widget, "focus", None)
    if move is not None:
        move()
