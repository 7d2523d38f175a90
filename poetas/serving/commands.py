"""What the commands that serve and fetch do, in front of a terminal."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from poetas.i18n import _
from poetas.serving.config import Options
from poetas.workspace import Workspace


def start(arguments: argparse.Namespace, *, browser: bool) -> int:
    """Serve the apps until Ctrl-C; say where they are, and open a browser if asked."""
    from poetas.serving.server import open_browser, serve

    workspace = Workspace.default()
    options = Options(host=arguments.host, port=arguments.port, preheat=arguments.preheat)
    if arguments.apps:
        options = Options(arguments.apps.resolve(), options.host, options.port, preheat=options.preheat)
    opened: list[Path] = []

    def ready(address: str) -> None:
        print(_("LLMs para poetas está abierto en:") + f"\n\n    {address}\n\n" + _("Para cerrarlo: Ctrl-C."), flush=True)
        if browser:
            opened.append(open_browser(address, workspace))

    try:
        serve(options, ready=ready)
    finally:
        for page in opened:
            with suppress(OSError):
                page.unlink()
    print(_("Cerrado. Lo que guardaste está en {folder}.").format(folder=workspace.root), flush=True)
    return 0


def fetch(model: str, *, accept: bool) -> int:
    """Fetch a model, showing progress on one line."""
    from poetas.jobs.events import Notice, Progress
    from poetas.models.fetch import accept_licence, start_fetch

    workspace = Workspace.default()
    if accept:
        accept_licence(workspace, model)
    job = start_fetch(workspace, model)
    since = 0
    while True:
        over = job.state.over
        events, since = job.events(since)
        for event in events:
            if isinstance(event, Progress):
                share = f" {round(100 * event.done / event.total)} %" if event.total else ""
                sys.stdout.write(f"\r\x1b[K{event.note}{share}")
                sys.stdout.flush()
            elif isinstance(event, Notice):
                print(f"\r\x1b[K{event.text}")
        if over:
            break
        job.wait(0.5)
    return 0
