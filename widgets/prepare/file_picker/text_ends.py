"""Question of where each text of a running text ends: ways with their counts, and the texts drawn as pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ipywidgets import HTML, Button, ToggleButtons, VBox

from poetas.data.service.answers import PreviewAnswer
from poetas.i18n import _, number
from widgets.controls.previews import broken, is_hung
from widgets.core.elements import html, look, make_button, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.service_pool import Failed
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.file_picker.division_menu import asked_divisions, division_options, is_asked

PAGES = 3


class TextEnds(VBox):
    """Buttons for the ways to divide a running text, and the texts, three at a time; hidden for tables.

    changed: called with the way that was chosen: "poems", "titles", "marks", "pages", "blocks", "lines" or "whole".
    """

    def __init__(self, draft: DatasetDraft, changed: Callable[[str], None], failed: Failed) -> None:
        super().__init__(**look("stack", "poetas-text-ends", shown=False))
        self._draft, self._changed, self._failed = draft, changed, failed
        self._updating, self._requests = UpdateGuard(), LatestRequest()
        self._next = PAGES  # the first text that was not shown yet

    # Made with the first file: the page opens without them.

    @cached_property
    def ways(self) -> ToggleButtons:
        """The ways to divide the file."""
        ways = ToggleButtons(options=[], description=_("¿Dónde termina cada texto?"))
        ways.observe(lambda change: self._chosen(change.new), "value")
        return ways

    @cached_property
    def pages(self) -> HTML:
        """Three texts, the first ones at first."""
        return html("")

    @cached_property
    def more(self) -> Button:
        """The button for the next three texts."""
        more = make_button(_("Ver los que siguen"))
        on_click(more, self._show_more)
        return more

    def show(self, reading: Mapping[str, Any]) -> None:
        """Show the ways that a file allows, set to the one in use, and its first texts."""
        applies = is_asked(reading)
        show(self, applies)
        if not applies:
            return
        self.children = (self.ways, self.pages, self.more)
        with self._updating:
            self.ways.options = division_options(asked_divisions(reading), "")[1:]  # nothing is left to be found out
            self.ways.value = reading["division"]
        self._requests.cancel()
        self._next, self.more.description = PAGES, _("Ver los que siguen")
        self.pages.value = _pages([row[0] for row in reading["head"][:PAGES]], _caption(int(reading["rows"])))
        show(self.more, int(reading["rows"]) > PAGES)

    def _chosen(self, way: str | None) -> None:
        if way and not self._updating:
            self._changed(way)

    def _show_more(self) -> None:
        request = self._requests.begin()

        def shown(answer: PreviewAnswer) -> None:
            first, total = answer["first"], answer["total"]
            texts = [next(iter(row.values())) for row in answer["rows"]]  # the text is the first column
            words = _("Del {first} al {last}, de {total}.") if len(texts) > 1 else _("El {first}, de {total}.")
            last = first + len(texts)
            self._next = last if last < total else 0
            self.more.description = _("Ver los que siguen") if self._next else _("Volver a los primeros")
            caption = words.format(first=number(first + 1), last=number(last), total=number(total))
            self.pages.value = _pages(texts, caption)

        first = self._next
        self._draft.ask(
            lambda service: service.preview(first, PAGES, as_read=True),  # also those that are repeated
            done=request.only(shown),
            failed=request.only(self._failed),
        )


def _caption(total: int) -> str:
    if total == 1:
        return _("Así queda. ¿Está bien? Si son varios textos, elegí otra manera.")
    return _("Así quedan los primeros. ¿Está bien cortado? Si no, elegí otra manera.")


def _pages(texts: list[str], caption: str) -> str:
    verse = 2 * sum(map(is_hung, texts)) > len(texts)  # all alike: a tale has pages whose lines are short, too
    drawn = (tag("p", broken(text(words), verse=verse)) for words in texts)
    pages = "".join(tag("div", page, class_="poetas-page serif", tabindex="0") for page in drawn)
    return tag("p", text(caption), class_="soft", role="status") + tag("div", pages, class_="poetas-pages")
