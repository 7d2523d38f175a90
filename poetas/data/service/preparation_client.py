"""Typed client of the preparation service: one method a call, blocking, with the answer's type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from poetas.data.service.answers import (
    AccountAnswer,
    CutAnswer,
    ExportAnswer,
    HealthAnswer,
    LengthsAnswer,
    MappedAnswer,
    PreviewAnswer,
    ReadAnswer,
    RowAnswer,
    SavedAnswer,
    SplitAnswer,
    TextsAnswer,
    TokensAnswer,
)
from poetas.services import Service


class PreparationClient:
    """Calls `poetas.data.service.service.Preparation`, whose docstrings say what each method does.

    connect: returns a connection to the service, starting it if necessary; called for every call.

    Every method blocks and raises RemoteError with the service's explanation, or ServiceDied.
    """

    def __init__(self, connect: Callable[[], Service]) -> None:
        self._connect = connect

    def read(self, path: str, hints: Mapping[str, Any] | None = None, *, roots: Sequence[str]) -> ReadAnswer:
        """Read a file and guess its columns. roots: folders that this page may read and write."""
        answer = self._connect().call("read", path=path, hints=dict(hints or {}), roots=list(roots))
        return cast("ReadAnswer", answer)

    def map(self, text: str, summary: str | None = None, *, repairs: Mapping[str, bool] | None = None) -> MappedAnswer:
        """Choose the columns, and the repairs of the health checks; without a summary column the task is style."""
        answer = self._connect().call("map", text=text, summary=summary, repairs=dict(repairs or {}))
        return cast("MappedAnswer", answer)

    def health(self) -> HealthAnswer:
        """Check the texts, with the chosen repairs."""
        return cast("HealthAnswer", self._connect().call("health"))

    def repair(self, code: str, *, on: bool) -> HealthAnswer:
        """Apply or undo the repair of a check, and check the texts again."""
        return cast("HealthAnswer", self._connect().call("repair", code=code, on=on))

    def preview(self, first: int, count: int) -> PreviewAnswer:
        """Return ``count`` clean rows from ``first`` on, shortened."""
        return cast("PreviewAnswer", self._connect().call("preview", first=first, count=count))

    def row(self, index: int) -> RowAnswer:
        """Return one clean row, up to 20,000 characters of each cell."""
        return cast("RowAnswer", self._connect().call("row", index=index))

    def account(self, first: int, count: int, *, only: str = "", query: str = "") -> AccountAnswer:
        """Return what became of each row of the file: counts, and ``count`` rows from ``first`` on."""
        answer = self._connect().call("account", first=first, count=count, only=only, query=query)
        return cast("AccountAnswer", answer)

    def account_file(self, target: str) -> ExportAnswer:
        """Write what became of each row as CSV or XLSX."""
        return cast("ExportAnswer", self._connect().call("account_file", target=target))

    def tokens(self, model: str, text: str) -> TokensAnswer:
        """Cut a text into the tokens of a model."""
        return cast("TokensAnswer", self._connect().call("tokens", model=model, text=text))

    def lengths(self, model: str) -> LengthsAnswer:
        """Count the tokens of every text and summary."""
        return cast("LengthsAnswer", self._connect().call("lengths", model=model))

    def cut(self, model: str, longest: int, index: int | None = None) -> CutAnswer:
        """Say what truncating to ``longest`` tokens loses, and show the cut in one text (None: the first one cut)."""
        return cast("CutAnswer", self._connect().call("cut", model=model, longest=longest, index=index))

    def split(self, validation: float, test: float, seed: int) -> SplitAnswer:
        """Split the texts into three parts without saving. validation, test: shares of all texts."""
        return cast("SplitAnswer", self._connect().call("split", validation=validation, test=test, seed=seed))

    def save(
        self, parent: str, name: str, *, validation: float, test: float, seed: int, longest: int = 0
    ) -> SavedAnswer:
        """Save the dataset in a new folder of ``parent``. longest: tokens kept of each text, 0 for all."""
        shares = {"validation": validation, "test": test, "seed": seed}
        return cast("SavedAnswer", self._connect().call("save", parent=parent, name=name, longest=longest, **shares))

    def save_by_default(self, parent: str, name: str) -> SavedAnswer:
        """Save the dataset with the service's own split."""
        return cast("SavedAnswer", self._connect().call("save", parent=parent, name=name))

    def export(self, folder: str, target: str) -> ExportAnswer:
        """Write a saved dataset as a ZIP, CSV or XLSX, by the target's suffix."""
        return cast("ExportAnswer", self._connect().call("export", folder=folder, target=target))

    def bring(self, path: str, parent: str) -> SavedAnswer:
        """Import a dataset from a zip file into a new folder of ``parent``."""
        return cast("SavedAnswer", self._connect().call("bring", path=path, parent=parent))

    def texts(self, folder: str, part: str, count: int) -> TextsAnswer:
        """Return the first texts of one part of a saved dataset, very long ones cut."""
        return cast("TextsAnswer", self._connect().call("texts", folder=folder, part=part, count=count))
