"""Facts about a page (task, kind of model, place) that choose between the variants of a lesson note."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from poetas import environment
from poetas.util.files import read_json
from widgets.core.page_context import PageContext

if TYPE_CHECKING:
    from poetas.models.entry import ModelEntry

LARGEST = 5_000_000  # bytes of a dataset's record


def note_conditions(context: PageContext) -> dict[str, str]:
    """Return what is known now; what is not known is absent, and no variant that depends on it is shown.

    task: "summary" or "style", of the dataset in use. kind: "plain", "chat" or "seq2seq", of the chosen model (see
    `poetas.generation.prompt_templates.PromptStyle`). place: "own" or "borrowed". validation: "some" or "none", of the
    dataset's texts.
    """
    known = {"place": "borrowed" if environment.borrowed() else "own"}
    if task := dataset_task(context.dataset):
        known["task"] = task
        known["validation"] = _validation(context.dataset)
    if kind := _model_kind(context):
        known["kind"] = kind
    return known


def dataset_task(folder: str) -> str:
    """Return the task of a prepared dataset's folder, "" where there is none that can be read."""
    return _noted(folder, "task", {"summary", "style"})


def _validation(folder: str) -> str:
    """Return "none" where the record counts no validation texts: a training then measures nothing on its way."""
    counts = _field(folder, "counts")
    return "none" if isinstance(counts, dict) and counts.get("validation") == 0 else "some"


def dataset_language(folder: str) -> str:
    """Return the language of a prepared dataset's texts, "es" or "en"; "" where its record does not say."""
    return _noted(folder, "language", {"es", "en"})


def chosen_model(context: PageContext) -> ModelEntry | None:
    """Return what is known of the chosen model, None while there is none on this machine."""
    if not context.model:
        return None
    from poetas.models.model_store import model_folder, record_of  # noqa: PLC0415 - not before a model is chosen

    record = record_of(model_folder(context.workspace, context.model))
    return record.entry if record is not None else None


def _noted(folder: str, name: str, allowed: set[str]) -> str:
    value = _field(folder, name)
    return value if isinstance(value, str) and value in allowed else ""


def _field(folder: str, name: str) -> object:
    """Return a field of a dataset's record, None where the record cannot be read, also if it was erased just now."""
    path = Path(folder) / "dataset.json"
    try:
        return _record(path, path.stat().st_mtime_ns).get(name) if folder else None
    except OSError:
        return None


@lru_cache(maxsize=8)
def _record(path: Path, _changed: int) -> dict[str, object]:
    try:
        record = read_json(path) if path.stat().st_size <= LARGEST else None
    except ValueError:
        return {}
    return {name: record.get(name) for name in ("task", "language", "counts")} if isinstance(record, dict) else {}


def _model_kind(context: PageContext) -> str:
    entry = chosen_model(context)
    if entry is None:
        return ""
    from poetas.generation.prompt_templates import PromptStyle  # noqa: PLC0415 - not before a model is chosen

    return PromptStyle.of(entry).kind
