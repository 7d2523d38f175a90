"""Request of a fetch job, parsed as untrusted input, and the workspace that it works for.

A job's folder may come from anywhere, and this is the one job with a network. So its description names a model and no
path: every path follows from where the folder lies, or from the environment of the starting process.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.i18n import _
from poetas.jobs import JobUnreadable
from poetas.models.folder_errors import folder_not_given
from poetas.workspace import Workspace

FETCH, REFETCH, FOLDER, ASK = "fetch", "refetch", "folder", "ask"
FOLDER_VARIABLE = "POETAS_FETCH_FOLDER"  # for the task "folder": where the command line said that the model is,
MODEL_VARIABLE = "POETAS_FETCH_MODEL"  # and which one it said that it is


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """What is to be done about which model.

    task: ``fetch`` (from the model's sources), ``refetch`` (the same, replacing one that is here), ``folder`` (from
    one on this machine) or ``ask`` (the Hub about it).
    model: its id. accepted: the acceptance of its licence, None where none was needed.
    """

    task: str
    model: str
    accepted: dict[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the job's configuration."""
        return {"task": self.task, "model": self.model, "accepted": self.accepted}

    @classmethod
    def read(cls, config: Mapping[str, Any]) -> FetchRequest:
        """Read a job's configuration. Raises JobUnreadable, also for anything that is not asked for here.

        >>> FetchRequest.read({"task": "ask", "model": "ana/mini"}).model
        'ana/mini'
        """
        task, model, accepted = config.get("task"), config.get("model"), config.get("accepted")
        if unknown := sorted(config.keys() - {"task", "model", "accepted"}):
            raise _refused(", ".join(unknown)[:200])
        if task not in (FETCH, REFETCH, FOLDER, ASK) or not isinstance(model, str):
            raise _refused(f"task {str(task)[:40]}")
        if accepted is not None and not (
            isinstance(accepted, dict) and all(isinstance(word, str) for word in accepted.values())
        ):
            raise _refused("accepted")
        return cls(str(task), model, accepted)


def hand_over(folder: Path, model: str) -> None:
    """Pass a model's folder to the jobs started by this process; it stays set, so that they can be resumed."""
    os.environ[FOLDER_VARIABLE], os.environ[MODEL_VARIABLE] = str(folder.resolve()), model


def handed_over(model: str) -> Path:
    """Return the folder that the starting process named for a model. Raises NoModelInFolder."""
    folder = os.environ.get(FOLDER_VARIABLE, "")
    if not folder or os.environ.get(MODEL_VARIABLE) != model:
        raise folder_not_given(model)
    return Path(folder)


def workspace_of(folder: Path) -> Workspace:
    """Return the workspace that a job's folder lies in. Raises JobUnreadable where it lies anywhere else."""
    workspace = Workspace(folder.resolve().parent.parent)
    if folder.resolve().parent != workspace.jobs:
        raise _refused(f"not in {workspace.jobs.name}")
    return workspace


def _refused(detail: str) -> JobUnreadable:
    return JobUnreadable(
        _("No voy a hacer esta descarga."),
        why=_("Su carpeta pide algo que este programa no escribe: la cambió alguien, o es de otra versión."),
        remedy=_("Elegí el modelo de nuevo y empezá otra descarga. Si la carpeta te la pasaron, borrala."),
        action="restart",
        detail=detail,
    )
