"""Recipe values of the chosen model: its folder, and how it is prompted."""

from __future__ import annotations

from pathlib import Path

from poetas.models.model_store import model_folder
from poetas.recipes.values import asking_values
from widgets.core.page_context import PageContext


def model_values(context: PageContext, dataset: Path | None = None, *, language: str = "") -> dict[str, object]:
    """Return the chosen model's folder and its prompt settings, by their names in the recipes.

    language: of the prompt, "es" or "en"; "": that of the dataset's texts, as in training, or of the model. Empty while
    no model is chosen.
    """
    if not context.model:
        return {}
    folder = model_folder(context.workspace, context.model)
    return {"MODEL": str(folder), **asking_values(folder, dataset, language=language)}
