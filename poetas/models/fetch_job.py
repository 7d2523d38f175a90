"""Fetch job: the only process with a network, which gets no path to the learner's data.

What it is asked is a `FetchRequest`, which holds no path.

Stages: the sources in their order until one delivers, the check, the conversion. What has arrived stays in a folder
of its own, so that a stopped or killed job goes on where it was.
"""

from __future__ import annotations

import os
import re
import shutil
import time
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from poetas.environment import peak_rss_mb
from poetas.errors import DiskFull, NoNetwork, PoetasError
from poetas.i18n import _
from poetas.jobs import JobContext, Notice, Stopping
from poetas.models.catalogue import Catalogue, bare_entry, description_path
from poetas.models.entry import ModelEntry
from poetas.models.errors import licence_not_accepted, no_answer, no_source
from poetas.models.fetch import token_path
from poetas.models.fetch_progress import FetchProgress
from poetas.models.fetch_request import ASK, FOLDER, REFETCH, FetchRequest, handed_over, workspace_of
from poetas.models.folder_errors import not_in_folders
from poetas.models.install import install
from poetas.models.licences import covers
from poetas.models.model_store import folder_name, is_ready, model_folder
from poetas.models.sources.base import FetchedFiles, FetchInterrupted, SourceContext
from poetas.models.sources.folder import Folder
from poetas.models.sources.hub import Hub, host
from poetas.models.sources.hub_card import describe
from poetas.util.atomic_folder import recover
from poetas.util.disk_space import need_room
from poetas.util.files import private_folder, write_json
from poetas.workspace import Workspace

_TOKEN = re.compile(r"[!-~]{1,500}")
_LOOK_EVERY = 0.5  # seconds between two tries for the lock that another fetch of the same model holds


def run(context: JobContext) -> dict[str, Any]:
    """Bring the model, or ask the Hub about it, as the job's configuration says."""
    os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # plain HTTP: it resumes, tells its progress, and obeys proxies
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    request, workspace = FetchRequest.read(context.config), workspace_of(context.dir)
    token = _token(workspace)
    if request.task == ASK:
        return _ask(context, workspace, request.model, token)
    entry = _entry(workspace, request)
    if entry.must_accept and not covers(request.accepted, entry):
        raise licence_not_accepted(entry.title, entry.licence, entry.licence_url)
    staging = private_folder(workspace.models / ".descargas" / folder_name(entry.id))
    with _ModelLock(context, staging.with_name(f"{staging.name}.lock")):
        _sweep(staging, model_folder(workspace, entry.id))
        if request.task != REFETCH and is_ready(workspace, entry.id):
            return {"model": entry.id, "folder": str(model_folder(workspace, entry.id)), "already": True}
        return _fetch(context, workspace, entry, request, staging, token)


def _entry(workspace: Workspace, request: FetchRequest) -> ModelEntry:
    catalogue = Catalogue.load(workspace)
    if request.task != FOLDER:
        return catalogue.entry_for(request.model)
    return catalogue.entry_in(handed_over(request.model), request.model)


def _sweep(staging: Path, folder: Path) -> None:
    """Remove what a killed process was writing; called with the model's lock. What resumes has no dot in front."""
    recover(folder)
    for left in (*staging.rglob(".*.part"), *staging.rglob(".llega-*")):
        shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)


def _ask(context: JobContext, workspace: Workspace, model: str, token: str) -> dict[str, Any]:
    known = next((source for source in bare_entry(model).sources if isinstance(source, Hub)), Hub(repo=model))
    if context.ledger:
        context.ledger.asked(host(), known.repo)
    try:
        value = describe(known, token).as_dict()
    except NoNetwork as error:  # nothing was being downloaded
        raise no_answer(error.explanation.detail) from error
    path = description_path(workspace, model)
    private_folder(path.parent)
    write_json(path, value)
    return value


def _fetch(
    context: JobContext, workspace: Workspace, entry: ModelEntry, request: FetchRequest, staging: Path, token: str
) -> dict[str, Any]:
    meter = FetchProgress(context.emit, download=entry.download_size, convert=2 * entry.parameters)
    _check_room(entry, staging)
    begun = time.monotonic()
    source_context = SourceContext(
        folder=staging,
        say=meter.downloading,
        stopping=context.stop_requested,
        downloaded=context.ledger.downloaded if context.ledger else lambda *_arguments: None,
        asked=context.ledger.asked if context.ledger else lambda *_arguments: None,
        token=token,
    )
    obtained = _obtain(context, entry, source_context)
    fetched = time.monotonic()
    note = _("Preparo el modelo para esta máquina (una sola vez)")

    def say(done: float, total: float) -> None:
        if context.stop_requested():
            raise Stopping
        meter.converting(done, total, note)

    folder = model_folder(workspace, entry.id)
    final = install(entry, obtained, folder, accepted=request.accepted, say=say, refetch=request.task == REFETCH)
    shutil.rmtree(staging, ignore_errors=True)
    seconds = {"download": round(fetched - begun, 1), "convert": round(time.monotonic() - fetched, 1)}
    return {
        "model": final.id,
        "folder": str(folder),
        "source": obtained.origin,
        "parameters": final.parameters,
        "seconds": seconds,
        "peak_rss_mb": round(peak_rss_mb()),
        "already": False,
    }


def _obtain(context: JobContext, entry: ModelEntry, source_context: SourceContext) -> FetchedFiles:
    """Try the sources in order until one delivers. Raises the error of the last one where none does."""
    refused: PoetasError | None = None
    for source in entry.sources:
        if not source.available():
            continue
        if refused is not None:
            context.emit(Notice(refused.explanation.code, str(refused)))
        try:
            return source.obtain(source_context)
        except FetchInterrupted:
            raise Stopping from None
        except DiskFull:
            raise
        except PoetasError as error:
            context.log.warning("%s: %s (%s)", source.kind, error, error.explanation.detail)
            refused = error
    only_folders = all(source.kind == Folder.kind for source in entry.sources)
    raise refused or (not_in_folders(entry.title) if only_folders else no_source(entry.title))


def _check_room(entry: ModelEntry, staging: Path) -> None:
    """Refuse to start what cannot fit: the download, once more put together, and the converted weights."""
    there = sum(path.stat().st_size for path in staging.rglob("*") if path.is_file())
    needed = max(0, 2 * entry.download_size - there) + 2 * entry.parameters
    need_room(staging, needed)


def _token(workspace: Workspace) -> str:
    """The Hub's token: from the environment, or from the file that only its owner can read.

    Only what looks like a token is sent: a symbolic link could lead to one of the learner's texts.
    """
    if token := os.environ.get("HF_TOKEN", "").strip():
        return token
    path = token_path(workspace)
    try:
        token = "" if path.is_symlink() else path.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
    return token if _TOKEN.fullmatch(token) else ""


class _ModelLock:
    """Hold the model's lock, so that two jobs do not write the same files; the second waits for the first."""

    def __init__(self, context: JobContext, path: Path) -> None:
        self._context, self._lock = context, FileLock(path)

    def __enter__(self) -> None:
        notified = False
        while True:
            try:
                self._lock.acquire(timeout=_LOOK_EVERY)
            except Timeout:
                if self._context.stop_requested():
                    raise Stopping from None
                if not notified:
                    self._context.emit(Notice("waiting", _("Otra descarga de este modelo está en marcha: la espero.")))
                notified = True
            else:
                return

    def __exit__(self, *_: object) -> None:
        self._lock.release()
