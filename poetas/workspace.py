"""Workspace: the learner's folder of projects, each with its data, its jobs and its answers.

Layout, mode 0700 throughout::

    ~/llms-para-poetas/              POETAS_HOME moves it
        modelos/                     converted models, shared by all projects
        proyectos/NAME/
            fuentes/                 the files the learner brought
            conjuntos/NAME/          prepared datasets (dataset.json + Arrow)
            trabajos/ID/             jobs: training, evaluation, fetching
            respuestas/              answers, exercises, feedback
            progreso.json            what was chosen and which steps are done
            resumenes-escritos.json  the summaries that the learner writes beside her texts
        registro.jsonl               the ledger: what was asked, downloaded and refused
        licencias.json               the licences that were accepted, which belong to the models
        clase.toml                   what an instructor fixes for a class, if any
        cuadernos/                   JupyterLab's copies of the apps, with whatever they showed
        run/                         addresses and logs of what is running

Nothing is created by looking: folders appear when something is first written.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.util.file_lock import file_lock
from poetas.util.files import inside, private_folder, read_json, safe_name, write_json

DEFAULT_PROJECT = "mi-proyecto"
SERVER_LOG = "servidor.log"
CLASS_FILE = "clase.toml"
# What holds something of the learner; `poetas.privacy.erasure` removes it.
PERSONAL = ("proyectos", "trabajos", "cuadernos", "actual.json", "clave-hub.txt", "registro.jsonl")
_STRAY = (
    ".DS_Store",
    ".directory",
    ".ipynb_checkpoints",
    "Thumbs.db",
    "desktop.ini",
)  # made by file managers and Jupyter
_OURS = frozenset({*PERSONAL, CLASS_FILE, "modelos", "licencias.json", "licencias.lock", "run", *_STRAY})


class NoHome(PoetasError):
    """The learner's folder cannot be used: nothing can be made or written there."""

    code = "no-home"


def no_home(folder: str, detail: str = "") -> NoHome:
    """The card for a folder that cannot be used, as the command line prints it."""
    return NoHome(
        _("No puedo usar la carpeta {folder}.").format(folder=folder),
        why=_("Ahí van tus proyectos y los modelos, y no me deja escribir, o no puede ser una carpeta."),
        remedy=_("Fijate si se puede escribir ahí, o elegí otra con la variable POETAS_HOME."),
        action="retry",
        detail=detail,
    )


