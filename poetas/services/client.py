"""The caller's side: find or start a service, call it, and learn at once when it dies."""

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
from poetas.jobs import lock
from poetas.jobs.spawn import reap, spawn
from poetas.services.call import Call, CallCancelled, RemoteError, ServiceDied, ServiceRefused
from poetas.services.place import Place, clear, run_folder
from poetas.services.protocol import Address, Channel, connect, introduce
from poetas.services.table import service_named
from poetas.services.values import BadMessage

_GREETING = 30.0  # seconds a service may take to show the key; importing torch can keep it busy for some of them
_STARTING = 60.0  # seconds a new process may take until it listens


class Service:
    """A connection to a service. Calls may be made from any thread; close it, or leave it to the end of the process."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._numbers = itertools.count(1)
        self._calls: dict[int, Call] = {}
        self._changing = threading.Lock()
        self._dead: str | None = None
        self._ended = threading.Event()
        threading.Thread(target=self._read, name="service reader", daemon=True).start()

    @classmethod
    def connect(cls, address: Address, key: bytes) -> Self:
        """Connect to a running service. Raises ServiceDied if there is none, ServiceRefused if the key is wrong."""
        try:
            sock = connect(address, _GREETING)
        except OSError as error:
            raise ServiceDied(str(error)) from error
        try:
            known = introduce(sock, key)
            sock.settimeout(None)
        except (OSError, EOFError) as error:
            sock.close()
            raise ServiceDied(str(error)) from error
        if not known:
            sock.close()
            raise ServiceRefused
        return cls(Channel(sock))

    @classmethod
    def shared(cls, name: str, root: Path, *, table: str | None = None) -> Self:
        """Connect to the service of a workspace root, starting it if none runs; of several that ask, one starts it.

        table: a module with further services (tests). Raises ServiceDied if it cannot be started.
        """
        service_named(name, table)
        folder = run_folder(root)
        found = cls._running(folder / f"{name}.json")
        if found is not None:
            return found
        hold = lock.acquire(folder / f"{name}.lock", patience=_STARTING)
        if hold is None:
            raise ServiceDied("another process has been starting it for too long")
        try:
            found = cls._running(folder / f"{name}.json")
            if found is not None:
                return found
            old = Place.read(folder / f"{name}.json")
            if old is not None:
                clear(old.address)
            return cls._start(name, root, folder, name, table)
        finally:
            hold.release()

    @classmethod
    def private(cls, name: str, root: Path, *, table: str | None = None) -> Self:
        """Start a process of one's own, which ends when this connection does, however that ends. Raises ServiceDied."""
        service_named(name, table)
        folder = run_folder(root)
        instance = f"{name}-private-{os.getpid()}-{secrets.token_hex(4)}"
        try:
            return cls._start(name, root, folder, instance, table)
        finally:  # nobody else is to find it, and nothing is to be left if it crashes
            place = Place.read(folder / f"{instance}.json")
            if place is not None:
                clear(place.address)
            (folder / f"{instance}.json").unlink(missing_ok=True)

    @classmethod
    def retire(cls, name: str, root: Path) -> bool:
        """Ask the shared service to end now, to give its memory back; False if none runs."""
        found = cls._running(run_folder(root) / f"{name}.json")
        if found is None:
            return False
        found.quit()
        return True

    def quit(self) -> None:
        """Ask the process to end now, and wait until it has let go of this connection."""
        with suppress(OSError):
            self._channel.send({"type": "quit"})
        self._ended.wait(_GREETING)

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

    def submit(self, method: str, /, **arguments: Any) -> Call:
        """Call and return at once. A service that is gone gives a call that has ended with ServiceDied."""
        number = next(self._numbers)
        call = Call(lambda _call: self._cancel(number))
        with self._changing:
            dead = self._dead
            if dead is None:
                self._calls[number] = call
        if dead is not None:
            call.finish(error=ServiceDied(dead))
            return call
        try:
            self._channel.send({"type": "call", "id": number, "method": method, "arguments": arguments})
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

    def _forget(self, number: int) -> Call | None:
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
    def _running(cls, spot: Path) -> Self | None:
        """Connect to the service that is written there, or return None if it is gone."""
        place = Place.read(spot)
        if place is None:
            return None
        try:
            return cls.connect(place.address, place.key)
        except (ServiceDied, ServiceRefused):
            return None

    @classmethod
    def _start(cls, name: str, root: Path, folder: Path, instance: str, table: str | None) -> Self:
        """Start a process and connect as soon as it listens."""
        spot = folder / f"{instance}.json"
        spot.unlink(missing_ok=True)
        arguments = [name, str(root.resolve()), "--instance", instance]
        if table:
            arguments += ["--table", table]
        child = spawn("poetas.services.run", arguments, folder=folder, log=folder / f"{name}.log")
        deadline = time.monotonic() + _STARTING
        while time.monotonic() < deadline:
            place = Place.read(spot)
            if place is not None:
                return cls.connect(place.address, place.key)
            if child.poll() is not None:
                raise ServiceDied(f"it ended with {child.returncode} before it listened")
            time.sleep(0.005)
        child.kill()
        raise ServiceDied("it did not listen in time")
