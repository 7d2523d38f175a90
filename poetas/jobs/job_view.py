"""Watching a job: its state, its events and its outcome, read from its folder and never changing it."""

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
from poetas.jobs.event_log import history
from poetas.jobs.events import ENDS, Event, Failed, Finished, Saved, Started, Stopped, decode, encode_name
from poetas.jobs.job_record import JobRecord
from poetas.jobs.kinds import KINDS
from poetas.jobs.state import JobState
from poetas.util.files import read_json

_WINDOWS_START = 60.0  # seconds: there the lock cannot be handed over, so a start is believed for this long
_WORDS = tuple(encode_name(kind) for kind in (Started, *ENDS))
_END_STATES: Mapping[type[Event], JobState] = {
    Finished: JobState.FINISHED,
    Stopped: JobState.STOPPED,
    Failed: JobState.FAILED,
}


class JobView:
    """A job as anybody may look at it. Any number of objects and processes may watch the same one."""

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
        last = self._last_word()
        if os.name == "nt" and time.time() - starting < _WINDOWS_START:
            busy = True
        if busy and (starting or last is None):
            return JobState.WAITING  # what was told last is of an earlier process
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
        """Return what to tell about a failed or lost job, or None for any other."""
        state = self.state
        if state is JobState.FAILED:
            told = self.unwritten() or self._last_word()
            return told.explanation if isinstance(told, Failed) else None
        if state is JobState.LOST:
            return _lost_unsaved() if self.unsaved() else _lost()
        return None

    def unsaved(self) -> bool:
        """Tell whether nothing was saved yet by a job that saves on its way."""
        kind = KINDS.get(self.kind)
        return kind is not None and kind.saves and not history(self.dir, Saved)

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
        """When a process was started that has not told `Started` yet; 0 if there is none."""
        try:
            return (self.dir / "starting").stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def _last_word(self) -> Event | None:
        """Return the last event that tells a beginning or an end, reading only what is new."""
        with self._reading:
            lines, self._offset = self._lines(self._offset)
            words = (decode(line) for line in reversed(lines) if line.startswith(_WORDS))
            self._last = next((word for word in words if word is not None), self._last)
            return self._last

    def unwritten(self) -> Failed | None:
        """Return what a process said that could not write its last event, if it is the newest word."""
        words, last = emergency_record.read(self.dir), self._last_word()
        return words if words is not None and (last is None or words.time > last.time) else None


def _lost() -> Explanation:
    return Explanation(
        "job-killed",
        _("El trabajo se interrumpió."),
        _why_lost(),
        _("Podés continuar: sigue desde lo último que guardó o, si no llegó a guardar nada, empieza de nuevo."),
        "resume",
    )


def _lost_unsaved() -> Explanation:
    """Going on would run into the same again, where it was memory."""
    return Explanation(
        "job-killed-unsaved",
        _("El trabajo se interrumpió antes de guardar algo."),
        _why_lost(),
        _("No hay desde dónde seguir. Si faltó memoria, probá con algo más chico; si no, empezalo de nuevo."),
        "smaller",
    )


def _why_lost() -> str:
    return _("El programa se cerró sin terminar: pudo faltar memoria, apagarse la máquina o cerrarlo alguien.")
