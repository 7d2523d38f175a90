"""The saved dataset: its counts and steps in words, the way to app 3, and what can be downloaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ipywidgets import VBox

from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from widgets.core.elements import html, look
from widgets.core.html import tag, text
from widgets.prepare.dataset_draft import DatasetDraft
from widgets.prepare.save.dataset_downloads import DatasetDownloads

NEXT = "3_entrenar.ipynb"


class SavedResult(VBox):
    """What is shown of a dataset that was saved or imported.

    failed: called with what went wrong while a copy was made.
    """

    def __init__(self, draft: DatasetDraft, failed: Callable[[Explanation], None]) -> None:
        super().__init__(**look())
        self.words = html("")
        self.stale = html("")
        self.next_link = html("")
        self.downloads = DatasetDownloads(draft, failed)
        self.children = (self.words, self.stale, self.next_link, self.downloads)

    def show(
        self, folder: Path, name: str, counts: Mapping[str, int], steps: Iterable[str] = (), *, imported: bool = False
    ) -> None:
        """Show a dataset. imported: whether it came from a ZIP."""
        self.downloads.offer(folder)
        sentence = _imported(counts["train"]) if imported else _saved(counts["train"])
        sentence = sentence.format(name=name, **{part: number(count) for part, count in counts.items()})
        lines = [tag("p", tag("b", text(_("Listo."))) + " " + text(sentence))]
        lines += [tag("p", text(step)) for step in steps]
        self.words.value = tag("div", "".join(lines), class_="verdict", role="status")
        self.next_link.value = tag("a", text(_("Seguí en la app 3")), href=NEXT, class_="btn")

    def warn(self, words: str) -> None:
        """Say how the dataset differs from the choices above; "" where it does not."""
        self.stale.value = tag("p", text(words), class_="notice care", role="status") if words else ""


def _saved(count: int) -> str:
    return ngettext(
        "Guardé «{name}»: {train} texto para estudiar, {validation} de simulacro y {test} de examen.",
        "Guardé «{name}»: {train} textos para estudiar, {validation} de simulacro y {test} de examen.",
        count,
    )


def _imported(count: int) -> str:
    return ngettext(
        "Traje «{name}»: {train} texto para estudiar, {validation} de simulacro y {test} de examen.",
        "Traje «{name}»: {train} textos para estudiar, {validation} de simulacro y {test} de examen.",
        count,
    )
