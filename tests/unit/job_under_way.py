"""Job that the tests' own process works on: written by the code with which a job's process writes its files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poetas.jobs import Event, Finished, Job, JobContext, process_lock, run
from poetas.jobs.job_record import JobRecord
from poetas.util.files import write_json


class JobUnderWay:
    """A job that is running until `end`: it holds its lock, and `run` wrote that it started."""

    def __init__(self, folder: Path, kind: str, config: Mapping[str, Any], *, created: float = 1.0) -> None:
        folder.mkdir(parents=True)
        JobRecord(folder.name, kind, dict(config), created, None).write(folder)
        self.dir = folder
        self._lock = process_lock.acquire(folder / "lock")
        self._context = JobContext(folder, kind, dict(config))
        run._begin(self._context)

    @property
    def job(self) -> Job:
        """The job as any page opens it."""
        return Job.open(self.dir)

    def emit(self, event: Event) -> None:
        self._context.emit(event)

    def end(self, event: Event) -> None:
        """Report the end and exit, as the process does: the lock is released last."""
        if isinstance(event, Finished):
            write_json(self.dir / "result.json", event.result)
        self.emit(event)
        self.leave()

    def leave(self) -> None:
        """Exit, if it has not, without reporting an end: as a process that was killed does."""
        self._lock.release()


def left_behind(
    folder: Path, kind: str, *events: Event, config: Mapping[str, Any] | None = None, created: float = 1.0
) -> Job:
    """Return a job whose process is gone: stopped, finished, failed, or killed where no event says its end."""
    under_way = JobUnderWay(folder, kind, config or {}, created=created)
    for event in events:
        under_way.emit(event)
    under_way.leave()
    return under_way.job
