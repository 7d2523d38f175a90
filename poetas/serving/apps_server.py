"""Start the apps' server: loopback, a free port, a random token, and a clean end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Callable
from html import escape
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import HTTPError
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler

from poetas.serving.config import Options, environment, standalone
from poetas.serving.listening import address, listen
from poetas.serving.texts import page_texts
from poetas.util.files import private_folder, write_text
from poetas.util.resources import folder
from poetas.workspace import Workspace


class Nowhere(BaseVoilaHandler):  # type: ignore[misc]  # voila has no types
    """Every address that leads nowhere: our own page says so."""

    async def prepare(self) -> None:
        """Answer before any method is asked for, whoever asks."""
        await super().prepare()
        raise HTTPError(404)


class AppsServer(Voila):  # type: ignore[misc]  # voila has no types
    """Voilà that says where it is once it accepts connections, and ends cleanly on any polite signal."""

    ready: Callable[[str], None]
    port: int

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, with our pages for a missing key and for a missing page."""
        settings: dict[str, Any] = super().init_settings()
        general = settings["jinja2_env"]
        general.loader = ChoiceLoader([FileSystemLoader(folder("template")), general.loader])
        for env in (general, settings["voila_jinja2_env"]):  # pages that are given no configuration speak it too
            env.globals["page_config"] = {"extensionConfig": {"poetas": page_texts()}}
        settings["default_handler_class"] = Nowhere
        settings["default_handler_args"] = {"voila_configuration": self.voila_configuration}
        return settings

    def listen(self) -> None:
        """Bind, say where, and serve until a signal asks for the end."""
        self.ioloop = IOLoop.current()
        try:
            self._bind()
            for number in _endings():
                signal.signal(number, self._end)
            if sys.platform == "win32":  # a loop that sleeps does not see Ctrl-C there
                PeriodicCallback(lambda: None, 500).start()
            self.ready(f"{address(self.ip, self.port)}{self.base_url}?token={self.token}")
            self.ioloop.start()
        finally:
            self.stop()

    def _bind(self) -> None:
        sockets = listen(self.ip, self.port)
        self.port = sockets[0].getsockname()[1]
        HTTPServer(self.app).add_sockets(sockets)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        # Signal handlers run between two instructions of the loop; this wakes it even where it sleeps.
        loop: asyncio.AbstractEventLoop = self.ioloop.asyncio_loop  # type: ignore[attr-defined]  # tornado's own
        loop.call_soon_threadsafe(self.ioloop.stop)


def _endings() -> list[signal.Signals]:
    # SIGHUP: the terminal was closed. Kernels must not outlive the server that nobody can reach any more.
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def serve(options: Options, *, ready: Callable[[str], None], workspace: Workspace) -> None:
    """Serve the apps until Ctrl-C (or SIGTERM, or the terminal closing), then shut every kernel down.

    ready: called once with the address, its token included, as soon as connections are accepted.
    What the server has to say goes to ``run/servidor.log`` of the workspace, not to the terminal.
    Raises NoSuchHost, PortTaken.
    """
    workspace.settle()  # first: a home that cannot be is told at once
    log = private_folder(workspace.root / "run") / "servidor.log"
    os.environ.update(environment())
    app = AppsServer(config=Config(standalone(options)))
    app.ready = ready
    _log_to(log, app.log)
    app.initialize([])
    app.start()


def _log_to(path: Path, log: Any) -> None:
    """Send Voilà's and tornado's words to a private file; addresses in them may carry the token."""
    path.touch(mode=0o600)
    writer = RotatingFileHandler(path, maxBytes=2_000_000, backupCount=1, encoding="utf-8")
    writer.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = log.logger if isinstance(log, logging.LoggerAdapter) else log
    for one in (logger, logging.getLogger("tornado")):
        for old in list(one.handlers):
            one.removeHandler(old)
        one.addHandler(writer)
        one.setLevel(logging.INFO)
        one.propagate = False
    logging.getLogger("tornado.access").setLevel(logging.WARNING)  # pages ask every two seconds: no line for each


def open_browser(address: str, workspace: Workspace) -> Path:
    """Open the learner's browser; return the file that takes it there.

    The token must not stand on a command line, which other users of the machine can read: the browser is given a
    private file that leads on to the address.
    """
    page = private_folder(workspace.root / "run") / f"abrir-{os.getpid()}.html"
    goal = escape(address, quote=True)
    write_text(page, f'<!DOCTYPE html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url={goal}">\n')
    threading.Thread(target=webbrowser.open, args=(page.as_uri(),), daemon=True).start()
    return page
