"""Import of a prepared dataset from a ZIP that `SaveDataset` offered for download."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ipywidgets import VBox

from poetas.data.pipeline.limits import DEFAULT
from poetas.data.service.answers import SavedAnswer
from poetas.errors import Explanation
from poetas.i18n import _
from widgets.controls.upload.upload_field import UploadField
from widgets.core.elements import column_of, html, make_button
from widgets.core.error_card import ErrorCard
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.prepare.dataset_draft import DatasetDraft

ARRIVALS = "llegados"  # folder of the project for uploaded ZIPs, apart from the texts of app 2


class DatasetImport(VBox):
    """A link that unfolds an upload field for a ZIP.

    imported: called with the preparation service's answer about a dataset that it put into the project.
    """

    def __init__(self, draft: DatasetDraft, imported: Callable[[SavedAnswer], None]) -> None:
        super().__init__()
        self._draft, self._imported = draft, imported
        self.open_button = make_button(_("Ya tengo un conjunto preparado, en un ZIP"), "link")
        on_click(self.open_button, self.unfold)
        self.status = html("")
        self.alert = ErrorCard()
        self.upload_box = column_of(())
        self.children = (self.open_button, self.upload_box, self.status, self.alert)

    def unfold(self) -> None:
        """Unfold, or fold again."""
        if self.upload_box.children:
            self.upload_box.children = ()
            return
        uploader = UploadField(
            lambda: self._draft.context.project.path / ARRIVALS,
            limit=DEFAULT.file_bytes,
            endings=(".zip",),
            arrived=self.bring,
            failed=self._failed,
        )
        self.upload_box.children = (uploader,)

    def bring(self, path: str) -> None:
        """Import a ZIP that is in the project already; an uploaded one is removed afterwards."""
        self.alert.clear()
        self.status.value = tag("p", text(_("Abriendo el ZIP…")), class_="soft", role="status")
        parent = str(self._draft.context.project.datasets)

        def done(answer: SavedAnswer) -> None:
            self.status.value = ""
            self.upload_box.children = ()
            self._imported(answer)
            _remove_upload(Path(path))

        def failed(problem: Explanation) -> None:
            self._failed(problem)
            _remove_upload(Path(path))  # choosing it again uploads it again

        self._draft.ask(lambda service: service.bring(path, parent), done=done, failed=failed)

    def _failed(self, problem: Explanation) -> None:
        self.status.value = ""
        self.alert.show(problem, {"choose-file": self.alert.clear, "retry": self.alert.clear})


def _remove_upload(path: Path) -> None:
    """Remove a ZIP that was uploaded here: its texts are in the project now, or it was refused."""
    if path.parent.name == ARRIVALS:
        with suppress(OSError):
            path.unlink()
