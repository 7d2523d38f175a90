"""The dataset that a page is preparing: what was chosen so far, and the answers of the preparation service.

It draws nothing. The components of app 2 share the draft of their context: each sets what its step is about and
observes what the others set. What was chosen is kept in the project, so that it is there again after a reload.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from traitlets import Dict, HasTraits, Int, Unicode

from poetas.data.service.answers import MappedAnswer, ReadAnswer
from poetas.data.service.preparation_client import PreparationClient
from poetas.errors import Explanation
from widgets.core.debouncer import Debouncer
from widgets.core.page_context import PageContext
from widgets.core.service_pool import Failed
from widgets.core.tasks import LatestRequest
from widgets.prepare.draft_store import DraftStore, plain_name

KEPT = ("source", "hints", "mapping", "cut", "split", "name", "saved")  # what is written into the project's state
USUAL = {"validation": 0.10, "test": 0.25, "seed": 7}  # shares of all texts; the rest is for training
FOLLOWING = ("columnas", "cuanto-entra", "examen", "guarda")  # steps that are about the file
_TABLES = ("mapping", "split", "saved")
_LOST = {"service-died", "nothing-read"}  # the service was started anew and does not know the file
Done = Callable[[Any], None]
AnswerT = TypeVar("AnswerT")


class DatasetDraft(HasTraits):
    """What was chosen on this page about the dataset to be.

    source: path of the file, "" while there is none. hints: what the learner said about how to read it.
    reading: the service's answer about the file, {} while there is none.
    mapping: {"text": column, "summary": column or None}. mapped: the service's answer about it (task, rows, findings).
    cut: longest text kept, in tokens; 0 keeps all. split: {"validation", "test": shares, "seed"}.
    name: of the dataset to be. saved: {"folder": its name, "name": the one that was asked for, "choices": see
    ``deciding``} of the last time, {} before.
    undealt: what was said when dealing these texts was tried and they were too few, "" else.
    recalled: whether the file is the one that an earlier visit left.
    """

    source = Unicode()
    hints = Dict()
    reading = Dict()
    mapping = Dict()
    mapped = Dict()
    cut = Int(0)
    split = Dict()
    name = Unicode()
    saved = Dict()
    undealt = Unicode()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context
        self._kept: dict[str, dict[str, Any]] = {}  # choices by file, for whoever goes back to an earlier one
        self._reading, self._mapping = LatestRequest(), LatestRequest()
        self._memory = DraftStore(context)
        self._settled, self._touched = Debouncer(context.poller, self._write_down), set[str]()
        self.recalled = False
        self.observe(self._keep, list(KEPT))

    @classmethod
    def of(cls, context: PageContext) -> DatasetDraft:
        """Return the one draft of a context."""
        return context.shared(cls, cls)

    @property
    def file(self) -> str:
        """The file's name, as it is called in sentences."""
        return Path(self.source).name

    @property
    def task(self) -> str:
        """The task that the columns make possible: "summary", "style", or "" while nothing was read."""
        return str(self.mapped.get("task", ""))

    @property
    def texts(self) -> int:
        """How many texts there are to prepare."""
        return int(self.mapped.get("rows", 0))

    @property
    def few(self) -> str:
        """Why the texts cannot be dealt to three parts, "" where they can."""
        return str(self.mapped.get("few", "")) or self.undealt

    def lacking(self, need: str) -> str:
        """What a component lacks, told more exactly: where a file is there, it is a column with texts in it."""
        return "column" if need == "source" and self.source and self.mapping else need

    @property
    def dealing(self) -> dict[str, Any]:
        """How the texts are dealt: what was chosen, and the usual for the rest."""
        return {**USUAL, **self.split}

    # -- asking

    def ask(
        self,
        question: Callable[[PreparationClient], AnswerT],
        *,
        done: Callable[[AnswerT], object],
        failed: Failed,
    ) -> None:
        """Ask the preparation service; if it was restarted, send it the file and the columns first, once."""

        def lost(problem: Explanation) -> None:
            if problem.code in _LOST and self.source:
                self._restore(lambda: self._ask(question, done, failed), failed)
            else:
                failed(problem)

        self._ask(question, done, lost)

    def _ask(
        self, question: Callable[[PreparationClient], AnswerT], done: Callable[[AnswerT], object], failed: Failed
    ) -> None:
        services = self.context.services
        services.ask(lambda: question(services.preparation), done=done, failed=failed)

    def _restore(self, then: Callable[[], None], failed: Failed) -> None:
        mapping = self.mapping

        def read(_answer: ReadAnswer) -> None:
            if mapping:
                self._ask(lambda service: service.map(**mapping), lambda _mapped: then(), failed)
            else:
                then()

        self._ask(self._read(self.source, self.hints), read, failed)

    def _read(self, path: str, hints: Mapping[str, Any]) -> Callable[[PreparationClient], ReadAnswer]:
        """A question that reads a file; the service may read and write in the learner's own folder."""
        roots = [str(self.context.workspace.root)]
        return lambda service: service.read(path, hints, roots=roots)

    # -- choosing

    def open(self, path: str, hints: Mapping[str, Any] | None = None, *, done: Done, failed: Failed) -> None:
        """Read a file, and guess its columns, or take those that were chosen for it before.

        hints: how to read it; None reads it as it was read before.
        """
        self._open(path, hints, done=done, failed=failed)

    def _open(
        self, path: str, hints: Mapping[str, Any] | None, *, done: Done, failed: Failed, recalled: bool = False
    ) -> None:
        request = self._reading.begin()
        if hints is None:
            hints = self._kept.get(path, {}).get("hints")
        told = dict(hints or {})

        def read(answer: ReadAnswer) -> None:
            same = path == self.source
            if self.source and not same:
                self._kept[self.source] = {**self._choices(), "hints": self.hints}
            choices: dict[str, Any] = {"mapping": self.mapping, "cut": self.cut} if same else self._kept.get(path, {})
            known = set(answer["columns"])
            chosen = choices.get("mapping") or {}
            if not {column for column in chosen.values() if column} <= known:
                choices = {}
            if not (choices and (same or recalled)):
                self._touched.update(KEPT)  # what is noted of it is not what is chosen now, also where that is nothing
            if not same:
                self.recalled = recalled
                if not recalled:
                    self._begin_anew()
            with self.hold_trait_notifications():
                self.source, self.hints = path, told
                self.mapping, self.mapped = {}, {}
                self.cut = int(choices.get("cut", 0))
                if not same:
                    self.split, self.name = dict(choices.get("split", {})), str(choices.get("name", ""))
                    self.saved = dict(choices.get("saved", {}))
                self.reading = dict(answer)
            guessed = answer["mapping"]
            self.choose(choices.get("mapping") or guessed, done=lambda _mapped: done(answer), failed=failed)

        self._ask(self._read(path, told), request.only(read), failed)

    def _begin_anew(self) -> None:
        """With another file, what was done with the one before is to do again, and no brought dataset hides it."""
        self.context.reopen(*FOLLOWING)
        self.context.save(brought="")

    def choose(self, mapping: Mapping[str, Any], *, done: Done, failed: Failed) -> None:
        """Choose the columns; what is wrong with them comes back as a failure."""
        request = self._mapping.begin()
        chosen: dict[str, Any] = {"text": mapping.get("text"), "summary": mapping.get("summary")}

        def mapped(answer: MappedAnswer) -> None:
            with self.hold_trait_notifications():
                self.mapping, self.mapped = chosen, dict(answer)
            done(answer)

        def refused(problem: Explanation) -> None:
            with self.hold_trait_notifications():
                self.mapping, self.mapped = chosen, {}
            failed(problem)

        self.ask(lambda service: service.map(**chosen), done=request.only(mapped), failed=request.only(refused))

    @property
    def deciding(self) -> dict[str, Any]:
        """The choices that make one dataset another."""
        return {"hints": dict(self.hints), "mapping": dict(self.mapping), "cut": self.cut, "split": self.dealing}

    @property
    def changed(self) -> bool:
        """Whether something was chosen otherwise since it was saved."""
        return bool(self.saved) and self.saved.get("choices") != self.deciding

    # -- what survives a reload

    def remembered(self) -> dict[str, Any]:
        """What the project remembers of an earlier visit, {} where its file is gone."""
        return self._memory.remembered()

    @property
    def dataset(self) -> str:
        """Name of the folder of the dataset that was saved last, also of an earlier visit; "" where there is none."""
        return plain_name((self.saved if self.source else self._memory.saved()).get("folder"))

    def recall(self, *, done: Done, failed: Failed) -> bool:
        """Go on where an earlier visit was left; False where there is nothing to go on with."""
        state = self.remembered()
        if not state or self.source:
            return False
        source, hints = state["source"], state.get("hints")
        self._kept[source] = {
            **{name: state[name] if isinstance(state.get(name), dict) else {} for name in _TABLES},
            "cut": state["cut"] if isinstance(state.get("cut"), int) else 0,
            "name": state["name"] if isinstance(state.get("name"), str) else "",
        }
        self._open(source, hints if isinstance(hints, dict) else {}, done=done, failed=failed, recalled=True)
        return True

    def _choices(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in KEPT if name not in {"source", "hints"}}

    def _keep(self, change: Any) -> None:
        if self.source:
            self._touched.add(change.name)
            self._settled.changed()

    def _write_down(self) -> None:
        self._memory.write({"source": self.source, "hints": self.hints, **self._choices()}, self._touched)
        self._touched.clear()
