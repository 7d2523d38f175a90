"""Trainings of a project: those of the dataset and model in use, running ones, and stopping them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_summary import started_with
from poetas.errors import Explanation
from poetas.i18n import _
from poetas.jobs import Job
from poetas.models.model_store import record_of
from poetas.util.file_lock import file_lock
from poetas.util.files import private_folder
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.core.poller import Poller
from widgets.train.dataset_records import of_dataset, of_model
from widgets.train.training_messages import stopping_others

KIND, DRY_RUN = "train", "dry_run"
BLOCKED = "busy"  # code of the card about a training that runs


class TrainingRuns:
    """The training jobs of a project, read from the disk at each call, because another tab may have started one."""

    def __init__(self, context: PageContext) -> None:
        self._context = context

    def __iter__(self) -> Iterator[Job]:
        """Iterate over the jobs, newest first."""
        return (job for job in Job.all(self._context.project.jobs) if job.kind == KIND)

    def ours(self, job: Job) -> bool:
        """Whether a job is of the dataset and the model in use."""
        return of_dataset(job.config, self._context) and of_model(job.config, self._context)

    def latest(self) -> Job | None:
        """Return the newest job of the dataset and model in use, running or over."""
        return next(filter(self.ours, self), None)

    def with_other_model(self) -> Job | None:
        """Return the newest training of the dataset in use with another model, None if there is none or it runs."""
        others = (job for job in self if of_dataset(job.config, self._context) and not self.ours(job))
        job = next(others, None)
        return job if job is not None and job.state.over else None

    def running(self) -> list[Job]:
        """Return the jobs that are not over."""
        return [job for job in self if not job.state.over]

    def start(self, config: Mapping[str, Any]) -> tuple[Job | None, list[Job]]:
        """Start a training unless some run: return it, or None and those that run. Raises OSError, LockTimeout."""
        jobs = self._context.project.jobs
        with file_lock(private_folder(jobs) / "train.lock"):
            if running := self.running():
                return None, running
            return Job.start(KIND, config, parent=jobs), []

    def dry_runs(self) -> list[Job]:
        """The dry runs that are not over, of whatever texts: beside a training they measure a shared machine."""
        return [job for job in Job.all(self._context.project.jobs) if job.kind == DRY_RUN and not job.state.over]

    def stop_dry_runs(self) -> None:
        """Ask the dry runs to stop; a full disk takes no request, and then one only measures too much."""
        with suppress(OSError):
            for dry_run in self.dry_runs():
                dry_run.stop()

    def blocking_reason(self, mine: Job | None = None) -> Explanation | None:
        """Return why no training can be started, or ``mine`` not be resumed: two at once take twice as long."""
        others = [job for job in self.running() if mine is None or job.dir != mine.dir]
        return self.already_running(others) if others else None

    def already_running(self, running: list[Job]) -> Explanation:
        """Return the error card about the running trainings."""
        work = started_with(running[0].config)
        which = _("Es con otros textos o con otro modelo.")
        if of_dataset(running[0].config, self._context):
            words = _("Es con estos mismos textos y con {model}: para verlo, elegí ese modelo.")
            which = words.format(model=_model_of(running[0]))
        elif work is not None:
            which = _("Es con los textos de «{name}»: para verlo, elegilos.").format(name=work.name)
        if any(map(self.ours, running)):
            which = _("Es con estos mismos textos y este mismo modelo.")
        return Explanation(
            BLOCKED,
            _("Hay otro entrenamiento en marcha."),
            f"{which} {_('De a dos, cada uno tardaría el doble.')}",
            _("Esperá a que termine, o detenelo acá: lo que haya aprendido queda guardado."),
            "stop-other",
        )


def frees(notice: Mapping[str, Any], problem: Explanation | None) -> bool:
    """Whether the end of a training takes away the reason why none could be started. notice: see `TrainingNotice`."""
    return bool(notice.get("over")) and problem is not None and problem.code == BLOCKED


def _model_of(job: Job) -> str:
    """Return the title of the model that a job trains."""
    folder = Path(str(job.config.get("model", "")))
    record = record_of(folder)
    return record.entry.title if record is not None else folder.name


class StopOthers:
    """Stops the trainings, which save first, and dry runs that run, and then does something, unless it is dropped."""

    def __init__(self, trainings: TrainingRuns, poller: Poller, started: Callable[[], None]) -> None:
        """started: called when the wait begins."""
        self._trainings, self._poller, self._started = trainings, poller, started
        self._wait = LatestRequest()
        self._only_dry_runs = False

    @property
    def waiting(self) -> bool:
        """Whether a job has not ended yet."""
        return self._wait.pending

    @property
    def message(self) -> str:
        """Return the message while it waits, else ""."""
        return stopping_others(only_dry_runs=self._only_dry_runs) if self.waiting else ""

    def begin(
        self, then: Callable[[], None], failed: Callable[[BaseException], None], given_up: Callable[[], None]
    ) -> None:
        """Ask the jobs to stop, and call ``then`` when they have, without blocking the page. Raises OSError.

        A second call replaces the first. given_up: called when the wait is interrupted, as Colab's button does.
        """
        running = [*(trainings := self._trainings.running()), *self._trainings.dry_runs()]
        self._only_dry_runs = not trainings
        for job in running:
            job.stop()
        wait = self._wait.begin()
        self._started()

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
        """Drop the wait; the jobs still stop."""
        self._wait.cancel()
