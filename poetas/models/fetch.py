"""Start of a fetch job, or of a query to the Hub, from a page or the command line.

Nothing here touches the network: only the job does, and its configuration holds no path (see
`poetas.models.fetch_request`).
"""

from __future__ import annotations

import os
from pathlib import Path

from poetas.jobs import Job
from poetas.models.catalogue import Catalogue
from poetas.models.fetch_request import ASK, FETCH, FOLDER, REFETCH, FetchRequest, hand_over
from poetas.models.licences import accept_licence, licence_accepted, require
from poetas.models.model_store import model_folder
from poetas.util.files import write_text
from poetas.workspace import Workspace

KIND = "fetch"
TOKEN_FILE = "clave-hub.txt"  # noqa: S105 - a file's name


def start_fetch(workspace: Workspace, model: str, *, folder: Path | None = None, refetch: bool = False) -> Job:
    """Start bringing a model (download, check, convert once) and return the job; one that already runs is returned.

    model: an id. folder: the model's folder on this machine instead (command line only). refetch: bring one that is
    here once more and replace it once the new one is whole: what is here may be damaged. The job's result is
    ``{model, folder, source, parameters, seconds: {download, convert}, peak_rss_mb, already}``.
    Raises UnknownModel, NoModelInFolder, and LicenceNotAccepted before anything is downloaded.
    """
    catalogue = Catalogue.load(workspace)
    entry = catalogue.entry_for(model) if folder is None else catalogue.entry_in(folder, model)
    accepted = require(workspace, entry)
    running = current_fetch(workspace, entry.id)
    if running is not None:
        return running
    if folder is not None:
        hand_over(folder, entry.id)
    task = FOLDER if folder is not None else REFETCH if refetch else FETCH
    return _start(workspace, FetchRequest(task, entry.id, accepted))


def start_inquiry(workspace: Workspace, model: str) -> Job:
    """Start asking the Hub about a typed id: licence, size, parameters, kind. Nothing is downloaded.

    The job's result is the description (`ModelEntry.from_dict` reads it), and it is kept, so that the catalogue
    knows the model from then on. Raises UnknownModel for what cannot be an id.
    """
    entry = Catalogue.load(workspace).entry_for(model)
    return _start(workspace, FetchRequest(ASK, entry.id))


def current_fetch(workspace: Workspace, model: str) -> Job | None:
    """Return the job that is bringing a model now, or None."""
    for job in Job.all(workspace.jobs):
        if job.kind == KIND and job.config.get("model") == model and job.config.get("task") in (FETCH, REFETCH, FOLDER):
            return None if job.state.over else job
    return None


def save_token(workspace: Workspace, token: str) -> None:
    """Keep the learner's Hub token in a file that only they can read; an empty one removes it."""
    path = token_path(workspace)
    if token.strip():
        workspace.settle()
        write_text(path, token.strip() + "\n", mode=0o600)
    else:
        path.unlink(missing_ok=True)


def token_path(workspace: Workspace) -> Path:
    """Where the Hub's token is kept."""
    return workspace.root / TOKEN_FILE


def has_token(workspace: Workspace) -> bool:
    """Tell whether there is a token: `HF_TOKEN`, or one that was saved."""
    return bool(os.environ.get("HF_TOKEN", "").strip()) or token_path(workspace).is_file()


def _start(workspace: Workspace, request: FetchRequest) -> Job:
    workspace.settle()
    if os.environ.get("POETAS_MODELS", "").strip():  # the job works in a folder of its own: make the place absolute
        os.environ["POETAS_MODELS"] = str(workspace.models.resolve())
    return Job.start(KIND, request.as_dict(), parent=workspace.jobs)


__all__ = [
    "KIND",
    "accept_licence",
    "current_fetch",
    "has_token",
    "licence_accepted",
    "model_folder",
    "save_token",
    "start_fetch",
    "start_inquiry",
    "token_path",
]
