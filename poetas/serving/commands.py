"""What the commands that serve and fetch do, in front of a terminal."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from poetas.environment import borrowed
from poetas.errors import Explanation
from poetas.i18n import _, percent
from poetas.serving.config import Options
from poetas.workspace import Workspace


def start(options: Options, *, browser: bool) -> int:
    """Serve the apps until Ctrl-C; say where they are, and open a browser if asked."""
    from poetas.serving.server import open_browser, serve  # noqa: PLC0415  # Voilà takes a second to import

    workspace = Workspace.default()
    opened: list[Path] = []

    def ready(address: str) -> None:
        say(_("LLMs para poetas está abierto en:"), f"\n    {address}\n", _("Para cerrarlo: Ctrl-C."))
        if options.host not in {"127.0.0.1", "localhost", "::1"} and not borrowed():
            say(_("Cuidado: con --host, otras computadoras de tu red llegan a esa dirección si tienen la llave."))
        if browser:
            opened.append(open_browser(address, workspace))

    try:
        serve(options, ready=ready, workspace=workspace)
    finally:
        for page in opened:
            with suppress(OSError):
                page.unlink()
    say(_("Cerrado. Lo que guardaste está en {folder}.").format(folder=workspace.root))
    return 0


def fetch(model: str, *, accept: bool, quiet: bool = False) -> int:
    """Fetch a model, following the job's events on one line of the terminal.

    quiet: say nothing when the model is there already. Ctrl-C stops the job; the next time it goes on from there.
    """
    from poetas.jobs import Notice, Progress  # noqa: PLC0415  # what only this command needs
    from poetas.models import accept_licence, is_ready, start_fetch  # noqa: PLC0415

    workspace = Workspace.default()
    if is_ready(workspace, model):
        if not quiet:
            say(_("{model} ya está listo.").format(model=model))
        return 0
    if accept:
        accept_licence(workspace, model)
    job = start_fetch(workspace, model)
    line = Line(sys.stdout)
    since, over = 0, False
    try:
        while not over:
            over = job.wait(0.2).over  # asked before the events, so that the last ones are read too
            events, since = job.events(since)
            for event in events:
                if isinstance(event, Progress):
                    share = f" {percent(event.done / event.total)}" if event.total else ""
                    line.show(f"{event.note}{share}")
                elif isinstance(event, Notice):
                    line.keep(event.text)
    except KeyboardInterrupt:
        job.stop()
        line.keep(_("Descarga detenida. La próxima vez sigue desde donde quedó."))
        return 130
    line.clear()
    failure = job.failure()
    if failure is not None:
        return tell(failure, job.dir / "log.txt")
    say(_("{model} está listo.").format(model=model))
    return 0


def say(*lines: str) -> None:
    """Print lines at once, however the output is buffered."""
    print(*lines, sep="\n", flush=True)  # noqa: T201  # a command's own words


def tell(problem: Explanation, log: Path | None = None) -> int:
    """Print an error as plain lines on the error stream: what, why, what to do, and where the detail is."""
    lines = [problem.what, problem.why, problem.remedy]
    if log is not None and log.is_file():
        lines.append(_("El detalle está en {log}.").format(log=log))
    print(*(line for line in lines if line), sep="\n", file=sys.stderr, flush=True)  # noqa: T201
    return 1


class Line:
    """One line of a terminal that is written over; where there is no terminal, a line for each new sentence.

    >>> import io; out = io.StringIO(); line = Line(out)
    >>> line.show("Bajando 1 %"); line.show("Bajando 2 %"); line.keep("Listo")
    >>> out.getvalue().splitlines()
    ['Bajando', 'Listo']
    """

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.live = out.isatty()
        self._last = ""

    def show(self, text: str) -> None:
        """Put a text in the line's place."""
        if self.live:
            self._write(f"\r\x1b[K{text}")
        elif (sentence := text.rstrip("0123456789,.%\N{NO-BREAK SPACE} ")) != self._last:
            self._last = sentence
            self._write(f"{sentence}\n")

    def keep(self, text: str) -> None:
        """Print a text that stays."""
        self.clear()
        self._write(f"{text}\n")

    def clear(self) -> None:
        """Take the line away."""
        if self.live:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()