@dataclass(frozen=True, slots=True)
class Project:
    """One project of a workspace: a folder and its name."""

    workspace: Workspace
    name: str

    @property
    def path(self) -> Path:
        """The project's folder (it may not exist yet)."""
        return self.workspace.root / "proyectos" / self.name

    @property
    def sources(self) -> Path:
        """Where the files that the learner brought are kept."""
        return self.path / "fuentes"

    @property
    def datasets(self) -> Path:
        """Where prepared datasets are kept, one folder each."""
        return self.path / "conjuntos"

    @property
    def jobs(self) -> Path:
        """Where the project's jobs are kept, one folder each."""
        return self.path / "trabajos"

    def prepared(self) -> list[Path]:
        """Folders of the prepared datasets, newest first, but for links that lead out of the project."""
        records = [path for path in self.datasets.glob("*/dataset.json") if inside(self.path, path)]
        return [path.parent for path in sorted(records, key=lambda path: path.stat().st_mtime, reverse=True)]

    def state(self) -> dict[str, Any]:
        """What was chosen and which steps are done; empty when there is nothing, or when it cannot be read.

        A link that leads out of the project is not followed; the first writing puts a file in its place.
        """
        path = self.path / "progreso.json"
        try:
            value = read_json(path) if inside(self.path, path) else {}
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def remember(self, **changes: Any) -> None:
        """Merge ``changes`` into the project's state and write it, whole, to the disk, under a file lock."""
        self.update(lambda state: {**state, **changes})

    def update(self, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Write what ``change`` makes of the project's state, whole, to the disk, under a file lock."""
        self.workspace.settle()
        private_folder(self.path)
        with file_lock(self.path / "progreso.lock"):
            write_json(self.path / "progreso.json", change(self.state()))


@dataclass(frozen=True, slots=True)
class Workspace:
    """A learner's folder.

    >>> import tempfile; workspace = Workspace(Path(tempfile.mkdtemp()) / "home")
    >>> workspace.project("../../etc").path.name, workspace.root.exists()
    ('etc', False)
    """

    root: Path

    @classmethod
    def default(cls) -> Workspace:
        """The workspace of this user: `POETAS_HOME`, or ``~/llms-para-poetas``. Raises NoHome (``~`` of no user)."""
        given = os.environ.get("POETAS_HOME", "").strip() or "~/llms-para-poetas"
        try:
            return cls(Path(given).expanduser())
        except RuntimeError as error:
            raise no_home(given, str(error)) from error

    @classmethod
    def around(cls, job: Path) -> Workspace | None:
        """Return the workspace that a job's folder lies in, in one of its projects or in none; None for another place.

        >>> Workspace.around(Path("/casa/proyectos/poemas/trabajos/train-1"))
        Workspace(root=PosixPath('/casa'))
        >>> Workspace.around(Path("/casa/trabajos/fetch-1")), Workspace.around(Path("/tmp/fetch-1"))
        (Workspace(root=PosixPath('/casa')), None)
        """
        jobs = job.resolve().parent
        project = Project(cls(jobs.parent.parent.parent), jobs.parent.name)
        if jobs == project.jobs:
            return project.workspace
        workspace = cls(jobs.parent)
        return workspace if jobs == workspace.jobs else None

    @property
    def models(self) -> Path:
        """Where converted models are kept; `POETAS_MODELS` lets an image carry them outside the workspace."""
        given = os.environ.get("POETAS_MODELS", "").strip()
        return Path(given).expanduser() if given else self.root / "modelos"

    @property
    def ledger(self) -> Path:
        """The ledger's file: one JSON object a line."""
        return self.root / "registro.jsonl"

    @property
    def jobs(self) -> Path:
        """Jobs that belong to no project: fetching models."""
        return self.root / "trabajos"

    def project(self, name: str = "") -> Project:
        """Return a project by name, an empty one being the current project.

        A name that `projects` gave is that project's, however it was made; any other text is made a safe name, with a
        number where a link has that name: links are never followed.
        """
        requested = name or self.current()
        if any(requested == project.name for project in self.projects()):
            return Project(self, requested)
        safe = safe_name(requested, fallback=DEFAULT_PROJECT)
        names = itertools.chain([safe], (f"{safe}-{number}" for number in itertools.count(2)))
        return next(project for project in (Project(self, name) for name in names) if not project.path.is_symlink())

    def projects(self) -> Iterator[Project]:
        """Yield the projects that exist, by name."""
        for folder in sorted((self.root / "proyectos").glob("*")):
            if folder.is_dir() and not folder.is_symlink():
                yield Project(self, folder.name)

    def current(self) -> str:
        """Name of the project that was opened last, where the three apps meet."""
        try:
            return str(read_json(self.root / "actual.json")["project"])
        except (OSError, ValueError, KeyError, TypeError):
            return DEFAULT_PROJECT

    def open(self, name: str) -> Project:
        """Make a project the current one and return it."""
        project = self.project(name)
        self.settle()
        write_json(self.root / "actual.json", {"project": project.name})
        return project

    def settle(self) -> None:
        """Make the folder, or take one that is there: from now on only its owner can open it.

        One that holds other things than ours is left as it is: they may be meant for others.
        """
        private_folder(self.root)
        if os.name == "nt" or any(entry.name not in _OURS and entry.suffix != ".part" for entry in self.root.iterdir()):
            return
        status = self.root.stat()
        if status.st_uid == os.getuid() and status.st_mode & 0o077:
            with suppress(OSError):  # a disk without permissions, as Windows' is under WSL: the rest goes on
                self.root.chmod(stat.S_IMODE(status.st_mode) & 0o700)
