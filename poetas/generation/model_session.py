"""Model and adapter of a service call: found, validated, and kept loaded for the length of the call."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from poetas.generation.errors import bad_adapter, model_not_ready
from poetas.generation.model_cache import LoadedModel, ModelCache
from poetas.models.model_store import is_ready, model_folder
from poetas.services.session import Session
from poetas.util.files import inside
from poetas.workspace import Workspace

OWN = ""  # for ``model`` and ``adapter``: what this session loaded last


class ModelSession:
    """The base of the generation service's handler. workspace: default, that of this process (`POETAS_HOME`)."""

    def __init__(self, workspace: Workspace | None = None) -> None:
        self._workspace = workspace or Workspace.default()
        self._model_cache = ModelCache()

    @contextmanager
    def _acquire(self, session: Session, model: str, adapter: str | None) -> Iterator[LoadedModel]:
        model = model or session.get("model", "")
        if not model:
            raise model_not_ready()
        if not is_ready(self._workspace, model):
            raise model_not_ready(model)
        chosen = session.get("adapter") if adapter == OWN else adapter
        if not session.get("leaves"):
            session["leaves"] = True
            session.on_close(lambda: self._model_cache.leave(session))
        folder = model_folder(self._workspace, model)
        with self._model_cache.acquire(session, folder, None if chosen is None else self._inside(chosen)) as loaded:
            yield loaded

    def _inside(self, adapter: str) -> Path:
        """Return the folder of an adapter, which must lie in the workspace, links resolved. Raises BadAdapter."""
        folder = self._workspace.root / adapter
        if not inside(self._workspace.root, folder):
            raise bad_adapter(f"{adapter} is not in the workspace")
        return folder.resolve()
