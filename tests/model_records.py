"""A model's folder that holds its record and empty files: enough for pages that only describe models."""

from __future__ import annotations

from poetas.models.entry import ModelEntry
from poetas.models.model_store import NEEDED, Record, model_folder
from poetas.workspace import Workspace


def record_model(workspace: Workspace, model: str = "casa/mini", **description: object) -> str:
    """Put a described model where a whole one would be, and return its id."""
    entry = ModelEntry.from_dict({"id": model, "parameters": 1_000_000, **description})
    folder = model_folder(workspace, model)
    folder.mkdir(parents=True, exist_ok=True)
    for name in NEEDED:
        (folder / name).touch()
    Record(entry, "tests", {}, None, "2025-01-01T00:00:00+00:00").save(folder)
    return model
