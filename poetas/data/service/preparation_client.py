"""Typed client of the preparation service: one method a call, blocking, with the answer's type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

from poetas.data.service.answers import (
    AccountAnswer,
    BeyondAnswer,
    CutAnswer,
    ExportAnswer,
    HealthAnswer,
    LengthsAnswer,
    MappedAnswer,
    PairAnswer,
    PreviewAnswer,
    ReadAnswer,
    RowAnswer,
    SavedAnswer,
    SplitAnswer,
    TextsAnswer,
    TokensAnswer,
    WindowsAnswer,
    WorkDone,
)
from poetas.data.service.comparison_answers import SharedAnswer
from poetas.services import Service
from poetas.services.call import Call

WorkCall: TypeAlias = Call[WorkDone, Any]


class PreparationClient:
    """Calls `poetas.data.service.service.Preparation`, whose docstrings say what each method does.

    connect: returns a connection to the service, starting it if necessary; called for every call.

    Every method blocks and raises RemoteError with the service's explanation, or ServiceDied.
    """

    def __init__(self, connect: Callable[[], Service], started: Callable[[WorkCall], object] | None = None) -> None:
        self._connect, self._started = connect, started

    def following(self, started: Callable[[WorkCall], object]) -> PreparationClient:
        """Return a client that hands each call to ``started`` before it waits: its progress, and a way to stop it."""
        return PreparationClient(self._connect, started)

    def _call(self, method: str, **arguments: Any) -> Any:
        call: WorkCall = self._connect().submit(method, **arguments)
        if self._started is not None:
            self._started(call)
        try:
            return call.result()
        except BaseException:
            call.cancel()  # interrupting the cell ends the work, too
            raise

    def read(self, path: str, hints: Mapping[str, Any] | None = None, *, roots: Sequence[str]) -> ReadAnswer:
        """Read a file and guess its columns. roots: folders that this page may read and write."""
        answer = self._call("read", path=path, hints=dict(hints or {}), roots=list(roots))
        return cast("ReadAnswer", answer)

    def map(
        self, text: str, summary: str | None = None, *, repairs: Mapping[str, bool] | None = None, written: str = ""
    ) -> MappedAnswer:
        """Choose the columns, and the repairs of the health checks; without a summary column the task is style.

        written: file of the summaries that the learner wrote, which are a column named
        `poetas.data.storage.written_summaries.COLUMN`.
        """
        answer = self._call("map", text=text, summary=summary, repairs=dict(repairs or {}), written=written)
        return cast("MappedAnswer", answer)

    def pair(self, written: str, index: int, *, empty: bool = False) -> PairAnswer:
        """Return a text beside the summary that the learner wrote. empty: the next one that has none."""
        return cast("PairAnswer", self._call("pair", written=written, index=index, empty=empty))

    def write_pair(self, written: str, index: int, summary: str) -> PairAnswer:
        """Store the summary that the learner wrote of a text, "" to remove it."""
        answer = self._call("write_pair", written=written, index=index, summary=summary)
        return cast("PairAnswer", answer)

    def health(self) -> HealthAnswer:
        """Check the texts, with the chosen repairs."""
        return cast("HealthAnswer", self._call("health"))

    def repair(self, code: str, *, on: bool) -> HealthAnswer:
        """Apply or undo the repair of a check, and check the texts again."""
        return cast("HealthAnswer", self._call("repair", code=code, on=on))

    def preview(self, first: int, count: int, *, as_read: bool = False) -> PreviewAnswer:
        """Return ``count`` rows from ``first`` on, shortened: the clean ones, or the file's own."""
        return cast("PreviewAnswer", self._call("preview", first=first, count=count, as_read=as_read))

    def row(self, index: int) -> RowAnswer:
        """Return one clean row, up to 20,000 characters of each cell."""
        return cast("RowAnswer", self._call("row", index=index))

    def account(self, first: int, count: int, *, only: str = "", query: str = "") -> AccountAnswer:
        """Return what became of each row of the file: counts, and ``count`` rows from ``first`` on."""
        answer = self._call("account", first=first, count=count, only=only, query=query)
        return cast("AccountAnswer", answer)

    def account_file(self, target: str) -> ExportAnswer:
        """Write what became of each row as CSV or XLSX."""
        return cast("ExportAnswer", self._call("account_file", target=target))

    def tokens(self, model: str, text: str) -> TokensAnswer:
        """Cut a text into the tokens of a model."""
        return cast("TokensAnswer", self._call("tokens", model=model, text=text))

    def lengths(self, model: str) -> LengthsAnswer:
        """Count the tokens of every text and summary."""
        return cast("LengthsAnswer", self._call("lengths", model=model))

    def cut(self, model: str, longest: int, index: int | None = None) -> CutAnswer:
        """Say what truncating to ``longest`` tokens loses, and show the cut in one text (None: the first one cut)."""
        return cast("CutAnswer", self._call("cut", model=model, longest=longest, index=index))

    def windows(self, model: str, longest: int) -> WindowsAnswer:
        """Count the windows of at most ``longest`` tokens that the texts are parted into."""
        return cast("WindowsAnswer", self._call("windows", model=model, longest=longest))

    def beyond(self, model: str, longest: int) -> BeyondAnswer:
        """Count the summaries that name what truncating to ``longest`` tokens cuts off."""
        return cast("BeyondAnswer", self._call("beyond", model=model, longest=longest))

    def split(self, validation: float, test: float, seed: int) -> SplitAnswer:
        """Split the texts into three parts without saving. validation, test: shares of all texts."""
        return cast("SplitAnswer", self._call("split", validation=validation, test=test, seed=seed))

    def save(
        self,
        parent: str,
        name: str,
        *,
        validation: float,
        test: float,
        seed: int,
        longest: int = 0,
        parted: bool = False,
        measured: Mapping[str, Any] | None = None,
    ) -> SavedAnswer:
        """Save the dataset in a new folder of ``parent``. longest: tokens kept of each text, 0 for all.

        parted: whether longer texts are studied in windows. measured: the tokenizer and the tokens of the longest text.
        """
        shares = {"validation": validation, "test": test, "seed": seed}
        length = {"longest": longest, "parted": parted, "measured": dict(measured or {})}
        return cast("SavedAnswer", self._call("save", parent=parent, name=name, **length, **shares))

    def save_by_default(self, parent: str, name: str) -> SavedAnswer:
        """Save the dataset with the service's own split."""
        return cast("SavedAnswer", self._call("save", parent=parent, name=name))

    def export(self, folder: str, target: str) -> ExportAnswer:
        """Write a saved dataset as a ZIP, CSV or XLSX, by the target's suffix."""
        return cast("ExportAnswer", self._call("export", folder=folder, target=target))

    def bring(self, path: str, parent: str) -> SavedAnswer:
        """Import a dataset from a zip file into a new folder of ``parent``."""
        return cast("SavedAnswer", self._call("bring", path=path, parent=parent))

    def shared(
        self, folder: str, task: str, fingerprint: str, groups: Sequence[Sequence[str]], more: Sequence[str] = ()
    ) -> list[SharedAnswer]:
        """Return what each group of texts shares with a dataset's; where that is gone, with ``more`` of it alone."""
        asked = [list(group) for group in groups]
        answer = self._call("shared", folder=folder, task=task, fingerprint=fingerprint, groups=asked, more=list(more))
        return cast("list[SharedAnswer]", answer["groups"])

    def texts(self, folder: str, part: str, count: int) -> TextsAnswer:
        """Return the first texts of one part of a saved dataset, very long ones cut."""
        return cast("TextsAnswer", self._call("texts", folder=folder, part=part, count=count))
