"""Trouble report: a project's jobs and logs in; versions, states and places of errors out, no word of the learner's.

A line of a log may quote a text, so that of each line only what the program itself wrote is kept: the place in a
traceback, and the name of an exception.
"""

from __future__ import annotations

import platform
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import poetas
from poetas import environment
from poetas.course.answers_file import is_name
from poetas.course.course_record import Part, course_entries
from poetas.i18n import _, ngettext, number, size
from poetas.jobs import Job
from poetas.models.catalogue import Catalogue
from poetas.models.model_store import ready_models
from poetas.util.files import is_figure, write_text
from poetas.workspace import Project, Workspace

PACKAGES = ("ipywidgets", "voila", "jupyter-server", "torch", "transformers", "peft", "datasets", "tokenizers")
LINES, JOBS = 40, 12  # of each log, and jobs
LARGEST = 1 << 20  # bytes at the end of a log that are read
_PLACE = re.compile(r'\s*File "([^"\n]{1,400})", line (\d{1,7}), in ([\w<>.]{1,80})')
_RAISED = re.compile(r"(?:\w{1,40}\.){0,6}[A-Z]\w{0,40}(?:Error|Exception|Warning|Interrupt|Exit)(?=:|$)")


def trouble_report(project: Project, state: Mapping[str, Any]) -> str:
    """Return the report as text. state: of the project, with what is not on the disk yet."""
    root = project.workspace.root
    parts = [
        _("Informe para quien enseña, del {time} (UTC)").format(time=datetime.now(UTC).strftime("%Y-%m-%d %H:%M")),
        "",
        *_versions(),
        *_machine(root),
        _("Modelos: {list}").format(list=", ".join(_models(project.workspace)) or "—"),
        *_cards(state),
        *_jobs(project),
    ]
    for log in sorted((root / "run").glob("*.log")):
        parts += _log(log, f"run/{_plain(log.stem)}.log")
    return "\n".join(parts) + "\n"


def write_trouble_report(report: str, folder: Path) -> Path:
    """Write a report into a folder, which exists, and return the file. Raises OSError."""
    path = folder / f"informe-{datetime.now(UTC):%Y-%m-%d}.txt"
    write_text(path, report)
    return path


def places(lines: Iterable[str]) -> list[str]:
    r"""Return what the program wrote of a log: places in tracebacks, names of exceptions; nothing that a line quotes.

    >>> places(['  File "/ana/poetas/util/files.py", line 7, in read', '    open("Mi abuela")', "ValueError: Mi"])
    ['poetas/util/files.py:7 read', 'ValueError']
    """
    kept = []
    for line in lines:
        if place := _PLACE.match(line):
            kept.append(f"{_module(place[1])}:{place[2]} {place[3]}")
        elif raised := _RAISED.match(line):
            kept.append(raised[0])
    return kept


def _module(path: str) -> str:
    """Return a source file's path from its package on, which says nothing of where the learner keeps it."""
    parts = re.split(r"[\\/]", path)
    for start in ("site-packages", "dist-packages"):
        if start in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(start) :])
    for package in ("poetas", "widgets"):
        if package in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(package) :])
    return "…"


def _versions() -> Iterator[str]:
    yield f"LLMs para poetas {poetas.__version__}, Python {platform.python_version()}, {platform.platform()}"
    for name in PACKAGES:
        with suppress(metadata.PackageNotFoundError):
            yield f"  {name} {metadata.version(name)}"


def _machine(root: Path) -> Iterator[str]:
    machine = environment.machine(root)
    words = _("Máquina: {place}; {cores} núcleos; memoria {free} libres de {total}; disco {disk} libres")
    yield words.format(
        place=environment.place().value,
        cores=number(machine.cores),
        free=size(machine.memory_free),
        total=size(machine.memory_total),
        disk=size(machine.disk_free),
    )


def _models(workspace: Workspace) -> Iterator[str]:
    """Give the models that are here; the name of one that the program does not list may be the learner's."""
    listed = Catalogue.load(Workspace(Path("/nowhere"))).entries
    yield from (entry.id if entry.id in listed else "…" for entry in ready_models(workspace))


def _cards(state: Mapping[str, Any]) -> Iterator[str]:
    met = course_entries(state, Part.ERRORS)
    counts = {code: count for code, count in met.items() if is_name(code) and is_figure(count) and count > 0}
    if counts:
        yield _("Tarjetas de error: {list}").format(list=", ".join(f"{code} ×{n:g}" for code, n in counts.items()))


def _jobs(project: Project) -> Iterator[str]:
    jobs = [*Job.all(project.jobs), *Job.all(project.workspace.jobs)][:JOBS]
    if jobs:
        words = ngettext("{n} trabajo, el último primero:", "{n} trabajos, los últimos primero:", len(jobs))
        yield words.format(n=number(len(jobs)))
    for job in jobs:
        yield f"  {_plain(job.kind)}: {job.state.value}"
        yield from _log(job.dir / "log.txt", "    log.txt")


def _log(path: Path, name: str) -> Iterator[str]:
    """Give the last places of a log below its name; nothing where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - LARGEST))
            lines = file.read(LARGEST).decode("utf-8", "replace").splitlines()
    except OSError:
        return
    if kept := deque(places(lines), LINES):
        yield f"{name}:"
        yield from (f"      {place}" for place in kept)


def _plain(name: str) -> str:
    return name if is_name(name) else "…"
