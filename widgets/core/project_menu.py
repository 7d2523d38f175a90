"""Project menu: the project's name in the page's header opens it; new project, change to another, rename."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
from traitlets import Dict, Unicode

from poetas.environment import in_voila
from poetas.errors import PoetasError
from poetas.i18n import _
from poetas.jobs import Job
from poetas.project_names import LONGEST, create_project, rename_project, title_of
from widgets.core.elements import look
from widgets.core.page_context import PageContext


class ProjectMenu(anywidget.AnyWidget):
    """One model: the menu is drawn by the browser, in the header where there is one, else beside the first cell.

    value: the project's title. texts: labels. Messages of the page: {"kind": "list" | "new" | "open" | "rename",
    "name": …}; the answers: {"kind": "projects" | "moved" | "renamed" | "failed", …}.
    """

    _esm = Path(__file__).with_suffix(".js")
    value = Unicode().tag(sync=True)
    texts = Dict().tag(sync=True)

    def __init__(self, context: PageContext) -> None:
        super().__init__(value=title_of(context.project), texts=_texts(), **look("poetas", "poetas-project-menu"))
        self.context = context
        context.observe(lambda _change: self.refresh(), "project")
        self.on_msg(lambda _widget, content, _buffers: self._receive(content))

    def refresh(self) -> None:
        """Show the project's title as it is on the disk."""
        self.value = title_of(self.context.project)

    def _receive(self, content: object) -> None:
        if not isinstance(content, Mapping):
            return
        kind, name = str(content.get("kind")), str(content.get("name") or "")
        try:
            answer = self.answer(kind, name)
        except (OSError, PoetasError) as error:
            problem = self.context.explain_error(error)
            answer = {"kind": "failed", "text": " ".join(filter(None, (problem.what, problem.why, problem.remedy)))}
        self.send(answer)

    def answer(self, kind: str, name: str) -> dict[str, Any]:
        """Do what the page asks for and return the answer. name: a title, or of "open" the name of a folder.

        Raises ProjectNameRefused, OSError.
        """
        if kind == "new":
            self._go(create_project(self.context.workspace, name).name)
            return {"kind": "moved"}
        if kind == "open":
            if name not in {project.name for project in self.context.workspace.projects()}:
                return {"kind": "failed", "text": _("Ese proyecto ya no está. Abrí el menú de nuevo.")}
            self._go(name)
            return {"kind": "moved"}
        if kind == "rename":
            rename_project(self.context.project, name)
            self.refresh()
            return {"kind": "renamed"}
        return {"kind": "projects", "projects": self.projects()}

    def projects(self) -> list[dict[str, Any]]:
        """Return all projects for the menu; the page's own is one of them, also where nothing is written yet."""
        own = self.context.project
        listed = {project.name: project for project in (*self.context.workspace.projects(), own)}
        return [
            {
                "name": project.name,
                "title": title_of(project),
                "here": project.name == own.name,
                "busy": any(not job.state.over for job in Job.all(project.jobs)),
            }
            for project in sorted(listed.values(), key=lambda project: title_of(project).casefold())
        ]

    def _go(self, name: str) -> None:
        """Make a project the current one; a page of Voilà is opened again, elsewhere the cells are run again."""
        if in_voila():
            self.context.workspace.open(name)
        else:
            self.context.open(name)


def _texts() -> dict[str, str | int]:
    return {
        "project": _("Proyecto"),
        "choose": _("Elegir otro proyecto, hacer uno nuevo o cambiarle el nombre"),
        "all": _("Tus proyectos"),
        "busy": _("trabajando"),
        "new": _("Proyecto nuevo…"),
        "rename": _("Cambiarle el nombre…"),
        "new_title": _("Un proyecto nuevo"),
        "rename_title": _("Otro nombre para este proyecto"),
        "name": _("¿Cómo se llama?"),
        "new_about": _("Empieza vacío. Este queda como está: volvés desde el mismo menú."),
        "rename_about": _("Tus textos, tus conjuntos y tus entrenamientos quedan donde están."),
        "create": _("Crearlo"),
        "save": _("Cambiar el nombre"),
        "cancel": _("Cancelar"),
        "again": _("Listo. Volvé a ejecutar las celdas desde el comienzo."),
        "longest": LONGEST,
    }
