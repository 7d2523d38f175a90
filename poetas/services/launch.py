"""Starting a service's process, and joining one that listens."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

from poetas.errors import Explanation, PoetasError
from poetas.jobs.detached_process import spawn
from poetas.services.call import RemoteError, ServiceDied, ServiceRefused
from poetas.services.endpoint import Place
from poetas.services.protocol import Channel, connect, introduce

GREETING = 30.0  # seconds a service may take to show the key; importing torch can keep it busy for some of them
STARTING = 60.0  # seconds a new process may take until it listens
_LARGEST_LOG = 1 << 20  # bytes: a log beyond this is begun anew
_LONGEST_WORDS = 1 << 16  # bytes: what a pipe holds


def launch(name: str, root: Path, folder: Path, instance: str, table: str | None) -> Place:
    """Start a process and return where it listens, which is before it has imported its handler.

    instance: the name under which it is written down; another than ``name`` makes it private. Raises RemoteError with
    what the process said kept it from listening, ServiceDied where it could say nothing, OSError.
    """
    spot, log = folder / f"{instance}.json", folder / f"{name}.log"
    spot.unlink(missing_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.unlink()
    arguments = [name, str(root.resolve()), "--instance", instance]
    if table:
        arguments += ["--table", table]
    told, tell = os.pipe()
    try:
        handles = [] if os.name == "nt" else [tell]  # there an open pipe cannot be handed over
        for handle in handles:
            arguments += ["--tell", str(handle)]
        try:
            child = spawn("poetas.services.run", arguments, folder=folder, log=log, handles=handles)
        finally:
            os.close(tell)
        return _listening(child, spot, told)
    finally:
        os.close(told)


def _listening(child: subprocess.Popen[bytes], spot: Path, told: int) -> Place:
    """Wait until a new process has written where it listens."""
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        place = Place.read(spot)
        if place is not None:
            return place
        if child.poll() is not None:
            raise _last_words(told) or ServiceDied(f"it ended with {child.returncode} before it listened")
        time.sleep(0.005)
    child.kill()
    raise ServiceDied("it did not listen in time")


def _last_words(told: int) -> PoetasError | None:
    """Return what a process that has ended wrote into the pipe, or None."""
    if os.name != "nt":
        os.set_blocking(told, False)  # what it forked may hold the other end
    try:
        return RemoteError(Explanation(**json.loads(os.read(told, _LONGEST_WORDS))))
    except (OSError, ValueError, TypeError):
        return None


def join(place: Place) -> Channel:
    """Connect to a service that listens, each end showing the key. Raises ServiceDied, or ServiceRefused."""
    try:
        sock = connect(place.address, GREETING)
    except OSError as error:
        raise ServiceDied(str(error)) from error
    try:
        known = introduce(sock, place.key)
        sock.settimeout(None)
    except (OSError, EOFError) as error:
        sock.close()
        raise ServiceDied(str(error)) from error
    if not known:
        sock.close()
        raise ServiceRefused
    return Channel(sock)
