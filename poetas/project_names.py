"""Titles of projects: a learner's text in, a checked title out; new projects and renamed ones.

The title is kept in the project's state. Its folder keeps the safe name that it was made with, so that nothing that
points into it (datasets, trainings, jobs that run) is lost by a new title.
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import Any

from poetas.errors import PoetasError
from poetas.i18n import _, number
from poetas.util.files import private_folder, safe_name
from poetas.workspace import DEFAULT_PROJECT, Project, Workspace

LONGEST = 80  # characters of a title
TITLE = "title"  # key of the project's state
# Characters that change the direction of what is beside them: a title must not turn the text around it.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class ProjectNameRefused(PoetasError):
    """A title that no project can have."""

    code = "project-name"


def clean_title(text: str) -> str:
    r"""Return a title as it is kept: NFC, one line, no control characters. Raises ProjectNameRefused.

    >>> clean_title("  Poemas\n de  Ana ")
    'Poemas de Ana'
    """
    plain = unicodedata.normalize("NFC", text)
    printed = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in plain)
    title = " ".join("".join(sign for sign in printed if sign not in _BIDI and not _broken(sign)).split())
    if not any(unicodedata.category(sign)[0] in "LNPS" for sign in title):
        raise ProjectNameRefused(
            _("Al proyecto le falta un nombre."),
            why=_("Un proyecto se encuentra por su nombre, y acá no hay ninguna letra."),
            remedy=_("Escribí una palabra o dos, por ejemplo «poemas de la abuela»."),
        )
    if len(title) > LONGEST:
        raise ProjectNameRefused(
            _("Ese nombre es demasiado largo."),
            why=_("Tiene {n} caracteres, y entran {most}.").format(n=number(len(title)), most=number(LONGEST)),
            remedy=_("Probá con uno más corto."),
        )
    return title


def _broken(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cs", "Cn", "Co"}


def title_of(project: Project) -> str:
    """Return a project's title: the one that was given, else the name of its folder."""
    return _title(project.state(), project)


def _title(state: dict[str, Any], project: Project) -> str:
    title = state.get(TITLE)
    try:
        return clean_title(title) if isinstance(title, str) else project.name
    except ProjectNameRefused:
        return project.name


def create_project(workspace: Workspace, title: str) -> Project:
    """Make a project and the current one of it; its folder has a safe and free name. Raises ProjectNameRefused."""
    title = clean_title(title)
    _refuse_taken(workspace, title)
    safe = safe_name(title, fallback=DEFAULT_PROJECT)
    names = itertools.chain([safe], (f"{safe}-{n}" for n in itertools.count(2)))
    taken = {entry.name.casefold() for entry in (workspace.root / "proyectos").glob("*")}
    name = next(name for name in names if name.casefold() not in taken)
    project = Project(workspace, name)
    workspace.settle()
    private_folder(project.path)
    project.remember(**{TITLE: title})
    return workspace.open(name)


def rename_project(project: Project, title: str) -> None:
    """Give a project another title; nothing else of it changes. Raises ProjectNameRefused."""
    title = clean_title(title)
    _refuse_taken(project.workspace, title, but=project)
    project.remember(**{TITLE: title})


def _refuse_taken(workspace: Workspace, title: str, but: Project | None = None) -> None:
    others = [project for project in workspace.projects() if but is None or project.name != but.name]
    if any(title_of(project).casefold() == title.casefold() for project in others):
        raise ProjectNameRefused(
            _("Ya tenés un proyecto que se llama así."),
            why=_("Con dos nombres iguales no sabrías cuál es cuál."),
            remedy=_("Elegí otro nombre, o abrí ese proyecto desde el menú."),
        )
