"""The state of a job (running, stopped, lost, …), decided from its events, its lock and its process.

A process that ended without an event of an end leaves a free lock behind: the job is lost. A process id would not
tell, since it can be reused.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from poetas.jobs import emergency_record, process_lock
from poetas.jobs.detached_process import reap
from poetas.jobs.event_log import read_lines
from poetas.jobs.events import ENDS, Event, Failed, Finished, Started, Stopped, decode, encode_name

_WINDOWS_START = 60.0  # seconds: there no lock is inherited, so a process counts as starting for this long


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


_TRANSITIONS = tuple(encode_name(kind) for kind in (Started, *ENDS))
_END_STATES: Mapping[type[Event], JobState] = {
    Finished: JobState.FINISHED,
    Stopped: JobState.STOPPED,
    Failed: JobState.FAILED,
}


class StateReader:
    """State of the job in a folder; reads only the lines that are new since the last look. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._last: Event | None = None
        self._reading = threading.Lock()
        self.offset = 0  # bytes of the event log that were read

    def state(self) -> JobState:
        """Decide where the job is."""
        reap()
        busy = process_lock.held(self._folder / "lock")  # first: what is written before the lock goes is then seen
        starting = self._starting()
        last = self.last_transition()
        if os.name == "nt" and time.time() - starting < _WINDOWS_START:
            busy = True
        if busy and (starting or last is None):
            return JobState.WAITING  # the last event is of an earlier process
        if self.unwritten() is not None:
            return JobState.FAILED
        if isinstance(last, Started) and busy:
            return JobState.STOPPING if (self._folder / "stop").exists() else JobState.RUNNING
        if starting or last is None:
            return JobState.LOST
        return _END_STATES.get(type(last), JobState.LOST)

    def last_transition(self) -> Event | None:
        """Return the last event of a start or an end."""
        with self._reading:
            lines, self.offset = read_lines(self._folder, self.offset)
            transitions = (decode(line) for line in reversed(lines) if line.startswith(_TRANSITIONS))
            self._last = next((event for event in transitions if event is not None), self._last)
            return self._last

    def unwritten(self) -> Failed | None:
        """Return the emergency record of a process that failed on a full disk, if it is newer than the events."""
        record, last = emergency_record.read(self._folder), self.last_transition()
        return record if record is not None and (last is None or record.time > last.time) else None

    def _starting(self) -> float:
        """Return when a process was started that has not written `Started` yet; 0 if there is none."""
        try:
            return (self._folder / "starting").stat().st_mtime
        except FileNotFoundError:
            return 0.0
