"""The look of the components: brought by `App`, and where there is none, by whatever is shown by itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ipywidgets import VBox

from poetas.util.resources import folder
from widgets.core.html import html

STYLES = Path(__file__).parents[1] / "css"


def in_voila() -> bool:
    """Tell whether Voilà draws this kernel's notebook (it says so in the kernel's environment)."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila")


def stylesheet() -> str:
    """Return the components' CSS; outside Voilà, with the look that the page template brings there."""
    sheets = [path.read_text("utf-8") for path in sorted(STYLES.glob("*.css"))]
    if not in_voila():
        sheets.insert(0, (folder("template") / "static" / "look.css").read_text("utf-8"))
    return "\n".join(sheets)


class Theme:
    """Who has brought the look to this kernel's page."""

    brought = False


class Themed(VBox):
    """A column that brings the look along when a cell shows it and no `App` has.

    Each one that is shown by itself brings it, once: a cell that is run again takes its old output away, and with it
    whatever that had brought.
    """

    _dressed = False

    def dress(self) -> None:
        """Bring the look, unless it is there."""
        if not self._dressed and not Theme.brought:
            self._dressed = True
            self.children = (*self.children, html(f"<style>{stylesheet()}</style>", "poetas-style"))

    if hasattr(VBox, "_ipython_display_"):  # ipywidgets 7, which Colab has

        def _ipython_display_(self, **options: Any) -> Any:
            self.dress()
            return super()._ipython_display_(**options)

    else:

        def _repr_mimebundle_(self, **options: Any) -> Any:
            self.dress()
            return super()._repr_mimebundle_(**options)
