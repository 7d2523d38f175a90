"""`JobView`: read-only state, events and outcome of a job, from its folder."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poetas.errors import Explanation
from poetas.jobs.event_log import read_events, read_lines
from poetas.jobs.events import Event, Failed, Saved, decode
from poetas.jobs.job_record import JobRecord
from poetas.jobs.job_state import JobState, StateReader
from poetas.jobs.kinds import KINDS, Keeps
from poetas.jobs.lost_job_explanation import lost, lost_unkept, lost_unsaved
from poetas.util.files import read_json


class JobView:
    """Read-only view of a job. Any number of objects and processes may watch the same one."""

    def __init__(self, folder: Path, record: JobRecord) -> None:
        self.dir = folder
        self.record = record
        self._states = StateReader(folder)

    @property
    def id(self) -> str:
        """The folder's name: kind, time and a random part."""
        return self.record.id

    @property
    def kind(self) -> str:
        """Which program it runs."""
        return self.record.kind

    @property
    def config(self) -> Mapping[str, Any]:
        """What it was asked to do."""
        return self.record.config

    @property
    def state(self) -> JobState:
        """Where it is, from its events, its lock and its process: see `job_state`."""
        return self._states.state()

    def events(self, since: int = 0) -> tuple[list[Event], int]:
        """Return the events after byte ``since``, and the byte to ask from next time.

        A line that is not whole yet is left for the next time; a broken one is passed over.
        """
        lines, position = read_lines(self.dir, max(0, since))
        return [event for line in lines if (event := decode(line)) is not None], position

    def result(self) -> dict[str, Any] | None:
        """Return what a finished job came to, or None."""
        try:
            value = read_json(self.dir / "result.json")
        except (OSError, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def failure(self) -> Explanation | None:
        """Return the explanation of a failed or lost job, or None for any other."""
        state = self.state
        if state is JobState.FAILED:
            failed = self._states.unwritten() or self._states.last_transition()
            return failed.explanation if isinstance(failed, Failed) else None
        if state is JobState.LOST:
            if self.keeps is Keeps.NOTHING:
                return lost_unkept()
            return lost_unsaved() if self.unsaved() else lost()
        return None

    @property
    def keeps(self) -> Keeps:
        """What is left of it where it ends early; of a kind that this version does not know, what it finds."""
        kind = KINDS.get(self.kind)
        return Keeps.PARTS if kind is None else kind.keeps

    def unsaved(self) -> bool:
        """Return whether nothing would be left of it now: its kind keeps nothing, or no checkpoint is saved yet."""
        if self.keeps is Keeps.CHECKPOINTS:
            return not read_events(self.dir, Saved)
        return self.keeps is Keeps.NOTHING

    def wait(self, timeout: float | None = None) -> JobState:
        """Wait until it is over, at most ``timeout`` seconds, and return the state."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not (state := self.state).over:
            if deadline is not None and time.monotonic() >= deadline:
                break
            time.sleep(0.05)
        return state
