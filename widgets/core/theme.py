"""Style sheet of the components: `App` puts it into the page; without an `App`, the first widget displayed does."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import ipywidgets
from ipywidgets import VBox, Widget

from poetas.environment import in_voila
from poetas.util.resources import folder
from widgets.core.elements import html
from widgets.core.page_context import PageContext

WIDGETS = Path(__file__).parents[1]
FLOORS = ("core", "controls", "explore", "prepare", "train", "course")  # a later one's rules win over an earlier one's


def stylesheet() -> str:
    """Return the CSS that stands beside the components; outside Voilà, with the look that the page template brings."""
    files = [path for floor in FLOORS for path in sorted((WIDGETS / floor).rglob("*.css"))]
    sheets = [path.read_text("utf-8") for path in files]
    if not in_voila():
        sheets.insert(0, (folder("template") / "static" / "look.css").read_text("utf-8"))
    return "\n".join(sheets)


@lru_cache
def chart_color(name: str) -> str:
    """Return a colour of the theme for a bqplot mark: a CSS variable, so that it is right in dark mode as well.

    The Color trait of ipywidgets 7 takes no variable; there (in Colab) it is the light theme's value.
    """
    if int(ipywidgets.__version__.split(".")[0]) >= 8:  # noqa: PLR2004
        return f"var(--{name})"
    match = re.search(rf"--{name}: (#\w+)", (folder("template") / "static" / "look.css").read_text("utf-8"))
    return match[1] if match else "gray"


class Themed(VBox):
    """A column that adds the style sheet to itself when a cell displays it and the page has none.

    Each displayed widget adds it once, because a cell that runs again removes its old output with the style sheet.
    """

    children: tuple[Widget, ...]
    _themed = False

    def add_theme(self) -> None:
        """Add the style sheet, unless the page or this widget has it."""
        if not self._themed and not PageContext.current().themed:
            self._themed = True
            self.children = (*self.children, html(f"<style>{stylesheet()}</style>", "poetas-style"))

    if hasattr(VBox, "_ipython_display_"):  # ipywidgets 7, which Colab has

        def _ipython_display_(self, **options: Any) -> Any:
            self.add_theme()
            return super()._ipython_display_(**options)

    else:

        def _repr_mimebundle_(self, **options: Any) -> Any:
            self.add_theme()
            return super()._repr_mimebundle_(**options)
