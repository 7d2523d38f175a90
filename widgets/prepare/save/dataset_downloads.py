"""Copies of a saved dataset to download: XLSX and CSV, which spreadsheets open, and the ZIP that the apps read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from ipywidgets import HBox

from poetas.errors import Explanation
from poetas.i18n import _
from widgets.controls.download.download import Download, Give
from widgets.core.elements import look
from widgets.prepare.dataset_draft import DatasetDraft


class DatasetDownloads(HBox):
    """A button a format; they are made when a dataset is first shown.

    failed: called with what went wrong while a copy was made.
    """

    def __init__(self, draft: DatasetDraft, failed: Callable[[Explanation], None]) -> None:
        super().__init__(**look("row", "poetas-downloads"))
        self._draft, self._failed = draft, failed
        self._folder = Path()
        self.buttons: dict[str, Download] = {}

    def offer(self, folder: Path) -> None:
        """Offer copies of the dataset in ``folder``."""
        self._folder = folder
        if not self.buttons:
            labels = {".xlsx": _("Bajar para Excel (XLSX)"), ".csv": _("Bajar como CSV"), ".zip": _("Bajar el ZIP")}
            for suffix, label in labels.items():
                self.buttons[suffix] = Download(
                    label, partial(self._export, suffix), failed=partial(self._export_failed, suffix), remove=True
                )
            self.children = tuple(self.buttons.values())

    def _export(self, suffix: str, give: Give) -> None:
        folder = self._folder
        target = self._draft.context.project.path / "para-bajar" / f"{folder.name}{suffix}"
        self._draft.ask(
            lambda service: service.export(str(folder), str(target)),
            done=lambda answer: give(Path(answer["path"])),
            failed=partial(self._export_failed, suffix),
        )

    def _export_failed(self, suffix: str, problem: Explanation) -> None:
        self.buttons[suffix].stop()
        self._failed(problem)
