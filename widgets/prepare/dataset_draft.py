"""State of the dataset that a page is preparing: the choices so far, and the preparation service's answers.

The components of app 2 share the draft of their context: each sets the choices of its step and observes the others'.
The choices are saved in the project's state and restored after a reload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from traitlets import Bool, Dict, Int, Unicode

from poetas.data.service.answers import HealthAnswer, MappedAnswer, ReadAnswer
from poetas.data.storage.written_file import COLUMN
from poetas.errors import Explanation
from poetas.exam_size import SPLIT_SEED, TEST_SHARE, VALIDATION_SHARE
from widgets.controls.work_line import WorkLine
from widgets.core.debouncer import Debouncer
from widgets.core.event_guards import UpdateGuard
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.core.service_pool import Failed
from widgets.prepare.draft_calls import DraftCalls
from widgets.prepare.draft_store import DraftStore, choices_of_earlier_version, plain_name

# Traits in the project's state.
SAVED = ("source", "hints", "mapping", "repairs", "cut", "parted", "split", "name", "saved")
DEFAULT_SPLIT = {"validation": VALIDATION_SHARE, "test": TEST_SHARE, "seed": SPLIT_SEED}
LATER_STEPS = ("columnas", "sanos", "cuanto-entra", "examen", "guarda")  # their results depend on the file
_TABLES = ("mapping", "repairs", "split", "saved")
Done = Callable[[Any], None]


class DatasetDraft(DraftCalls):
    """The choices made on this page for the dataset.

    source: path of the file, "" while there is none. hints: the learner's settings for reading it.
    reading: the service's answer about the file, {} while there is none.
    mapping: {"text": column, "summary": column or None}. mapped: the service's answer about it (task, rows, findings).
    repairs: {code of a health check: whether its repair is applied}, where the learner chose.
    cut: longest text kept, in tokens; 0 keeps all. parted: whether longer texts are studied in windows of that length.
    measured: {"model": whose tokens were counted, "longest": those of the longest text}, {} before.
    split: {"validation", "test": shares, "seed"}.
    name: of the dataset. saved: {"folder": its name, "name": the requested name, "choices": see `dataset_choices`} of
    the dataset saved last, {} before.
    split_error: why the last split failed, where the texts were too few, else "".
    recalled: whether the file was restored from an earlier visit.
    """

    reading = Dict()
    mapped = Dict()
    cut = Int(0)
    parted = Bool(default_value=False)
    measured = Dict()
    split = Dict()
    name = Unicode()
    saved = Dict()
    split_error = Unicode()

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._choices_by_file: dict[str, dict[str, Any]] = {}  # restored when an earlier file is opened again
        self._reading, self._mapping = LatestRequest(), LatestRequest()
        self._store = DraftStore(context)
        self._debouncer, self._changed_names = Debouncer(context.poller, self._save), set[str]()
        self.mapping_line = WorkLine()  # progress of choosing the columns, wherever it was asked from
        self.recalled = False
        self.repairing = UpdateGuard()  # true while the texts change by a repair, for the component that asked for it
        self.observe(self._note_change, list(SAVED))
        self.observe(lambda _change: self.set_trait("measured", {}), ["source", "mapped"])  # it was of other texts

    @classmethod
    def of(cls, context: PageContext) -> DatasetDraft:
        """Return the one draft of a context."""
        return context.shared(cls, cls)

    @property
    def file(self) -> str:
        """The file's name."""
        return Path(self.source).name

    @property
    def task(self) -> str:
        """The task that the columns make possible: "summary", "style", or "" while nothing was read."""
        return str(self.mapped.get("task", ""))

    @property
    def texts(self) -> int:
        """Number of texts."""
        return int(self.mapped.get("rows", 0))

    @property
    def few(self) -> str:
        """Why the texts are too few for three parts, "" where they are enough."""
        return str(self.mapped.get("few", "")) or self.split_error

    def refine_need(self, need: str) -> str:
        """Return "column" for the need "source" where there is a file: then a column with texts is missing."""
        return "column" if need == "source" and self.source and self.mapping else need

    @property
    def effective_split(self) -> dict[str, Any]:
        """The chosen split, with defaults for the rest."""
        return {**DEFAULT_SPLIT, **self.split}

    # -- choosing

    def open(self, path: str, hints: Mapping[str, Any] | None = None, *, done: Done, failed: Failed) -> None:
        """Read a file; its columns are those chosen for it before, else those that the service recognises.

        hints: how to read it; None reads it with the hints used before.
        """
        self._open(path, hints, done=done, failed=failed)

    def _open(
        self, path: str, hints: Mapping[str, Any] | None, *, done: Done, failed: Failed, recalled: bool = False
    ) -> None:
        request = self._reading.begin()
        if hints is None:
            hints = self._choices_by_file.get(path, {}).get("hints")
        settings = dict(hints or {})

        def read(answer: ReadAnswer) -> None:
            same = path == self.source
            if self.source and not same:
                self._choices_by_file.pop(self.source, None)  # the newest is the last
                self._choices_by_file[self.source] = {**self._choices(), "hints": self.hints}
            choices: dict[str, Any] = {"mapping": self.mapping, "repairs": self.repairs, "cut": self.cut}
            choices["parted"] = self.parted
            if not same:
                choices = self._choices_by_file.get(path) or choices_of_earlier_version(self._choices_by_file, path)
            known = {*answer["columns"], COLUMN}
            chosen = choices.get("mapping") or {}
            if not {column for column in chosen.values() if column} <= known:
                choices = {}
            if not (choices and (same or recalled)):
                self._changed_names.update(SAVED)  # the stored choices are replaced, also by empty ones
            if not same:
                self.recalled = recalled
                if not recalled:
                    self._reset_steps()
            with self.hold_trait_notifications():
                self.source, self.hints = path, settings
                self.mapping, self.mapped = {}, {}
                self.cut, self.parted = int(choices.get("cut", 0)), choices.get("parted") is True
                self.repairs = dict(choices.get("repairs") or {})
                if not same:
                    self.split, self.name = dict(choices.get("split", {})), str(choices.get("name", ""))
                    self.saved = dict(choices.get("saved", {}))
                self.reading = dict(answer)
            recognised = answer["mapping"]
            self.choose(choices.get("mapping") or recognised, done=lambda _mapped: done(answer), failed=failed)

        self._ask(self._read(path, settings), request.only(read), failed)

    def _reset_steps(self) -> None:
        """Reopen the steps that depend on the file, and forget an imported dataset, which would hide them."""
        self.context.reopen(*LATER_STEPS)
        self.context.save(brought="")

    def choose(self, mapping: Mapping[str, Any], *, done: Done, failed: Failed) -> None:
        """Choose the columns; ``failed`` gets what is wrong with them."""
        request = self._mapping.begin()
        chosen: dict[str, Any] = {"text": mapping.get("text"), "summary": mapping.get("summary")}
        repairs, written = dict(self.repairs), self.written

        def mapped(answer: MappedAnswer) -> None:
            with self.hold_trait_notifications():
                self.mapping, self.mapped = chosen, dict(answer)
            done(answer)

        def refused(problem: Explanation) -> None:
            with self.hold_trait_notifications():
                self.mapping, self.mapped = chosen, {}
            failed(problem)

        self.ask(
            lambda service: service.map(**chosen, repairs=repairs, written=written),
            done=request.only(mapped),
            failed=request.only(refused),
            line=self.mapping_line,
        )

    def repair(
        self,
        code: str,
        *,
        on: bool,
        done: Callable[[HealthAnswer], object],
        failed: Failed,
        line: WorkLine | None = None,
    ) -> None:
        """Apply or undo the repair of a health check; the texts change with it."""

        def repaired(answer: HealthAnswer) -> None:
            with self.repairing, self.hold_trait_notifications():
                self.repairs, self.mapped = dict(answer["repairs"]), dict(answer["mapped"])
            done(answer)

        done_once = self._mapping.begin().only(repaired)
        self.ask(lambda service: service.repair(code, on=on), done=done_once, failed=failed, line=line)

    @property
    def dataset_choices(self) -> dict[str, Any]:
        """The choices that a saved dataset depends on."""
        mapping, split = dict(self.mapping), self.effective_split
        later = {"repairs": dict(self.repairs)} if self.repairs else {}  # an earlier version had none
        windows = {"parted": True} if self.windows else {}
        return {"hints": dict(self.hints), "mapping": mapping, "cut": self.cut, "split": split, **later, **windows}

    @property
    def windows(self) -> bool:
        """Whether long texts are studied in windows: of a style only, where there are longer ones than the cut."""
        return self.parted and self.task == "style" and self.cut > 0

    @property
    def changed(self) -> bool:
        """Whether a choice has changed since the dataset was saved."""
        return bool(self.saved) and self.saved.get("choices") != self.dataset_choices

    # -- saved state

    def remembered(self) -> dict[str, Any]:
        """Return the saved choices of an earlier visit, {} where its file is gone."""
        return self._store.remembered()

    @property
    def dataset(self) -> str:
        """Name of the folder of the dataset that was saved last, also of an earlier visit; "" where there is none."""
        return plain_name((self.saved if self.source else self._store.saved()).get("folder"))

    def recall(self, *, done: Done, failed: Failed) -> bool:
        """Restore the choices of an earlier visit; False where there are none."""
        state = self.remembered()
        if not state or self.source:
            return False
        source, hints = state["source"], state.get("hints")
        self._choices_by_file[source] = {
            **{name: state[name] if isinstance(state.get(name), dict) else {} for name in _TABLES},
            "cut": state["cut"] if isinstance(state.get("cut"), int) else 0,
            "parted": state.get("parted") is True,
            "name": state["name"] if isinstance(state.get("name"), str) else "",
        }
        self._open(source, hints if isinstance(hints, dict) else {}, done=done, failed=failed, recalled=True)
        return True

    def _choices(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SAVED if name not in {"source", "hints"}}

    def _note_change(self, change: Any) -> None:
        if self.source:
            self._changed_names.add(change.name)
            self._debouncer.changed()

    def _save(self) -> None:
        self._store.write({"source": self.source, "hints": self.hints, **self._choices()}, self._changed_names)
        self._changed_names.clear()
