"""State that the components of one page share: project, chosen model and dataset, finished steps, services.

Creating one has no side effect: folders and processes appear with the first click that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from traitlets import HasTraits, Instance, Tuple, Unicode, observe

from poetas.errors import Explanation, PoetasError
from poetas.workspace import Project, Workspace
from widgets.core.error_reporting import explain_error
from widgets.core.lazy_steps import LazySteps
from widgets.core.poller import Poller
from widgets.core.service_pool import ServicePool
from widgets.core.tasks import UpdateGuard

SharedT = TypeVar("SharedT")
TRAINED_WITH = ("antes", "entrena", "mejoro")  # the steps of app 3 that are done with one dataset and one model


class PageContext(HasTraits):
    """State of one page; a kernel has one, see `current`.

    model: id of the chosen model, "" while none is chosen.
    dataset: folder of the prepared dataset in use, "" while there is none.
    training: folder of the training job whose adapter is in use, "" while there is none.
    steps: slugs of the finished steps, in the order in which they were finished.
    save_error: why the choices could not be saved, None while all of them are on the disk.
    app: name of the app whose page this is ("conocer", "preparar", "entrenar"), "" in a notebook without `App`.
    has_banner: whether the page shows ``save_error`` itself; otherwise the active component does.
    active: the component that the learner used last, None at first.
    themed: whether `App` has put the style sheet into the page.
    lazy_steps: the steps that are built once the page shows its first control.
    services: typed clients of the services, and the threads that wait for them. poller: the only writer of widgets.
    """

    project = Instance(Project)
    model = Unicode()
    dataset = Unicode()
    training = Unicode()
    steps = Tuple()
    save_error = Instance(Explanation, allow_none=True)

    _current: ClassVar[PageContext | None] = None
    _KEPT: ClassVar[tuple[str, ...]] = ("model", "dataset", "training")

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
        self._unsaved: dict[str, Any] = {}
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
        found: SharedT = self._shared[kind]
        return found

    def _recall(self) -> None:
        state = self.state()
        with self._recalling, self.hold_trait_notifications():
            for name in self._KEPT:
                value = state.get(name, "")
                setattr(self, name, value if isinstance(value, str) else "")
            self.steps = self._noted(state)

    def open(self, name: str) -> None:
        """Make another project the current one, on the disk and here."""
        self.project = self.workspace.open(name)
        self._unsaved, self.save_error = {}, None
        self._recall()

    def reread(self) -> None:
        """Read again what other pages may have changed: a kernel can wait for long until somebody opens its page."""
        self.project = self.workspace.project()
        self._recall()

    def finish(self, step: str) -> None:
        """Note that a step is done; it stays so after a reload."""
        noted = self._noted(self.state())  # with what other pages finished or opened again
        if step and not (step in self.steps and step in noted):
            self._mark((*(one for one in noted if one != step), step))

    def reopen(self, *steps: str) -> None:
        """Note that some steps are to do again: what they were done with is not in use any more."""
        noted = self._noted(self.state())
        if not set(steps).isdisjoint((*noted, *self.steps)):
            self._mark(tuple(one for one in noted if one not in steps))

    def _mark(self, steps: tuple[str, ...]) -> None:
        """Here and on the disk: the two may differ where several pages are open."""
        self.steps = steps
        if not self._recalling:
            self.save(steps=list(steps))

    @staticmethod
    def _noted(state: Mapping[str, Any]) -> tuple[str, ...]:
        """The finished steps of a project's state."""
        steps = state.get("steps", [])
        return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else ()

    @observe("model", "dataset", "training")
    def _keep(self, change: Any) -> None:
        if self._recalling:
            return
        self.save(**{change.name: change.new})
        if change.name != "training":  # whoever on this page knows them done with this one says so after this
            self.reopen(*TRAINED_WITH)

    def state(self) -> dict[str, Any]:
        """What the project remembers, with what could not be written down yet."""
        return {**self.project.state(), **self._unsaved}

    def save(self, **changes: Any) -> None:
        """Save choices in the project's state; what the disk refuses stays in memory, and ``save_error`` says why."""
        self._unsaved |= changes
        problem = None
        try:
            self.project.remember(**self._unsaved)
            self._unsaved = {}
        except (OSError, PoetasError) as error:
            problem = self.explain_error(error)
        self.save_error = None  # observers also hear a second refusal with the same explanation
        self.save_error = problem

    def explain_error(self, error: BaseException) -> Explanation:
        """Explain what went wrong on this page; what nobody foresaw is written down."""
        return explain_error(error, self.workspace)

    def forget(self) -> None:
        """Read again what the project remembers: nothing, once it was erased."""
        self._unsaved, self.save_error = {}, None
        self.reread()

    def path(self, relative: str) -> Path:
        """Return a path below the project's folder."""
        return self.project.path / relative

    def close(self) -> None:
        """End this page's own processes; the shared ones end by themselves when idle."""
        self.services.close()
