"""Start the apps' server: loopback, a free port, a random token, and a clean end."""

from __future__ import annotations

import os
import signal
import threading
import webbrowser
from collections.abc import Callable
from html import escape
from pathlib import Path
from types import FrameType

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila

from poetas.errors import PoetasError
from poetas.files import private_folder, write_text
from poetas.i18n import _
from poetas.serving.config import Options, environment, standalone
from poetas.workspace import Workspace


class PortTaken(PoetasError):
    """The port that was asked for is in use, or may not be used."""

    code = "port-taken"


class AppsServer(Voila):  # type: ignore[misc]  # voila has no types
    """Voilà that knows its address before it begins to serve, and tells it to whoever started it."""

    ready: Callable[[str], None]

    def listen(self) -> None:
        """Bind, say where, and serve until a signal asks for the end."""
        try:
            sockets = bind_sockets(self.port, self.ip)
        except OSError as error:
            raise PortTaken(
                _("No pude abrir el puerto {port}.").format(port=self.port),
                why=_("Otro programa lo está usando, o hace falta permiso para abrirlo."),
                remedy=_("Elegí otro con --port, o dejá que busque uno libre."),
                detail=str(error),
            ) from error
        self.port = sockets[0].getsockname()[1]
        HTTPServer(self.app).add_sockets(sockets)
        self.ioloop = IOLoop.current()
        for number in (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            signal.signal(number, self._end)
        try:
            self.ready(f"http://{self._shown_host()}:{self.port}{self.base_url}?token={self.token}")
            self.ioloop.start()
        finally:
            self.stop()

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self.ioloop.add_callback_from_signal(self.ioloop.stop)

    def _shown_host(self) -> str:
        return "127.0.0.1" if self.ip in {"", "0.0.0.0", "::"} else self.ip  # noqa: S104  # compared, not bound


def serve(options: Options, *, ready: Callable[[str], None]) -> None:
    """Serve the apps until Ctrl-C (or SIGTERM, or the terminal closing), then shut every kernel down.

    ready: called once with the address, its token included, as soon as connections are accepted.
    Raises PortTaken.
    """
    os.environ.update(environment())
    app = AppsServer(config=Config(standalone(options)))
    app.ready = ready
    app.initialize([])
    app.start()


def open_browser(address: str, workspace: Workspace) -> Path:
    """Open the learner's browser; return the file that takes it there.

    The token must not stand on a command line, which other users of the machine can read: the browser is given a
    private file that leads on to the address.
    """
    folder = private_folder(workspace.root / "run")
    page = folder / f"abrir-{os.getpid()}.html"
    goal = escape(address, quote=True)
    write_text(page, f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={goal}">\n')
    threading.Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()
    return page
