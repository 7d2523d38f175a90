"""Calls of a draft to the preparation service, which gets the file and the choices again where it was restarted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from traitlets import Dict, HasTraits, Unicode

from poetas.data.pipeline.pipeline_errors import WorkStopped
from poetas.data.service.answers import ReadAnswer
from poetas.data.service.preparation_client import PreparationClient
from poetas.data.storage.written_file import FILE
from poetas.errors import Explanation
from widgets.controls.work_line import WorkLine
from widgets.core.page_context import PageContext
from widgets.core.service_pool import Failed

_LOST = {"service-died", "nothing-read"}  # the service was restarted and has lost the file
AnswerT = TypeVar("AnswerT")


class DraftCalls(HasTraits):
    """The choices that the service has to know again after it was restarted: file, hints, columns, repairs.

    opening: name of the file that is being read in place of ``source``, "" while there is none.
    """

    source = Unicode()
    hints = Dict()
    mapping = Dict()
    repairs = Dict()
    opening = Unicode()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.context = context

    @property
    def written(self) -> str:
        """Path of the file of the summaries that the learner writes."""
        return str(self.context.project.path / FILE)

    def ask(
        self,
        call: Callable[[PreparationClient], AnswerT],
        *,
        done: Callable[[AnswerT], object],
        failed: Failed,
        line: WorkLine | None = None,
    ) -> None:
        """Ask the preparation service; if it was restarted, send it the file and the columns first, once.

        line: shows the progress of a long call, and can stop it: ``failed`` gets a "work-stopped" then.
        """

        def lost(problem: Explanation) -> None:
            if problem.code in _LOST and self.source:
                self._restore(lambda: self._ask(call, done, failed, line), failed)
            else:
                failed(problem)

        self._ask(call, done, lost, line)

    def _ask(
        self,
        call: Callable[[PreparationClient], AnswerT],
        done: Callable[[AnswerT], object],
        failed: Failed,
        line: WorkLine | None = None,
    ) -> None:
        services = self.context.services
        if line is None:
            services.ask(lambda: call(services.preparation), done=done, failed=failed)
            return

        cancel: Callable[[], object] | None = None

        def began(stop: Callable[[], object]) -> None:
            nonlocal cancel
            cancel = stop
            line.begin(stop)

        def ended(callback: Callable[[Any], object], value: Any) -> None:
            if cancel is not None:
                line.end(cancel)
            callback(value)

        services.follow(
            call,
            began=began,
            progress=line.update,
            done=lambda answer: ended(done, answer),
            failed=lambda problem: ended(failed, problem),
            stopped=lambda: ended(failed, WorkStopped().explanation),
        )

    def _restore(self, then: Callable[[], None], failed: Failed) -> None:
        mapping, repairs, written = self.mapping, dict(self.repairs), self.written

        def read(_answer: ReadAnswer) -> None:
            if mapping:
                self._ask(
                    lambda service: service.map(**mapping, repairs=repairs, written=written),
                    lambda _mapped: then(),
                    failed,
                )
            else:
                then()

        self._ask(self._read(self.source, self.hints), read, failed)

    def _read(self, path: str, hints: Mapping[str, Any]) -> Callable[[PreparationClient], ReadAnswer]:
        """Return the call that reads a file; the service may read and write in the learner's own folder."""
        roots = [str(self.context.workspace.root)]
        return lambda service: service.read(path, hints, roots=roots)
