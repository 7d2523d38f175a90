"""Long work as durable processes: a directory each, with events, a lock, a log, checkpoints and a result.

The state of a job is derived from its events and from the lock that its process holds, never from a process id. Any
process that opens the directory, at any time, sees all of it.
"""

from __future__ import annotations

from poetas.jobs.events import (
    Evaluated,
    Event,
    Failed,
    Finished,
    Notice,
    Progress,
    Sample,
    Saved,
    Started,
    Step,
    Stopped,
    Written,
    decode,
    encode,
)
from poetas.jobs.job import Job
from poetas.jobs.job_context import JobContext, Stopping
from poetas.jobs.job_record import JobUnreadable
from poetas.jobs.job_state import JobState
from poetas.jobs.kinds import JobKind, Keeps, UnknownKind

__all__ = [
    "Evaluated",
    "Event",
    "Failed",
    "Finished",
    "Job",
    "JobContext",
    "JobKind",
    "JobState",
    "JobUnreadable",
    "Keeps",
    "Notice",
    "Progress",
    "Sample",
    "Saved",
    "Started",
    "Step",
    "Stopped",
    "Stopping",
    "UnknownKind",
    "Written",
    "decode",
    "encode",
]
