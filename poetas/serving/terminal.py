"""Terminal output: lines, errors, and a job's progress on one line that is written over."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from poetas.errors import Explanation, PoetasError, explain
from poetas.i18n import _, percent
from poetas.jobs import Job, JobState, Notice, Progress
from poetas.util.error_log import write_down
from poetas.workspace import Workspace, no_home


def say(*lines: str) -> None:
    """Print lines at once, however the output is buffered."""
    print(*lines, sep="\n", flush=True)  # noqa: T201  # a command's own words


def tell(problem: Explanation, log: Path | None = None) -> int:
    """Print an error as plain lines on the error stream (what, why, what to do, where the detail is); return 1."""
    lines = [problem.what, problem.why, problem.remedy]
    if log is not None and log.is_file():
        lines.append(_("El detalle está en {log}.").format(log=log))
    print(*(line for line in lines if line), sep="\n", file=sys.stderr, flush=True)  # noqa: T201
    return 1


def tell_error(error: Exception) -> int:
    """Print any error as plain lines; an unforeseen one goes to the error log, and the lines name that file."""
    explanation = explain(error)
    if isinstance(error, PoetasError) or explanation.code not in {"unexpected", "no-permission"}:
        return tell(explanation)
    log = write_down(error, "poetas")
    if log is None:  # the log cannot be written: that error comes first
        explanation = _homeless(explanation.detail)
    elif explanation.code == "unexpected":  # its remedy names a job's log
        explanation = replace(explanation, remedy=_("Volvé a intentar."))
    return tell(explanation, log)


def _homeless(detail: str) -> Explanation:
    try:
        return no_home(str(Workspace.default().root), detail).explanation
    except PoetasError as error:  # no account has the name after its ``~``
        return error.explanation


def follow(job: Job, out: TextIO | None = None) -> int:
    """Show what a fetch job does until it is over; return 0 if it finished, 1 if it failed, 130 if it was stopped.

    Ctrl-C asks it to stop, and leaves it to end by itself: what it has downloaded so far is kept.
    """
    line = StatusLine(out or sys.stdout)
    since, state = 0, job.state
    try:
        while True:
            state = job.wait(0.2)  # asked before the events, so that the last ones are read too
            events, since = job.events(since)
            for event in events:
                if isinstance(event, Progress) and event.note:
                    share = f" {percent(min(1.0, event.done / event.total))}" if event.total else ""
                    line.show(f"{event.note}{share}")
                elif isinstance(event, Notice):
                    line.keep(event.text)
            if state.over:
                break
    except KeyboardInterrupt:
        job.stop()
        line.keep(_("Detenido. Si algo llegó a bajar, la próxima vez sigue desde ahí."))
        return 130
    line.clear()
    failure = job.failure()
    if failure is not None:
        return tell(failure, job.dir / "log.txt")
    return 0 if state is JobState.FINISHED else 130


class StatusLine:
    """One line of a terminal that is written over; where there is no terminal, a line for each new sentence.

    >>> import io; out = io.StringIO(); line = StatusLine(out)
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
