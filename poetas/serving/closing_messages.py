"""Sentences at the end of a server: where the work is, which services ended or stay, and which jobs go on."""

from __future__ import annotations

from collections.abc import Collection

from poetas.i18n import _, ngettext, number
from poetas.jobs import Job
from poetas.services import Service
from poetas.services.registry import SERVICES
from poetas.workspace import Workspace


def closing_sentences(workspace: Workspace, ended: Collection[str]) -> list[str]:
    """Return what there is to say. ended: names of the services that the server ended (`Service.retire_unused`)."""
    sentences = [_("Cerrado. Lo que guardaste está en {folder}.").format(folder=workspace.root)]
    heavy = [name for name, kind in SERVICES.items() if kind.shared and kind.torch]
    if any(name in ended for name in heavy):
        sentences.append(_("También cerré el modelo que escribe, que ocupaba memoria."))
    elif any(Service.is_running(name, workspace.root) for name in heavy):
        sentences.append(_("El modelo que escribe sigue abierto, porque lo usa otro programa: se cierra solo."))
    if running := _running(workspace):
        words = ngettext(
            "{n} trabajo sigue solo: lo vas a encontrar cuando vuelvas a abrir.",
            "{n} trabajos siguen solos: los vas a encontrar cuando vuelvas a abrir.",
            running,
        )
        sentences.append(words.format(n=number(running)))
    return sentences


def _running(workspace: Workspace) -> int:
    folders = (workspace.jobs, *sorted((workspace.root / "proyectos").glob("*/trabajos")))
    return sum(not job.state.over for folder in folders for job in Job.all(folder))
