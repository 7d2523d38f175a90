"""Socket server of a service: one thread per connection, one per call, and an exit when idle."""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from poetas.services.connection import Connection
from poetas.services.protocol import Address, Channel, greet
from poetas.services.session import FairLock, Session

_GREETING = 10.0  # seconds within which a client must show the key
_BROKEN = 2.0  # seconds for which a service without a handler still answers with the error
_log = logging.getLogger("poetas.services")


class Server:
    """Answers calls on a listening socket with the methods of a handler.

    handler_factory: makes the handler of all connections; called once, after the socket listens, so that a client can
    connect while a heavy library is still being imported.
    """

    def __init__(self, handler_factory: Callable[[], Any], listener: socket.socket, key: bytes) -> None:
        self._factory = handler_factory
        self._listener = listener
        self._key = key
        self._turns = FairLock()
        self._loaded = threading.Event()
        self._handler: Any = None
        self._broken: BaseException | None = None
        self._changed = threading.Condition()
        self._connections: set[Connection] = set()
        self._count = 0
        self._quiet_since = time.monotonic()
        self._quitting = False

    def start(self) -> None:
        """Begin to accept, in a thread."""
        threading.Thread(target=self._accept, name="accept", daemon=True).start()

    def load(self) -> None:
        """Make the handler in the current thread; if that fails, every call is answered with the error."""
        try:
            self._handler = self._factory()
        except BaseException as error:  # noqa: BLE001 (every call is answered with it)
            _log.exception("the handler could not be made")
            self._broken = error
        self._loaded.set()

    def wait(self, idle_seconds: float | None, *, single: bool = False) -> None:
        """Return when no client was connected for ``idle_seconds``, or when the first client left (``single``)."""
        with self._changed:
            while not self._quitting:
                if self._broken is not None:  # answer the calls that wait, then end, so that a new process can try
                    self._changed.wait(_BROKEN)
                    return
                if single and self._count and not self._connections:
                    return
                left = None
                if not self._connections and idle_seconds is not None:
                    left = self._quiet_since + idle_seconds - time.monotonic()
                    if left <= 0:
                        return
                self._changed.wait(left)

    def quit(self, only_unused: bool) -> bool:  # noqa: FBT001  # called by position
        """Make `wait` return now, or only where the asker is the one client; return whether it does."""
        with self._changed:
            if not only_unused or len(self._connections) <= 1:
                self._quitting = True
                self._changed.notify_all()
            return self._quitting

    def close(self) -> None:
        """Stop accepting and end every connection."""
        self._listener.close()
        for connection in list(self._connections):
            connection.channel.close()

    def handler(self) -> Any:
        """Wait for the handler and return it, or raise the error of making it."""
        self._loaded.wait()
        if self._broken is not None:
            raise self._broken
        return self._handler

    def _accept(self) -> None:
        while True:
            try:
                sock, _address = self._listener.accept()
            except OSError as error:
                if self._listener.fileno() < 0:
                    return
                _log.warning("accept: %s", error)  # out of file handles, say: open connections go on
                time.sleep(0.1)
                continue
            threading.Thread(target=self._serve, args=(sock,), name="connection", daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        try:
            sock.settimeout(_GREETING)
            known = greet(sock, self._key)
            sock.settimeout(None)
        except (OSError, EOFError):
            known = False
        if not known:
            sock.close()
            return
        with self._changed:
            self._count += 1
            connection = Connection(Channel(sock), Session(self._count, self._turns), self.handler, self.quit)
            self._connections.add(connection)
        try:
            connection.run()
        finally:
            with self._changed:
                self._connections.discard(connection)
                self._quiet_since = time.monotonic()
                self._changed.notify_all()


def listen(address: Address) -> socket.socket:
    """Listen on a path, which only its owner may open (0600), or on a loopback port (0: any free one)."""
    if isinstance(address, str):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with suppress(FileNotFoundError):
            Path(address).unlink()
        listener.bind(address)
        Path(address).chmod(0o600)
    else:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if sys.platform == "win32":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        listener.bind(address)
    listener.listen(64)
    return listener


def serve(
    handler_factory: Callable[[], Any],
    address: Address | socket.socket,
    key: bytes,
    *,
    idle_seconds: float | None,
    single: bool = False,
) -> None:
    """Answer calls until no client was connected for ``idle_seconds`` (None: for ever), or the ``single`` client left.

    A handler is any object. Its public methods take a `Session` and keyword arguments, and return, or yield, values
    that `poetas.services.serialization` can carry. An exception that they raise is sent as its explanation.
    """
    listener = address if isinstance(address, socket.socket) else listen(address)
    server = Server(handler_factory, listener, key)
    server.start()
    server.load()
    try:
        server.wait(idle_seconds, single=single)
    finally:
        server.close()
