"""A server of a test's own: on loopback, on a free port, in a thread, gone with its ``with``."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class LoopbackServer:
    """To be inherited from; the handler of each request finds its server as ``home``."""

    def __init__(self, handler: type[LoopbackHandler]) -> None:
        bound = type("Handler", (handler,), {"home": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class LoopbackHandler(BaseHTTPRequestHandler):
    """Answers one request, silently."""

    home: Any

    def log_message(self, *_):
        pass
