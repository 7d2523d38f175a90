"""State that the components of one page share: project, chosen model and dataset, finished steps, services.

Creating one has no side effect: folders and processes appear with the first click that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_hex
from typing import Any, ClassVar, TypeVar

from traitlets import HasTraits, Instance, Int, Tuple, Unicode, observe

from poetas.course.app_steps import finished_name
from poetas.data.storage.dataset_summary import FINGERPRINT, DatasetSummary, dataset_of
from poetas.data.storage.state_scopes import KeyPath, taken_over, value_at, with_added, with_values
from poetas.errors import Explanation, PoetasError
from poetas.workspace import Project, Workspace
from widgets.core.dataset_state import DatasetState
from widgets.core.error_reporting import explain_error
from widgets.core.event_guards import UpdateGuard
from widgets.core.lazy_steps import LazySteps
from widgets.core.poller import Poller
from widgets.core.service_pool import ServicePool

SharedT = TypeVar("SharedT")
CHOSEN_IN = "model_app"  # of a project's state: the app in which the model was chosen
BEGAN = ("began",)  # of a project's state: drawn with its first change, and again after it was erased
# The steps of app 3 that are done with one dataset and one model.
TRAINED_WITH = ("antes", "perillas", "entrena", "cata", "mejoro", "conviene", "probalo", "llevatelo", "recuerdo")


class PageContext(HasTraits):
    """State of one page; a kernel has one, see `current`.

    model: id of the chosen model, "" while none is chosen.
    dataset: folder of the prepared dataset in use, "" while there is none.
    training: folder of the training job whose adapter is in use, "" while there is none.
    steps: names of the finished steps (`poetas.course.app_steps.finished_name`), in the order of their end.
    answered: how often `keep_answers` was called: what draws the course record observes it.
    erased: how often the data was erased: the project is equal then, and what it keeps is not.
    save_error: why the choices could not be saved, None while all of them are on the disk.
    app: name of the app whose page this is ("conocer", "preparar", "entrenar"), "" in a notebook without `App`.
    has_banner: whether the page shows ``save_error`` itself; otherwise the active component does.
    erasing: whether the data is being erased; until then no change is written, and `reset` drops them.
    active: the component that the learner used last, None at first.
    themed: whether `App` has put the style sheet into the page.
    lazy_steps: the steps that are built once the page shows its first control.
    dataset_state: what the project remembers of the dataset, the model and the training in use.
    services: typed clients of the services, and the threads that wait for them. poller: the only writer of widgets.
    """

    project = Instance(Project)
    model = Unicode()
    dataset = Unicode()
    training = Unicode()
    steps = Tuple()
    answered = Int(0)
    erased = Int(0)
    save_error = Instance(Explanation, allow_none=True)

    _current: ClassVar[PageContext | None] = None
    _SAVED: ClassVar[tuple[str, ...]] = ("model", "dataset", "training")

    def __init__(self, workspace: Workspace | None = None, *, project: str = "", poller: Poller | None = None) -> None:
        super().__init__()
        self.workspace = workspace or Workspace.default()
        self.poller = poller or Poller()
        self.services = ServicePool(self.workspace.root, self.poller, self.explain_error)
        self.lazy_steps = LazySteps(self.poller)
        self.app, self.has_banner, self.themed = "", False, False
        self.active: object = None
        self._shared: dict[type, Any] = {}
        self._recalling = UpdateGuard()
        self.erasing = False
        self._unsaved: dict[KeyPath, Any] = {}
        self._uncounted: dict[KeyPath, float] = {}
        self._began = self._to_begin = ""  # the project's, as it was read or written last, and as it is written now
        self.dataset_state = DatasetState(self)
        self.project = self.workspace.project(project)
        self._recall()

    @classmethod
    def current(cls) -> PageContext:
        """Return this kernel's context, created when first asked for."""
        if PageContext._current is None:
            PageContext._current = cls()
        return PageContext._current

    def make_current(self) -> None:
        """Make this the kernel's context, for components that are made without one."""
        PageContext._current = self

    def shared(self, kind: type[SharedT], make: Callable[[PageContext], SharedT]) -> SharedT:
        """Return the page's one object of a class, made when first asked for."""
        if kind not in self._shared:
            self._shared[kind] = make(self)
        shared: SharedT = self._shared[kind]
        return shared

    def _recall(self) -> None:
        state = self.state()
        self._began = _began(state)
        with self._recalling, self.hold_trait_notifications():
            for name in self._SAVED:
                value = state.get(name, "")
                setattr(self, name, value if isinstance(value, str) else "")
            self.dataset = str(dataset_of(state) or "")
            self.steps = self._finished_steps(state)

    def open(self, name: str) -> None:
        """Make another project the current one, on the disk and here."""
        self.project = self.workspace.open(name)
        self._unsaved, self._uncounted, self.save_error = {}, {}, None
        self._recall()

    def reload(self) -> None:
        """Read the project's state again: other pages may have changed it before a preheated kernel got its page."""
        self.project = self.workspace.project()
        self._recall()

    def relocate_dataset(self) -> None:
        """Look again for the folder of the dataset in use, which may have been renamed while the page is open."""
        with self._recalling:
            self.dataset = str(dataset_of(self.state()) or "")

    def finish(self, step: str) -> None:
        """Record that a step is done; it stays so after a reload."""
        finished, name = self._finished_steps(self.state()), finished_name(self.app, step)
        # with what other pages finished or opened again
        if step and not (name in self.steps and name in finished):
            self._set_steps((*(other for other in finished if other != name), name))

    def finished(self, step: str) -> bool:
        """Tell whether a step of this page is done."""
        return finished_name(self.app, step) in self.steps

    def reopen(self, *steps: str) -> None:
        """Record that steps are not done: they were finished with something that is no longer in use."""
        finished, names = self._finished_steps(self.state()), {finished_name(self.app, step) for step in steps}
        if not names.isdisjoint((*finished, *self.steps)):
            self._set_steps(tuple(step for step in finished if step not in names))

    def _recall_steps(self) -> None:
        """Reopen what was done with another dataset or model, and finish again what was done with this one."""
        done_before = self._finished_steps({"steps": self.dataset_state.get("steps")})
        finished = [step for step in self._finished_steps(self.state()) if step not in TRAINED_WITH]
        finished += [step for step in done_before if step in TRAINED_WITH]
        if tuple(finished) != self.steps:
            self._set_steps(tuple(finished))

    def _set_steps(self, steps: tuple[str, ...]) -> None:
        """Set the finished steps here and on the disk, which may differ while several pages are open."""
        self.steps = steps
        if not self._recalling:
            of_dataset = self.dataset_state.changes(steps=[step for step in steps if step in TRAINED_WITH])
            self.save_at({("steps",): list(steps), **of_dataset})

    @staticmethod
    def _finished_steps(state: Mapping[str, Any]) -> tuple[str, ...]:
        """The finished steps of a project's state."""
        steps = state.get("steps", [])
        return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else ()

    def choose_model(self, model: str) -> None:
        """Use a model, and keep in which app that was chosen: it is the same in all three."""
        self.save(**{CHOSEN_IN: self.app})
        self.model = model

    @observe("model", "dataset", "training")
    def _save_choice(self, change: Any) -> None:
        if self._recalling:
            return
        if change.name == "training":
            self.save_at({("training",): change.new, **self.dataset_state.changes(training=change.new)})
            return
        changes = {change.name: change.new}
        if change.name == "dataset":
            chosen = DatasetSummary.read(Path(change.new)) if change.new else None
            changes[FINGERPRINT] = chosen.fingerprint if chosen is not None else ""
        self.save(**changes)
        self._recall_steps()  # before observers that know a step as done with the new choice finish it again
        training = self.dataset_state.get("training")
        self.training = training if isinstance(training, str) else ""

    def state(self) -> dict[str, Any]:
        """Return the project's saved state, with the changes that could not be saved yet."""
        return self._with_unsaved(self.project.state())

    def _with_unsaved(self, state: Mapping[str, Any]) -> dict[str, Any]:
        return with_added(with_values(taken_over(state), self._unsaved), self._uncounted)

    def save(self, **changes: Any) -> None:
        """Save choices in the project's state; those that cannot be written stay in memory; see ``save_error``.

        What belongs to a dataset, a model or a training goes through `dataset_state`.
        """
        self.save_at({(name,): value for name, value in changes.items()})

    def save_at(self, changes: Mapping[KeyPath, Any]) -> None:
        """Save values at paths of the project's state, as `save` does."""
        self._unsaved |= changes
        if self.erasing:
            return
        problem = None
        try:
            self.project.update(self._written)
            self._unsaved, self._uncounted, self._began = {}, {}, self._to_begin
        except (OSError, PoetasError) as error:
            problem = self.explain_error(error)
        self.save_error = None  # observers are also notified of a second failure with the same explanation
        self.save_error = problem

    def _written(self, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return the state to write: what was counted before another page erased it is not counted again."""
        began = _began(state)
        if self._began and began != self._began:
            self._uncounted = {}
        self._to_begin = began or token_hex(4)
        return with_values(self._with_unsaved(state), {BEGAN: self._to_begin})

    def keep_answers(self, changes: Mapping[KeyPath, Any]) -> None:
        """Save changes of the course record (a bet, an exercise), where there are any, and tell what draws it."""
        if changes:
            self.save_at(changes)
            self.answered += 1

    def count_later(self, path: KeyPath, amount: float) -> None:
        """Add to a count of the project with the next change that is saved: other pages add to it too."""
        if not self.erasing:
            self._uncounted[path] = self._uncounted.get(path, 0) + amount

    def explain_error(self, error: BaseException) -> Explanation:
        """Explain an exception of this page; an unexpected one is logged."""
        return explain_error(error, self.workspace)

    def reset(self) -> None:
        """Drop unsaved changes and read the project's state again: for after its data was erased."""
        self.erasing, self._unsaved, self._uncounted, self.save_error = False, {}, {}, None
        self.reload()
        self.erased += 1

    def path(self, relative: str) -> Path:
        """Return a path below the project's folder."""
        return self.project.path / relative

    def close(self) -> None:
        """End this page's own processes; the shared ones end by themselves when idle."""
        self.services.close()


def _began(state: Mapping[str, Any]) -> str:
    began = value_at(state, BEGAN)
    return began if isinstance(began, str) else ""
