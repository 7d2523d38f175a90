"""Erasure of the learner's data («Borrar mis datos»): asks again, stops jobs, removes all but the models, reports."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from ipywidgets import Widget

from poetas.i18n import _, ngettext, number
from poetas.jobs import Job
from poetas.privacy.erasure import erase_personal_data
from poetas.services import Service
from poetas.workspace import Workspace
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext

STOP_TIMEOUT = 15.0  # seconds that a job may take to save and end before it is killed
LISTED = 40


class EraseMyData(Component):
    """Removes all the learner's files from the program's folder, after a second click."""

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._removed: list[str] | None = None
        super().__init__(context)

    def build(self) -> Sequence[Widget]:
        """Make the button, the question and the report."""
        self.message = html("")
        self.ask = make_button(_("Borrar mis datos"), kind="danger")
        self.on_click(self.ask, partial(self.run_guarded, self._ask))
        self.question = html("")
        self.yes = make_button(_("Sí, borrar todo"), kind="danger")
        self.on_click(self.yes, self._erase)
        self.no = make_button(_("No, dejar todo como está"))
        self.on_click(self.no, self._cancel)
        row = row_of((self.ask, self.yes, self.no))
        self._sure = False
        self.report = html("")
        return (self.message, self.question, row, self.report)

    def refresh(self) -> None:
        """Show the question only after the first click."""
        busy = self.state is State.BUSY
        sure = self._sure and not busy
        for part in (self.question, self.yes, self.no):
            show(part, sure)
        show(self.ask, not (sure))
        self.ask.disabled = busy
        words = _(
            "Tus textos, tus conjuntos, tus entrenamientos y tus respuestas están en {folder}. "
            "Podés borrarlos de acá cuando quieras. Quedan los modelos, que no tienen nada tuyo, y la nota de las "
            "licencias que aceptaste, que solo dice cuáles y cuándo."
        )
        sentence = text(words.format(folder="\0")).replace("\0", tag("code", text(self.context.workspace.root)))
        if busy:
            sentence = text(_("Detengo lo que está corriendo y borro…"))
        self.message.value = tag("p", sentence, **({"role": "status"} if busy else {}))

    def _cancel(self) -> None:
        self._sure = False
        self.refresh()

    def _ask(self) -> None:
        self.report.value = ""
        count = len(list(self.context.workspace.projects()))
        many = ngettext("Se va a borrar {n} proyecto entero", "Se van a borrar {n} proyectos enteros", count)
        words = [_("{projects}, y no hay vuelta atrás.").format(projects=many.format(n=number(count)))]
        if jobs := len(_running(self.context.workspace)):
            stopped = ngettext(
                "Hay {n} trabajo en marcha: se va a detener.",
                "Hay {n} trabajos en marcha: se van a detener.",
                jobs,
            )
            words.append(stopped.format(n=number(jobs)))
        question = " ".join([*words, _("¿Seguro?")])
        self.question.value = tag("p", text(question), class_="notice care", role="alert")
        self._sure = True
        self.refresh()

    def _erase(self) -> None:
        self._sure = False
        self.clear_error()
        self.state = State.BUSY
        context = self.context
        context.erasing = True  # what follows a job that stops now would write its end into the folder that goes
        context.services.ask(lambda: _erase(context), done=self._done, failed=self._failed)

    def _failed(self, problem: Any) -> None:
        self.context.erasing = False
        self.fail(problem, {"retry": self._erase})

    def _done(self, removed: list[str]) -> None:
        self.context.reset()
        self.state = State.READY
        if not removed:
            self.report.value = tag("p", text(_("No había nada que borrar.")), class_="notice", role="status")
            return
        many = ngettext("Borré {n} archivo.", "Borré {n} archivos.", len(removed)).format(n=number(len(removed)))
        words = _("Los modelos siguen en {folder}. Si esta página quedó a medias, recargala.")
        kept = text(words.format(folder="\0")).replace("\0", tag("code", text(self.context.workspace.models)))
        names = "".join(tag("li", tag("code", text(name))) for name in removed[:LISTED])
        if len(removed) > LISTED:
            rest = len(removed) - LISTED
            names += tag("li", text(ngettext("y {n} más", "y {n} más", rest).format(n=number(rest))))
        listed = tag("details", tag("summary", text(_("Qué borré"))) + tag("ul", names), class_="poetas-whole")
        result = tag("p", tag("b", text(many)) + " " + kept)
        self.report.value = tag("div", result + listed, class_="notice", role="status")


def _running(workspace: Workspace) -> list[Job]:
    """Return the jobs of all projects, and downloads of models, that are not over."""
    folders = [project.jobs for project in workspace.projects()] + [workspace.jobs]
    return [job for folder in folders for job in Job.all(folder) if not job.state.over]


def _erase(context: PageContext) -> list[str]:
    """Stop jobs and services, then remove the data; return the removed paths, relative to the root."""
    workspace = context.workspace
    running = _running(workspace)
    for job in running:
        job.stop()
    end = time.monotonic() + STOP_TIMEOUT
    while time.monotonic() < end and not all(job.state.over for job in running):
        time.sleep(0.1)
    for job in running:
        if not job.state.over:
            job.kill()
    Service.retire_all(workspace.root)
    context.services.disconnect()
    return erase_personal_data(workspace)
