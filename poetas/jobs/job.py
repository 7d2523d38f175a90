"""`Job`: start, watch, stop, resume, from any process but the job's own."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.jobs import emergency_record, process_lock
from poetas.jobs.detached_process import JOB_APART, spawn, with_huge_pages
from poetas.jobs.job_record import JobRecord, JobUnreadable, is_job
from poetas.jobs.job_view import JobView
from poetas.jobs.kinds import UnknownKind, kind_named
from poetas.jobs.processes import PROGRAM, process_of
from poetas.util.files import private_folder
from poetas.workspace import Workspace

_EXIT_PATIENCE = 10.0  # seconds that a click waits for a process to exit after its last event, with torch seconds
_EXIT_PERIOD = 0.02  # seconds between two looks: without a pause they would take the core that it exits on


class JobStillExiting(PoetasError):
    """The job's process has reported its end, and has not exited yet."""

    code = "job-exiting"

    def __init__(self) -> None:
        super().__init__(
            _("Todavía se está cerrando."),
            why=_("Lo que corría ya terminó, pero esta máquina está ocupada y tarda en soltarlo."),
            remedy=_("Esperá unos segundos y volvé a intentar: lo guardado sigue ahí."),
            action="retry",
        )


class Job(JobView):
    """A job, by its folder."""

    def __init__(self, folder: Path, record: JobRecord, *, kinds: str | None = None) -> None:
        super().__init__(folder, record)
        self._kinds = kinds

    @classmethod
    def start(
        cls,
        kind: str,
        config: Mapping[str, Any],
        *,
        parent: Path,
        kinds: str | None = None,
    ) -> Self:
        """Make the job's folder in ``parent`` and start its process, which outlives this one.

        config: JSON values. kinds: a module with further kinds (tests). What it is refused is noted in the ledger of
        the workspace that ``parent`` lies in.
        Raises UnknownKind, and OSError where the folder cannot be made or the process not be started: then no folder
        is left.
        """
        kind_named(kind, kinds)
        now = datetime.now().astimezone()
        folder = private_folder(parent).resolve() / f"{kind}-{now:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        workspace = Workspace.around(folder)
        ledger = None if workspace is None else str(workspace.ledger)
        job = cls(folder, JobRecord(folder.name, kind, dict(config), now.timestamp(), ledger), kinds=kinds)
        try:
            job._begin()
        except Exception:
            shutil.rmtree(folder, ignore_errors=True)  # no process was started that would ever remove it
            raise
        return job

    @classmethod
    def open(cls, folder: Path, *, kinds: str | None = None) -> Self:
        """Open a job that any process, of now or of before, has started. Raises JobUnreadable."""
        folder = folder.resolve()
        return cls(folder, JobRecord.read(folder), kinds=kinds)

    @classmethod
    def all(cls, parent: Path) -> list[Self]:
        """Return the jobs in a folder, newest first; what cannot be read is left out."""
        jobs = []
        for path in parent.iterdir() if parent.is_dir() else ():
            if is_job(path):
                with suppress(JobUnreadable):
                    jobs.append(cls.open(path))
        return sorted(jobs, key=lambda job: (job.record.created, job.id), reverse=True)

    @classmethod
    def latest(cls, parent: Path, kind: str | None = None) -> Self | None:
        """Return the newest job (of a kind), or None."""
        return next((job for job in cls.all(parent) if kind in {None, job.kind}), None)

    def stop(self) -> None:
        """Ask it to save and end; harmless where nothing runs."""
        if not self.state.over:
            (self.dir / "stop").touch(mode=0o600)

    def kill(self) -> None:
        """End its process, and those that it forked, without a checkpoint: for one that does not react to `stop`."""
        pid = None if self.state.over else process_of(self.dir)
        if pid is not None:
            with suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    os.kill(pid, signal.SIGTERM)
                else:
                    os.killpg(pid, signal.SIGKILL)

    def resume(self) -> None:
        """Continue a stopped, failed or lost job from its last checkpoint; harmless where it runs or has finished.

        Of several that ask at the same time, one starts the process. Raises JobStillExiting where its own has reported
        its end and is still there seconds later.
        """
        deadline = time.monotonic() + _EXIT_PATIENCE
        while self.state.resumable and time.monotonic() < deadline:
            known = self._states.offset
            hold = process_lock.acquire(self.dir / "lock")
            if hold is None:  # another process resumes it, or its own has written its end and is about to exit
                time.sleep(_EXIT_PERIOD)
                continue
            try:
                self._states.last_transition()
                if self._states.offset == known:  # else another process resumed it, and it ended, while this one waited
                    (self.dir / "stop").unlink(missing_ok=True)
                    self._launch(hold)
                    return
            finally:
                hold.release()
        if self.state.resumable:
            raise JobStillExiting

    def _begin(self) -> None:
        hold = process_lock.acquire(self.dir / "lock")
        try:
            self.record.write(self.dir)
            emergency_record.prepare(self.dir)
            self._launch(hold)
        finally:
            if hold is not None:
                hold.release()

    def _launch(self, hold: process_lock.Lock | None) -> None:
        (self.dir / "starting").touch(mode=0o600)
        arguments, handles = [str(self.dir)], []
        if hold is not None and os.name == "nt":
            hold.release()  # there an open lock cannot be handed over: the process takes its own
        elif hold is not None:
            handles = [hold.handle]
            arguments += ["--lock", str(hold.handle)]
        if self._kinds:
            arguments += ["--kinds", self._kinds]
        environment = None
        with suppress(UnknownKind):  # of a damaged description: the process says so
            if kind_named(self.kind, self._kinds).writes:
                environment = with_huge_pages(os.environ, JOB_APART)
        log = self.dir / "log.txt"
        spawn(PROGRAM, arguments, folder=self.dir, log=log, environment=environment, handles=handles)
