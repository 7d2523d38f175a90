"""The apps' server: from `ServerOptions` to Voilà on a free port with a random token; its end ends the kernels."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from html import escape
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader
from jupyter_events import EventLogger
from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop, PeriodicCallback
from tornado.web import HTTPError
from traitlets import Instance
from traitlets.config import Config
from voila.app import Voila
from voila.handler import BaseVoilaHandler

from poetas.services import Service
from poetas.serving.config import ServerOptions, environment, standalone
from poetas.serving.listening import address, listen
from poetas.serving.policy_headers import PolicyHeaders
from poetas.serving.template_texts import page_texts
from poetas.util.files import private_folder, write_text
from poetas.util.resources import folder
from poetas.workspace import SERVER_LOG, Workspace


class NotFoundHandler(BaseVoilaHandler):  # type: ignore[misc]  # voila has no types
    """Answers 404 with our own page where no other handler matches."""

    async def prepare(self) -> None:
        """Answer before any method is called, with or without a token."""
        await super().prepare()
        raise HTTPError(404)


class AppsServer(Voila):  # type: ignore[misc]  # voila has no types
    """Voilà that reports its address once it accepts connections, and ends on SIGINT, SIGTERM and SIGHUP."""

    ready: Callable[[str], None]
    port: int
    # Jupyter's kernels look for it here. Each that has to make its own leaves a `logging.Logger` behind for good.
    event_logger = Instance(EventLogger, ())

    def init_settings(self) -> dict[str, Any]:
        """Voilà's settings, with our pages for a missing key and for a missing page."""
        settings: dict[str, Any] = super().init_settings()
        general = settings["jinja2_env"]
        general.loader = ChoiceLoader([FileSystemLoader(folder("template")), general.loader])
        for env in (general, settings["voila_jinja2_env"]):  # for pages that get no configuration of their own
            env.globals["page_config"] = {"extensionConfig": {"poetas": page_texts()}}
        settings["default_handler_class"] = NotFoundHandler
        settings["default_handler_args"] = {"voila_configuration": self.voila_configuration}
        return settings

    def listen(self) -> None:
        """Bind, report the address, and serve until a signal."""
        self.ioloop = IOLoop.current()
        try:
            self._bind()
            for number in _end_signals():
                signal.signal(number, self._end)
            if sys.platform == "win32":  # a loop that sleeps does not see Ctrl-C there
                PeriodicCallback(lambda: None, 500).start()
            self.ready(f"{address(self.ip, self.port)}{self.base_url}?token={self.token}")
            self.ioloop.start()
        finally:
            self.stop()

    def _bind(self) -> None:
        self.app.transforms.append(PolicyHeaders)
        sockets = listen(self.ip, self.port)
        self.port = sockets[0].getsockname()[1]
        HTTPServer(self.app).add_sockets(sockets)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        # Signal handlers run between two instructions of the loop; this wakes it even where it sleeps.
        loop: asyncio.AbstractEventLoop = self.ioloop.asyncio_loop  # type: ignore[attr-defined]  # tornado's own
        loop.call_soon_threadsafe(self.ioloop.stop)


def _end_signals() -> list[signal.Signals]:
    # SIGHUP: the terminal was closed. Kernels must not outlive the server of their pages.
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]


def serve(options: ServerOptions, *, ready: Callable[[str], None], workspace: Workspace) -> list[str]:
    """Serve the apps until Ctrl-C (or SIGTERM, or the terminal closing), then end every kernel, and the services.

    Of the workspace root's shared services it ends those that its pages started and that have no connection left:
    another server of the same root, or a user's own program, keeps what it is connected to.

    ready: called once with the address, its token included, as soon as connections are accepted.
    The log is ``run/servidor.log`` of the workspace; nothing is printed.
    Returns the names of the services that it ended. Raises NoSuchHost, PortTaken.
    """
    workspace.settle()  # first: a workspace that cannot be made is an error at once
    log = private_folder(workspace.root / "run") / SERVER_LOG
    os.environ.update(environment(options.host))  # first: the pages' texts and kernels depend on the place
    app = AppsServer(config=Config(standalone(options)))
    app.ready = ready
    _log_to(log, app.log)
    app.initialize([])
    started, ended = time.time(), list[str]()
    try:
        app.start()
    finally:
        with suppress(OSError):  # the folder may be gone; then so are the services' addresses
            ended += Service.retire_unused(workspace.root, since=started)
    return ended


def _log_to(path: Path, log: Any) -> None:
    """Send Voilà's and tornado's records to a private file, without the tokens of the addresses in them."""
    path.touch(mode=0o600)
    writer = RotatingFileHandler(path, maxBytes=2_000_000, backupCount=1, encoding="utf-8")
    writer.setFormatter(TokenlessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = log.logger if isinstance(log, logging.LoggerAdapter) else log
    for source in (logger, logging.getLogger("tornado")):
        for old in list(source.handlers):
            source.removeHandler(old)
        source.addHandler(writer)
        source.setLevel(logging.INFO)
        source.propagate = False
    logging.getLogger("tornado.access").setLevel(logging.WARNING)  # pages ask every two seconds: no line for each


# Any letter of an address may be written as %74, and its % as %25 once more for each address that it was nested in.
_SIGNS = {"t": "[57]4", "o": "[46]f", "k": "[46]b", "e": "[46]5", "n": "[46]e", "=": "3d"}
_TOKEN = re.compile("(?i)(" + "".join(f"(?:{sign}|%(?:25)*{code})" for sign, code in _SIGNS.items()) + r")[^&\s\"')]+")


class TokenlessFormatter(logging.Formatter):
    """Writes a record, traceback included, with every ``token=`` of an address left out, however it is encoded.

    >>> record = logging.makeLogRecord({"msg": "403 GET /?a=b&token=secreto&c=d"})
    >>> TokenlessFormatter().format(record)
    '403 GET /?a=b&token=…&c=d'
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's text."""
        return _TOKEN.sub(r"\1…", super().format(record))


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
