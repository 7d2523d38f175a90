"""Taking a dataset that was prepared elsewhere: a ZIP that `SaveDataset` had offered for download."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ipywidgets import Button, VBox

from poetas.data.pipeline.limits import DEFAULT
from poetas.data.service.answers import SavedAnswer
from poetas.errors import Explanation
from poetas.i18n import _
from widgets.controls.upload.upload_field import UploadField
from widgets.core.error_card import ErrorCard
from widgets.core.html import html, tag, text
from widgets.prepare.dataset_draft import DatasetDraft

ARRIVALS = "llegados"  # a folder of the project for what is uploaded here, apart from the texts of app 2


class DatasetImport(VBox):
    """Folded until it is asked for; then a place for a ZIP.

    keep: called with what the preparation service answers about a dataset that it brought into the project.
    """

    def __init__(self, draft: DatasetDraft, keep: Callable[[SavedAnswer], None]) -> None:
        super().__init__()
        self._draft, self._keep = draft, keep
        self.open_button = Button(description=_("Ya tengo un conjunto preparado, en un ZIP"))
        self.open_button.add_class("link")
        self.open_button.on_click(lambda _button: self.unfold())
        self.status = html("")
        self.alert = ErrorCard()
        self.place = VBox()
        self.children = (self.open_button, self.place, self.status, self.alert)

    def unfold(self) -> None:
        """Unfold, or fold again."""
        if self.place.children:
            self.place.children = ()
            return
        uploader = UploadField(
            lambda: self._draft.context.project.path / ARRIVALS,
            limit=DEFAULT.file_bytes,
            endings=(".zip",),
            arrived=self.bring,
            failed=self._failed,
        )
        self.place.children = (uploader,)

    def bring(self, path: str) -> None:
        """Import a ZIP that is in the project already; one that was uploaded here is not kept."""
        self.alert.clear()
        self.status.value = tag("p", text(_("Abriendo el ZIP…")), class_="soft", role="status")
        parent = str(self._draft.context.project.datasets)

        def done(answer: SavedAnswer) -> None:
            self.status.value = ""
            self.place.children = ()
            self._keep(answer)
            _sweep(Path(path))

        def failed(problem: Explanation) -> None:
            self._failed(problem)
            _sweep(Path(path))  # choosing it again uploads it again

        self._draft.ask(lambda service: service.bring(path, parent), done=done, failed=failed)

    def _failed(self, problem: Explanation) -> None:
        self.status.value = ""
        self.alert.show(problem, {"choose-file": self.alert.clear, "retry": self.alert.clear})


def _sweep(path: Path) -> None:
    """Remove a ZIP that was uploaded here: its texts are in the project now, or it was refused."""
    if path.parent.name == ARRIVALS:
        with suppress(OSError):
            path.unlink()
