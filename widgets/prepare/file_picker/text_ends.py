"""Question of where each text of a running text ends: ways with their counts, and the first texts drawn as pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ipywidgets import HTML, ToggleButtons, VBox

from poetas.i18n import _
from widgets.controls.previews import lines
from widgets.core.elements import html, look, show
from widgets.core.event_guards import UpdateGuard
from widgets.core.html import tag, text
from widgets.prepare.file_picker.division_menu import division_options, is_asked

PAGES = 3


class TextEnds(VBox):
    """Buttons for the ways to divide a running text; hidden for tables.

    changed: called with the way that was chosen: "poems", "titles", "marks", "pages", "blocks", "lines" or "whole".
    """

    def __init__(self, changed: Callable[[str], None]) -> None:
        super().__init__(**look("stack", "poetas-text-ends", shown=False))
        self._changed = changed
        self._updating = UpdateGuard()

    # Made with the first file: the page opens without them.

    @cached_property
    def ways(self) -> ToggleButtons:
        """The ways to divide the file."""
        ways = ToggleButtons(options=[], description=_("¿Dónde termina cada texto?"))
        ways.observe(lambda change: self._chosen(change.new), "value")
        return ways

    @cached_property
    def pages(self) -> HTML:
        """The first texts."""
        return html("")

    def show(self, reading: Mapping[str, Any]) -> None:
        """Show the ways that a file allows, set to the one in use, and its first texts."""
        applies = is_asked(reading)
        show(self, applies)
        if not applies:
            return
        self.children = (self.ways, self.pages)
        with self._updating:
            self.ways.options = division_options(reading["divisions"], "")[1:]  # nothing is left to be found out
            self.ways.value = reading["division"]
        self.pages.value = _pages([row[0] for row in reading["head"][:PAGES]], int(reading["rows"]))

    def _chosen(self, way: str | None) -> None:
        if way and not self._updating:
            self._changed(way)


def _pages(texts: list[str], total: int) -> str:
    caption = _("Así quedan los primeros. ¿Está bien cortado? Si no, elegí otra manera.")
    if total == 1:
        caption = _("Así queda. ¿Está bien? Si son varios textos, elegí otra manera.")
    pages = "".join(tag("div", tag("p", lines(words)), class_="poetas-page serif", tabindex="0") for words in texts)
    return tag("p", text(caption), class_="soft") + tag("div", pages, class_="poetas-pages")
