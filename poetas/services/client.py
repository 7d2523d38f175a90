"""Client of a service: find or start its process, send calls, and end them all when the process dies."""

from __future__ import annotations

import itertools
import os
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from poetas.errors import Explanation
from poetas.jobs import process_lock
from poetas.jobs.detached_process import reap
from poetas.services.call import Call
from poetas.services.endpoint import Endpoint, clear, run_folder
from poetas.services.errors import CallCancelled, RemoteError, ServiceDied, ServiceRefused
from poetas.services.launch import GREETING, STARTING, join, launch
from poetas.services.protocol import Address, Channel
from poetas.services.registry import SERVICES, service_named
from poetas.services.serialization import BadMessage


class Service:
    """A connection to a service. Calls may be made from any thread; close it, or leave it to the end of the process."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._numbers = itertools.count(1)
        self._calls: dict[int, Call[Any, Any]] = {}
        self._changing = threading.Lock()
        self._dead: str | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._read, name="service reader", daemon=True).start()

    @classmethod
    def connect(cls, address: Address, key: bytes) -> Self:
        """Connect to a running service. Raises ServiceDied if there is none, ServiceRefused if the key is wrong."""
        return cls(join(Endpoint(address, key)))

    @classmethod
    def open(cls, name: str, root: Path, *, table: str | None = None) -> Self:
        """Return a connection to a service, `shared` or `private` as its row of the registry says. Raises as they do.

        table: a module with further services (tests).
        """
        start = cls.shared if service_named(name, table).shared else cls.private
        return start(name, root, table=table)

    @classmethod
    def shared(cls, name: str, root: Path, *, table: str | None = None) -> Self:
        """Connect to the service of a workspace root, starting it if none runs; of several that ask, one starts it.

        table: a module with further services (tests). Raises RemoteError with what kept it from starting, ServiceDied.
        """
        service_named(name, table)
        folder = run_folder(root)
        running = cls._running(folder / f"{name}.json")
        if running is not None:
            return running
        hold = process_lock.acquire(folder / f"{name}.lock", patience=STARTING)
        if hold is None:
            raise ServiceDied("another process has been starting it for too long")
        try:
            running = cls._running(folder / f"{name}.json")
            if running is not None:
                return running
            old = Endpoint.read(folder / f"{name}.json")
            if old is not None:
                clear(old.address)
            return cls(join(launch(name, root, folder, name, table)))
        finally:
            hold.release()

    @classmethod
    def private(cls, name: str, root: Path, *, table: str | None = None) -> Self:
        """Start a process for this connection alone; it ends when the connection does. Raises as `shared`."""
        service_named(name, table)
        folder = run_folder(root)
        instance = f"{name}-private-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            return cls(join(launch(name, root, folder, instance, table)))
        finally:  # no other process may find it, and no file may be left if it crashes
            endpoint = Endpoint.read(folder / f"{instance}.json")
            if endpoint is not None:
                clear(endpoint.address)
            (folder / f"{instance}.json").unlink(missing_ok=True)

    @classmethod
    def is_running(cls, name: str, root: Path) -> bool:
        """Return whether the shared service of a workspace root answers."""
        running = cls._running(run_folder(root) / f"{name}.json")
        if running is not None:
            running.close()
        return running is not None

    @classmethod
    def retire(cls, name: str, root: Path) -> bool:
        """Ask the shared service to end now, to give its memory back; False if none runs."""
        running = cls._running(run_folder(root) / f"{name}.json")
        if running is None:
            return False
        running.quit()
        return True

    @classmethod
    def retire_all(cls, root: Path, *, torch_only: bool = False) -> list[str]:
        """Ask every shared service to end now, or only those that hold torch; return the names of those that ran."""
        kinds = ((name, kind) for name, kind in SERVICES.items() if kind.shared and (kind.torch or not torch_only))
        return [name for name, _kind in kinds if cls.retire(name, root)]

    @classmethod
    def retire_unused(cls, root: Path, *, since: float, patience: float = 6.0) -> list[str]:
        """End the shared services that were started after ``since`` (`time.time`) and have no connection but this one.

        A process that has just ended may look connected for as long as a call takes to notice, up to ``patience``
        seconds. Returns the names of those that ended.
        """
        ended = []
        for name in (name for name, kind in SERVICES.items() if kind.shared):
            place = run_folder(root) / f"{name}.json"
            service = cls._running(place) if place.is_file() and place.stat().st_mtime >= since else None
            deadline = time.monotonic() + patience
            while service is not None:
                if service.quit_if_unused():
                    ended.append(name)
                    break
                if time.monotonic() >= deadline:
                    service.close()
                    break
                time.sleep(0.1)
        return ended

    def quit_if_unused(self) -> bool:
        """Ask the process to end if this connection is its only one; return whether it does."""
        call = self._send({"type": "quit", "unused": True})
        try:
            leaves = bool(call.result())
        except ServiceDied:  # it ended before its answer was out
            leaves = True
        if leaves:
            self._ended.wait(GREETING)
        return leaves

    def quit(self) -> None:
        """Ask the process to end now, and wait until it has closed this connection."""
        with suppress(OSError):
            self._channel.send({"type": "quit"})
        self._ended.wait(GREETING)

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._dead is None

    def call(self, method: str, /, **arguments: Any) -> Any:
        """Call and wait for the answer. Raises RemoteError, ServiceDied; TypeError for what cannot travel."""
        call = self.submit(method, **arguments)
        try:
            return call.result()
        except BaseException:
            call.cancel()  # interrupting the cell ends the work, too
            raise

    def submit(self, method: str, /, **arguments: Any) -> Call[Any, Any]:
        """Call and return at once. A service that is gone gives a call that has ended with ServiceDied."""
        return self._send({"type": "call", "method": method, "arguments": arguments})

    def _send(self, message: dict[str, Any]) -> Call[Any, Any]:
        number = next(self._numbers)
        call: Call[Any, Any] = Call(lambda _call: self._cancel(number))
        with self._changing:
            dead = self._dead
            if dead is None:
                self._calls[number] = call
        if dead is not None:
            call.finish(error=ServiceDied(dead))
            return call
        try:
            self._channel.send({**message, "id": number})
        except TypeError:
            self._forget(number)
            raise
        except OSError:
            pass  # the channel is closed now: the reader notices, and ends every call
        return call

    def close(self) -> None:
        """End the connection; calls on their way end with ServiceDied."""
        self._channel.close()
        self._ended.wait(1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _cancel(self, number: int) -> None:
        self._forget(number)
        with suppress(OSError):
            self._channel.send({"type": "cancel", "id": number})

    def _forget(self, number: int) -> Call[Any, Any] | None:
        with self._changing:
            return self._calls.pop(number, None)

    def _read(self) -> None:
        reason = "the connection ended"
        try:
            while True:
                self._take(self._channel.receive())
        except (EOFError, OSError):
            pass
        except (BadMessage, TypeError, KeyError) as error:
            reason = f"not understood: {error}"
        self._channel.close()
        with self._changing:
            self._dead = reason
            calls, self._calls = list(self._calls.values()), {}
        self._ended.set()
        for call in calls:
            call.finish(error=ServiceDied(reason))
        reap()

    def _take(self, message: dict[str, Any]) -> None:
        number, kind = message.get("id"), message.get("type")
        if not isinstance(number, int):
            raise BadMessage("no number")
        if kind == "item":
            with self._changing:
                call = self._calls.get(number)
            if call is not None:
                call.add_item(message.get("value"))
            return
        call = self._forget(number)
        if call is None:
            return
        if kind == "result":
            call.finish(message.get("value"))
        elif kind == "error":
            call.finish(error=RemoteError(Explanation(**message["explanation"])))
        else:
            call.finish(error=CallCancelled())

    @classmethod
    def _running(cls, path: Path) -> Self | None:
        """Connect to the service whose endpoint a file names; None if it is gone."""
        endpoint = Endpoint.read(path)
        if endpoint is None:
            return None
        try:
            return cls(join(endpoint))
        except (ServiceDied, ServiceRefused):
            return None
