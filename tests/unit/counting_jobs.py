"""Jobs of `job_programs`: started, and read."""

from __future__ import annotations

from pathlib import Path

from poetas import jobs
from poetas.jobs import Job

KINDS = "job_programs"


def start(parent: Path, kind: str = "count", **config) -> Job:
    return Job.start(kind, config, parent=parent / "trabajos", kinds=KINDS)


def steps(job: Job) -> list[int]:
    return [event.step for event in job.events()[0] if isinstance(event, jobs.Step)]


def names(job: Job) -> list[str]:
    return [type(event).__name__ for event in job.events()[0]]
