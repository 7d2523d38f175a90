"""Process start of a service, and the client's connection to one that listens."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

from poetas.errors import Explanation, PoetasError
from poetas.jobs.detached_process import SERVICE_APART, spawn, with_huge_pages
from poetas.services.endpoint import Endpoint
from poetas.services.errors import RemoteError, ServiceDied, ServiceRefused
from poetas.services.protocol import Channel, connect, introduce
from poetas.services.registry import service_named

GREETING = 30.0  # seconds a service may take to show the key; importing torch can keep it busy for some of them
STARTING = 60.0  # seconds a new process may take until it listens
_LARGEST_LOG = 1 << 20  # bytes: a larger log is replaced by a new one
_LONGEST_ERROR = 1 << 16  # bytes: what a pipe holds


def launch(name: str, root: Path, folder: Path, instance: str, table: str | None) -> Endpoint:
    """Start a process and return where it listens, which is before it has imported its handler.

    instance: the name of its endpoint file; another than ``name`` makes it private. Raises RemoteError with the error
    that the process reported before it listened, ServiceDied where it reported none, OSError.
    """
    path, log = folder / f"{instance}.json", folder / f"{name}.log"
    path.unlink(missing_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.unlink()
    arguments = [name, str(root.resolve()), "--instance", instance]
    if table:
        arguments += ["--registry", table]
    read_end, write_end = os.pipe()
    try:
        handles = [] if os.name == "nt" else [write_end]  # there an open pipe cannot be handed over
        for handle in handles:
            arguments += ["--error-fd", str(handle)]
        try:
            large = service_named(name, table).torch
            kept = with_huge_pages(os.environ, SERVICE_APART) if large else os.environ
            child = spawn("poetas.services.run", arguments, folder=folder, log=log, environment=kept, handles=handles)
        finally:
            os.close(write_end)
        return _listening(child, path, read_end)
    finally:
        os.close(read_end)


def _listening(child: subprocess.Popen[bytes], path: Path, error_fd: int) -> Endpoint:
    """Wait until a new process has written where it listens."""
    deadline = time.monotonic() + STARTING
    while time.monotonic() < deadline:
        endpoint = Endpoint.read(path)
        if endpoint is not None:
            return endpoint
        if child.poll() is not None:
            raise _startup_error(error_fd) or ServiceDied(f"it ended with {child.returncode} before it listened")
        time.sleep(0.005)
    child.kill()
    raise ServiceDied("it did not listen in time")


def _startup_error(error_fd: int) -> PoetasError | None:
    """Return what a process that has ended wrote into the pipe, or None."""
    if os.name != "nt":
        os.set_blocking(error_fd, False)  # what it forked may hold the other end
    try:
        return RemoteError(Explanation(**json.loads(os.read(error_fd, _LONGEST_ERROR))))
    except (OSError, ValueError, TypeError):
        return None


def join(endpoint: Endpoint) -> Channel:
    """Connect to a service that listens, each end showing the key. Raises ServiceDied, or ServiceRefused."""
    try:
        sock = connect(endpoint.address, GREETING)
    except OSError as error:
        raise ServiceDied(str(error)) from error
    try:
        known = introduce(sock, endpoint.key)
        sock.settimeout(None)
    except (OSError, EOFError) as error:
        sock.close()
        raise ServiceDied(str(error)) from error
    if not known:
        sock.close()
        raise ServiceRefused
    return Channel(sock)
