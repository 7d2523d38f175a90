"""`JobView`: read-only state, events and outcome of a job, from its folder."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from poetas.errors import Explanation
from poetas.i18n import _
from poetas.jobs import emergency_record, lock
from poetas.jobs.detached_process import reap
from poetas.jobs.event_log import read_events
from poetas.jobs.events import ENDS, Event, Failed, Finished, Saved, Started, Stopped, decode, encode_name
from poetas.jobs.job_record import JobRecord
from poetas.jobs.kinds import KINDS
from poetas.jobs.job_state import JobState
from poetas.util.files import read_json

_WINDOWS_START = 60.0  # seconds: there the lock cannot be handed over, so a start is believed for this long
_TRANSITIONS = tuple(encode_name(kind) for kind in (Started, *ENDS))
_END_STATES: Mapping[type[Event], JobState] = {
    Finished: JobState.FINISHED,
    Stopped: JobState.STOPPED,
    Failed: JobState.FAILED,
}


class JobView:
    """Read-only view of a job. Any number of objects and processes may watch the same one."""

    def __init__(self, folder: Path, record: JobRecord) -> None:
        self.dir = folder
        self.record = record
        self._offset = 0
        self._last: Event | None = None
        self._reading = threading.Lock()

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
        """Where it is, from its events and its lock."""
        reap()
        busy = lock.held(self.dir / "lock")  # first: what is written before the lock goes is then seen
        starting = self._starting()
        last = self._last_transition()
        if os.name == "nt" and time.time() - starting < _WINDOWS_START:
            busy = True
        if busy and (starting or last is None):
            return JobState.WAITING  # the last event is of an earlier process
        if self.unwritten() is not None:
            return JobState.FAILED
        if isinstance(last, Started) and busy:
            return JobState.STOPPING if (self.dir / "stop").exists() else JobState.RUNNING
        if starting or last is None:
            return JobState.LOST
        return _END_STATES.get(type(last), JobState.LOST)

    def events(self, since: int = 0) -> tuple[list[Event], int]:
        """Return the events after byte ``since``, and the byte to ask from next time.

        A line that is not whole yet is left for the next time; a broken one is passed over.
        """
        lines, position = self._lines(max(0, since))
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
            failed = self.unwritten() or self._last_transition()
            return failed.explanation if isinstance(failed, Failed) else None
        if state is JobState.LOST:
            return _lost_unsaved() if self.unsaved() else _lost()
        return None

    def unsaved(self) -> bool:
        """Return whether a job of a kind that saves checkpoints has not saved any yet."""
        kind = KINDS.get(self.kind)
        return kind is not None and kind.saves and not read_events(self.dir, Saved)

    def wait(self, timeout: float | None = None) -> JobState:
        """Wait until it is over, at most ``timeout`` seconds, and return the state."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while not (state := self.state).over:
            if deadline is not None and time.monotonic() >= deadline:
                break
            time.sleep(0.05)
        return state

    def _lines(self, since: int) -> tuple[list[bytes], int]:
        try:
            with (self.dir / "events.jsonl").open("rb") as source:
                source.seek(since)
                data = source.read()
        except FileNotFoundError:
            return [], since
        whole = data.rfind(b"\n") + 1
        return data[:whole].split(b"\n"), since + whole

    def _starting(self) -> float:
        """Return when a process was started that has not written `Started` yet; 0 if there is none."""
        try:
            return (self.dir / "starting").stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _last_transition(self) -> Event | None:
        """Return the last event of a start or an end, reading only the new lines."""
        with self._reading:
            lines, self._offset = self._lines(self._offset)
            transitions = (decode(line) for line in reversed(lines) if line.startswith(_TRANSITIONS))
            self._last = next((event for event in transitions if event is not None), self._last)
            return self._last

    def unwritten(self) -> Failed | None:
        """Return the emergency record of a process that failed on a full disk, if it is newer than the events."""
        record, last = emergency_record.read(self.dir), self._last_transition()
        return record if record is not None and (last is None or record.time > last.time) else None


def _lost() -> Explanation:
    return Explanation(
        "job-killed",
        _("El trabajo se interrumpió."),
        _why_lost(),
        _("Podés continuar: sigue desde lo último que guardó o, si no llegó a guardar nada, empieza de nuevo."),
        "resume",
    )


def _lost_unsaved() -> Explanation:
    """Resuming would fail again, where memory was short."""
    return Explanation(
        "job-killed-unsaved",
        _("El trabajo se interrumpió antes de guardar algo."),
        _why_lost(),
        _("No hay desde dónde seguir. Si faltó memoria, probá con algo más chico; si no, empezalo de nuevo."),
        "smaller",
    )


def _why_lost() -> str:
    return _("El programa se cerró sin terminar: pudo faltar memoria, apagarse la máquina o cerrarlo alguien.")
