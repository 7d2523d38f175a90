"""`poetas` and `poetas serve`: the apps' server in a terminal, with or without a browser."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from socket import gethostname

from poetas.environment import Place, place
from poetas.i18n import _
from poetas.serving.apps_server import open_browser, serve
from poetas.serving.closing_messages import closing_sentences
from poetas.serving.config import ServerOptions, loopback_only
from poetas.serving.terminal import say
from poetas.workspace import Workspace


def start(options: ServerOptions, *, browser: bool) -> int:
    """Serve the apps until Ctrl-C; say where they are, and open a browser if asked."""
    workspace = Workspace.default()
    opened: list[Path] = []
    reached = not loopback_only(options.host) and place() not in {Place.BINDER, Place.COLAB}

    def ready(address: str) -> None:
        say(_("LLMs para poetas está abierto en:"), f"\n    {address}\n", _("Para cerrarlo: Ctrl-C."))
        if reached:
            say(_("Desde otra computadora: {address}").format(address=address.replace("127.0.0.1", gethostname(), 1)))
            say(_("Cuidado: con --host, otras computadoras de tu red llegan a esa dirección si tienen la llave."))
        if browser:
            opened.append(open_browser(address, workspace))

    ended: list[str] = []
    try:
        ended = serve(options, ready=ready, workspace=workspace)
    finally:
        for page in opened:
            with suppress(OSError):
                page.unlink()
    say(*closing_sentences(workspace, ended))
    return 0
