"""Job progress in a terminal: its events as lines of text, its peak memory, and Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from poetas.environment import peak_rss_mb
from poetas.errors import Explanation
from poetas.i18n import _, duration, duration_count, ngettext, number, percent
from poetas.jobs import Evaluated, Event, Job, JobState, Notice, Progress, Started, Step
from poetas.serving.terminal import StatusLine

_POLL_SECONDS = 0.2
_PATIENCE = 120.0  # seconds that a job may take to save its checkpoint after Ctrl-C


class JobStopped(Exception):
    """The job was stopped on request, by Ctrl-C or from a page. saved: whether what it did is kept."""

    def __init__(self, *, saved: bool) -> None:
        super().__init__("the job was stopped")
        self.saved = saved


class JobFailed(Exception):
    """The job failed. problem: for the learner. log: the file with the details."""

    def __init__(self, problem: Explanation, log: Path) -> None:
        super().__init__(problem.what)
        self.problem, self.log = problem, log


@dataclass(slots=True)
class FollowedJob:
    """The result of a job that was followed to its end.

    seconds: of all its work, or of following it where that took longer. peak_mb: of its processes.
    """

    result: dict[str, Any]
    seconds: float
    peak_mb: float


@dataclass(slots=True)
class PeakMemoryMonitor:
    """The highest memory that any process of a job took, in MB of 10^6 bytes; each is measured until it ends."""

    megabytes: float = 0.0
    _process: psutil.Process | None = field(default=None)

    def watch(self, pid: int) -> None:
        """Measure this process and its children from now on."""
        with suppress(psutil.Error):
            self._process = psutil.Process(pid)

    def measure(self) -> None:
        """Record their memory: the peak so far on Linux, elsewhere what they hold now."""
        with suppress(psutil.Error):
            if self._process is not None and self._process.is_running():
                for process in (self._process, *self._process.children(recursive=True)):
                    self.megabytes = max(self.megabytes, peak_rss_mb(process.pid))


def follow(job: Job, line: StatusLine) -> FollowedJob:
    """Show a job's events until it ends, and return its result.

    Ctrl-C asks it to stop and waits until its checkpoint is saved. Raises JobStopped, JobFailed.
    """
    begun, peak, stepped = time.monotonic(), PeakMemoryMonitor(), False
    try:
        for event in _events(job, peak):
            if isinstance(event, Started):
                peak.watch(event.pid)
            stepped = stepped or isinstance(event, Step)
            _show(event, line)
    except KeyboardInterrupt:
        job.stop()
        nothing = job.unsaved() and not stepped
        line.keep(_("Deteniendo…") if nothing else _("Deteniendo: guardo lo hecho hasta acá…"))
        with suppress(KeyboardInterrupt):  # a second one does not wait
            job.wait(_PATIENCE)
        raise JobStopped(saved=not job.unsaved()) from None
    line.clear()
    problem = job.failure()
    if problem is not None:
        raise JobFailed(problem, job.dir / "log.txt")
    result = job.result()
    if job.state is not JobState.FINISHED or result is None:
        raise JobStopped(saved=not job.unsaved())
    worked = result.get("seconds")  # of a job that had begun, or ended, before it was followed
    seconds = max(time.monotonic() - begun, float(worked) if isinstance(worked, int | float) else 0.0)
    return FollowedJob(result, round(seconds, 1), max(peak.megabytes, float(result.get("peak_rss_mb") or 0)))


def _events(job: Job, peak: PeakMemoryMonitor) -> Iterator[Event]:
    since, over = 0, False
    while not over:
        over = job.wait(_POLL_SECONDS).over  # asked before the events, so that the last ones are read too
        peak.measure()
        events, since = job.events(since)
        yield from events


def _show(event: Event, line: StatusLine) -> None:
    show = _SHOW.get(type(event))
    if show is not None:
        show(event, line)


def _progress(event: Any, line: StatusLine) -> None:
    if event.note:
        # Where lines stay, one for each sentence is enough.
        share = f" {percent(min(1.0, event.done / event.total))}" if event.total and line.live else ""
        line.show(f"  {event.note}{share}")


def _notice(event: Any, line: StatusLine) -> None:
    line.keep(f"  {event.text}")


def _step(event: Any, line: StatusLine) -> None:
    if line.live or event.step == 1:
        sentence = ngettext(
            "  Corrección {step} de {total}: pérdida {loss}, {speed} tokens por segundo, falta {left}",
            "  Corrección {step} de {total}: pérdida {loss}, {speed} tokens por segundo, faltan {left}",
            duration_count(event.seconds_left),
        )
        line.show(
            sentence.format(
                step=number(event.step),
                total=number(event.total),
                loss=number(event.loss, 2),
                speed=number(event.tokens_per_second),
                left=duration(event.seconds_left),
            )
        )


def _evaluated(event: Any, line: StatusLine) -> None:
    sentence = ngettext(
        "  Después de {step} corrección, la pérdida en los textos del simulacro es {loss}",
        "  Después de {step} correcciones, la pérdida en los textos del simulacro es {loss}",
        event.step,
    )
    line.keep(sentence.format(step=number(event.step), loss=number(event.loss, 2)))


_SHOW: dict[type[Event], Callable[[Any, StatusLine], None]] = {
    Progress: _progress,
    Notice: _notice,
    Step: _step,
    Evaluated: _evaluated,
}
