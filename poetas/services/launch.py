"""Starting a service's process, and joining one that listens."""

from __future__ import annotations

import time
from pathlib import Path

from poetas.jobs.spawn import spawn
from poetas.services.call import ServiceDied, ServiceRefused
from poetas.services.place import Place
from poetas.services.protocol import Channel, connect, introduce

GREETING = 30.0  # seconds a service may take to show the key; importing torch can keep it busy for some of them
STARTING = 60.0  # seconds a new process may take until it listens
_LARGEST_LOG = 1 << 20  # bytes: a log beyond this is begun anew


def launch(name: str, root: Path, folder: Path, instance: str, table: str | None) -> Place:
    """Start a process and return where it listens, which is before it has imported its handler.

    instance: the name under which it is written down; another than ``name`` makes it private. Raises ServiceDied.
    """
    spot, log = folder / f"{instance}.json", folder / f"{name}.log"
    spot.unlink(missing_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.unlink()
    arguments = [name, str(root.resolve()), "--instance", instance]
    if table:
        arguments += ["--table", table]
    child = spawn("poetas.services.run", arguments, folder=folder, log=log)
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        place = Place.read(spot)
        if place is not None:
            return place
        if child.poll() is not None:
            raise ServiceDied(f"it ended with {child.returncode} before it listened")
        time.sleep(0.005)
    child.kill()
    raise ServiceDied("it did not listen in time")


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
