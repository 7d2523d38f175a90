"""The trainings of a project: which ones are of the texts and the model in use, and which stand in each other's way."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.errors import Explanation
from poetas.i18n import _
from poetas.jobs import Job
from poetas.util.file_lock import file_lock
from poetas.util.files import private_folder
from widgets.core.page_context import PageContext
from widgets.core.poller import Poller
from widgets.core.tasks import LatestRequest
from widgets.train.dataset_records import of_dataset, of_model
from widgets.train.training_messages import making_way

KIND, DRY_RUN = "train", "dry_run"


class TrainingRuns:
    """Read anew from the disk with each question: another tab may have started one."""

    def __init__(self, context: PageContext) -> None:
        self._context = context

    def __iter__(self) -> Iterator[Job]:
        """The newest first."""
        return (job for job in Job.all(self._context.project.jobs) if job.kind == KIND)

    def ours(self, job: Job) -> bool:
        """Whether it is of the dataset and of the model in use."""
        return of_dataset(job.config, self._context) and of_model(job.config, self._context)

    def latest(self) -> Job | None:
        """The newest one of ours, running or over."""
        return next(filter(self.ours, self), None)

    def running(self) -> list[Job]:
        """Those that are not over."""
        return [job for job in self if not job.state.over]

    def start(self, config: Mapping[str, Any]) -> tuple[Job | None, list[Job]]:
        """Start one unless some run: return it, or None and those that run. Raises OSError, LockTimeout."""
        jobs = self._context.project.jobs
        with file_lock(private_folder(jobs) / "train.lock"):
            if running := self.running():
                return None, running
            return Job.start(KIND, config, parent=jobs), []

    def dry_runs(self) -> list[Job]:
        """The dry runs that are not over, of whatever texts: beside a training they measure a shared machine."""
        return [job for job in Job.all(self._context.project.jobs) if job.kind == DRY_RUN and not job.state.over]

    def blocking_reason(self, mine: Job | None = None) -> Explanation | None:
        """What stands in the way of starting one, or of going on with ``mine``: two at once take twice as long."""
        others = [job for job in self.running() if mine is None or job.dir != mine.dir]
        return self.in_the_way(others) if others else None

    def in_the_way(self, running: list[Job]) -> Explanation:
        """The card that says what runs already."""
        work = DatasetSummary.read(Path(str(running[0].config.get("dataset", ""))))
        which = _("Es con otros textos o con otro modelo.")
        if work is not None:
            which = _("Es con los textos de «{name}»: para verlo, elegilos.").format(name=work.name)
        if any(map(self.ours, running)):
            which = _("Es con estos mismos textos y este mismo modelo.")
        return Explanation(
            "busy",
            _("Hay otro entrenamiento en marcha."),
            f"{which} {_('De a dos, cada uno tardaría el doble.')}",
            _("Esperá a que termine, o detenelo acá: lo que haya aprendido queda guardado."),
            "stop-other",
        )


class StopOthers:
    """Stops the trainings, which save first, and dry runs that run, and then does something, unless it is dropped."""

    def __init__(self, trainings: TrainingRuns, poller: Poller, told: Callable[[], None]) -> None:
        """``told`` is called when it begins to wait."""
        self._trainings, self._poller, self._told = trainings, poller, told
        self._wait = LatestRequest()
        self._only_dry_runs = False

    @property
    def waiting(self) -> bool:
        """Whether there is one that has not ended yet."""
        return self._wait.newest is not None

    @property
    def words(self) -> str:
        """What the page says while it waits, "" else."""
        return making_way(only_dry_runs=self._only_dry_runs) if self.waiting else ""

    def begin(
        self, then: Callable[[], None], failed: Callable[[BaseException], None], given_up: Callable[[], None]
    ) -> None:
        """Ask them to stop, and wait without blocking the page; asked again, it still does it once. Raises OSError.

        given_up: called where the wait is interrupted, as Colab's button does.
        """
        running = [*(trainings := self._trainings.running()), *self._trainings.dry_runs()]
        self._only_dry_runs = not trainings
        for job in running:
            job.stop()
        wait = self._wait.begin()
        self._told()

        def interrupted() -> None:
            self.drop()
            given_up()

        def poll() -> bool:
            if not wait.current:
                return False
            if any(not job.state.over for job in running):
                return True
            self._wait.cancel()
            then()
            return False

        self._poller.watch(poll, interrupt=interrupted, failed=failed)

    def drop(self) -> None:
        """Do nothing more; what was asked to stop still stops."""
        self._wait.cancel()
