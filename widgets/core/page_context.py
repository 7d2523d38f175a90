"""The learner's context: what the components of one page share. It draws nothing.

It knows the project, the chosen model and dataset, which steps are done, the poller, and the processes that answer
calls. Opening a context has no side effect: folders and processes appear on the first click that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar

from traitlets import HasTraits, Instance, Tuple, Unicode, observe

from poetas.errors import Explanation, PoetasError
from poetas.services import Service
from poetas.services.call import Call
from poetas.workspace import Project, Workspace
from widgets.core.error_reporting import explain_error
from widgets.core.poller import Poller
from widgets.core.service_stream import ServiceStream

Failed = Callable[[Explanation], None]
TRAINED_WITH = ("antes", "entrena", "mejoro")  # the steps of app 3 that are done with one dataset and one model


class PageContext(HasTraits):
    """What the components of a page share.

    model: id of the chosen model, "" while none is chosen.
    dataset: folder of the prepared dataset in use, "" while there is none.
    training: folder of the training job whose adapter is in use, "" while there is none.
    steps: slugs of the finished steps, in the order in which they were finished.
    trouble: why what was chosen could not be written down, None while all of it is on the disk.
    page: name of the app whose page shows ``trouble``, "" where the component that the learner is at shows it.
    at: that component, None before anything was done.
    """

    project = Instance(Project)
    model = Unicode()
    dataset = Unicode()
    training = Unicode()
    steps = Tuple()
    trouble = Instance(Explanation, allow_none=True)
    page = Unicode()
    at: Any = None

    _here: ClassVar[PageContext | None] = None
    _KEPT: ClassVar[tuple[str, ...]] = ("model", "dataset", "training")

    def __init__(self, workspace: Workspace | None = None, *, project: str = "", poller: Poller | None = None) -> None:
        super().__init__()
        self.workspace = workspace or Workspace.default()
        self.poller = poller or Poller()
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="poetas-ask")
        self._services: dict[str, Service] = {}
        self._starting: dict[str, Lock] = {}
        self._quiet = True
        self._unkept: dict[str, Any] = {}
        self.project = self.workspace.project(project)
        self._recall()

    @classmethod
    def here(cls) -> PageContext:
        """Return this kernel's context, opened when first asked for."""
        if PageContext._here is None:
            PageContext._here = cls()
        return PageContext._here

    def _recall(self) -> None:
        state = self.state()
        self._quiet = True
        with self.hold_trait_notifications():
            for name in self._KEPT:
                value = state.get(name, "")
                setattr(self, name, value if isinstance(value, str) else "")
            self.steps = self._noted(state)
        self._quiet = False

    def open(self, name: str) -> None:
        """Make another project the current one, on the disk and here."""
        self.project = self.workspace.open(name)
        self._unkept, self.trouble = {}, None
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
        if not self._quiet:
            self.keep(steps=list(steps))

    @staticmethod
    def _noted(state: Mapping[str, Any]) -> tuple[str, ...]:
        """The finished steps of a project's state."""
        steps = state.get("steps", [])
        return tuple(step for step in steps if isinstance(step, str)) if isinstance(steps, list) else ()

    @observe("model", "dataset", "training")
    def _keep(self, change: Any) -> None:
        if self._quiet:
            return
        self.keep(**{change.name: change.new})
        if change.name != "training":  # whoever on this page knows them done with this one says so after this
            self.reopen(*TRAINED_WITH)

    def state(self) -> dict[str, Any]:
        """What the project remembers, with what could not be written down yet."""
        return {**self.project.state(), **self._unkept}

    def keep(self, **changes: Any) -> None:
        """Have the project remember; what the disk refuses stays here, and ``trouble`` says so until it is written."""
        self._unkept |= changes
        problem = None
        try:
            self.project.remember(**self._unkept)
            self._unkept = {}
        except (OSError, PoetasError) as error:
            problem = self.explain_error(error)
        self.trouble = None  # a second refusal in the same words is news as well
        self.trouble = problem

    def explain_error(self, error: BaseException) -> Explanation:
        """Explain what went wrong on this page; what nobody foresaw is written down."""
        return explain_error(error, self.workspace)

    def service(self, name: str) -> Service:
        """Return a running service (``preparation`` or ``generation``), started when first needed. It blocks."""
        with self._starting.setdefault(name, Lock()):  # of several questions at once, one starts it
            known = self._services.get(name)
            if known is None or not known.alive:
                known = self._services[name] = Service.open(name, self.workspace.root)
        return known

    def ask(
        self, name: str, method: str, /, *, done: Callable[[Any], None], failed: Failed, **arguments: Any
    ) -> Future[Any]:
        """Ask a service without blocking the page; ``done`` or ``failed`` is called by the poller."""
        answer = self._threads.submit(lambda: self.service(name).call(method, **arguments))
        self.poller.settle(answer, done, lambda error: failed(self.explain_error(error)))
        return answer

    def run(
        self, work: Callable[..., Any], *arguments: Any, done: Callable[[Any], None], failed: Failed
    ) -> Future[Any]:
        """Do something that waits for the disk in a thread; ``done`` or ``failed`` is called by the poller."""
        answer = self._threads.submit(work, *arguments)
        self.poller.settle(answer, done, lambda error: failed(self.explain_error(error)))
        return answer

    def stream(
        self,
        name: str,
        method: str,
        /,
        *,
        each: Callable[[list[Any]], None],
        done: Callable[[Any], None],
        failed: Failed,
        **arguments: Any,
    ) -> ServiceStream:
        """Ask a service that answers bit by bit; ``each`` gets the new bits, then ``done`` or ``failed`` is called."""

        def begin() -> Call:
            call = self.service(name).submit(method, **arguments)
            call.add_done_callback(lambda _call: self.poller.wake())  # a short answer should not wait for the next beat
            return call

        starting = self._threads.submit(begin)

        def refused(error: BaseException) -> None:
            failed(self.explain_error(error))

        stream = ServiceStream(starting, each, done, refused)
        self.poller.watch(stream.poll, interrupt=stream.cancel, failed=refused)
        return stream

    def warm(self) -> None:
        """Have the generation service load the chosen model while the learner reads on; what fails shows when used."""
        if self.model:
            self.ask("generation", "load", done=lambda _answer: None, failed=lambda _problem: None, model=self.model)

    def forget(self) -> None:
        """Read again what the project remembers: nothing, once it was erased."""
        self._unkept, self.trouble = {}, None
        self.reread()

    def leave_services(self) -> None:
        """End this page's connections to services; the next question starts them anew."""
        for service in self._services.values():
            service.close()
        self._services.clear()

    def path(self, relative: str) -> Path:
        """Return a path below the project's folder."""
        return self.project.path / relative

    def close(self) -> None:
        """End this page's own processes; the shared ones end by themselves when idle."""
        self.leave_services()
        self._threads.shutdown(wait=False, cancel_futures=True)
