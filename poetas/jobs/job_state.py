"""The states of a job, one vocabulary for programs, pages and tests."""

from __future__ import annotations

from enum import StrEnum


class JobState(StrEnum):
    """Where a job is; `over` tells the states in which no process works on it.

    >>> JobState.LOST.over, JobState.STOPPING.over, JobState("running").value
    (True, False, 'running')
    """

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"
    FINISHED = "finished"
    FAILED = "failed"
    LOST = "lost"

    @property
    def over(self) -> bool:
        """No process works on it now."""
        return self in {JobState.STOPPED, JobState.FINISHED, JobState.FAILED, JobState.LOST}

    @property
    def resumable(self) -> bool:
        """`Job.resume` would start it again."""
        return self.over and self is not JobState.FINISHED
