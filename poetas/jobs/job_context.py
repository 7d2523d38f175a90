"""`JobContext`: what a job's program receives: folder, configuration, events to emit, and the stop request."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from poetas.jobs import process_lock
from poetas.jobs.events import ENDS, Event, Saved, encode
from poetas.privacy import Ledger
from poetas.util.files import append_line, private_folder

_LOOK_EVERY = 0.1  # seconds between two checks for the stop request


class Stopping(Exception):
    """Raised by a program that ends because it was asked to. step: the one that was saved, or None."""

    def __init__(self, step: int | None = None) -> None:
        super().__init__(step)
        self.step = step


@dataclass(slots=True)
class JobContext:
    """The job as its own program sees it.

    >>> import tempfile; context = JobContext(Path(tempfile.mkdtemp()), "train", {})
    >>> context.stop_requested()
    False
    """

    dir: Path
    kind: str
    config: dict[str, Any]
    resumed: bool = False
    ledger: Ledger | None = None
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("poetas.job"))
    _stop: bool = False
    _looked: float = 0.0

    @property
    def checkpoints(self) -> Path:
        """The folder of checkpoints, made when first asked for."""
        return private_folder(self.dir / "checkpoints")

    def emit(self, event: Event) -> None:
        """Append an event, with the time; `Saved` and the events of an end are synced.

        Raises OSError where the disk is full: no earlier event is lost.
        """
        if event.time == 0:
            event = replace(event, time=round(time.time(), 3))
        append_line(self.dir / "events.jsonl", encode(event), sync=isinstance(event, (Saved, *ENDS)))

    def stop_requested(self) -> bool:
        """Return whether the program should save and raise `Stopping`; cheap enough for every step."""
        now = time.monotonic()
        if not self._stop and now - self._looked >= _LOOK_EVERY:
            self._looked = now
            self._stop = (self.dir / "stop").exists()
        return self._stop

    def orphaned(self) -> bool:
        """Return whether the job's own process is gone, for a worker of a distributed run.

        It should then end at once, so that a resumed job is the only one that writes.
        """
        return not process_lock.held(self.dir / "lock")

    def request_stop(self) -> None:
        """Request the stop from within the process, as SIGTERM does; watchers see it too."""
        self._stop = True
        (self.dir / "stop").touch(mode=0o600)
