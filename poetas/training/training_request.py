"""Training request: a job's configuration, parsed and validated once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_summary import DatasetSummary, find_dataset
from poetas.models.errors import damaged_model
from poetas.models.folder_errors import model_gone
from poetas.models.model_store import Record, is_id, is_whole, model_folder, name_in
from poetas.models.name_errors import impossible_model
from poetas.training.config import TrainingConfig
from poetas.training.errors import DatasetReplaced, bad_config, dataset_replaced
from poetas.workspace import Workspace

MOST_SAMPLES = 10


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """A training to be done.

    model: a converted model's folder. title: its id. dataset: a prepared dataset's folder. samples: indices of the
    validation texts that are written again as it learns. language: of the instruction, "" = that of the texts.
    """

    model: Path
    title: str
    dataset: Path
    training: TrainingConfig
    samples: tuple[int, ...] = ()
    language: str = ""

    @classmethod
    def parse(cls, config: Mapping[str, Any]) -> TrainingRequest:
        """Read a job's configuration: ``model`` (an id, or a folder), ``dataset`` (a folder), ``training`` (knobs).

        Optional: ``samples``, how many of the first validation texts, or a list of their indices; ``language``, "es"
        or "en"; ``fingerprint`` of the dataset: it is found under another name beside its folder, and another dataset
        in its place is refused. Raises BadTraining, DatasetReplaced, and what `find_model` raises.

        >>> TrainingRequest.parse({"model": "smollm2-135m", "dataset": "/tmp/d", "samples": 2}).samples
        (0, 1)
        """
        model, dataset, language = config.get("model"), config.get("dataset"), config.get("language") or ""
        if not isinstance(model, str) or not isinstance(dataset, str) or not model or not dataset:
            raise bad_config("model and dataset are needed, as texts")
        if language not in {"", "es", "en"}:
            raise bad_config(f"language: {str(language)[:40]}")
        folder = find_model(model)
        training = TrainingConfig.from_dict(config.get("training") or {})
        located = locate_dataset(Path(dataset), config.get("fingerprint"))
        return cls(folder, _id_of(folder), located, training, _indices(config.get("samples", 0)), language)


def find_model(name: str) -> Path:
    """Return the folder of a model named by its id, or by the folder itself.

    Raises UnknownModel, NoModelInFolder where the folder is gone, BrokenModel where it is not whole.
    """
    folder = Path(name)
    if folder.is_absolute():
        if not folder.is_dir():
            raise model_gone(name_in(folder))
        if not is_whole(folder):
            raise damaged_model(name_in(folder), f"{folder} is not whole")
        return folder
    if not is_id(name):
        raise impossible_model(name)
    return model_folder(Workspace.default(), name)


def locate_dataset(
    folder: Path, fingerprint: object, replaced: Callable[[str], DatasetReplaced] = dataset_replaced
) -> Path:
    """The folder where the dataset with this fingerprint is now; None and "" = whatever the folder holds.

    A folder that is gone is returned as it is: opening it says so. Raises what ``replaced`` makes of the folder's name
    where another dataset is in its place.
    """
    if not fingerprint:
        return folder
    located = find_dataset(folder, str(fingerprint))
    if located is None and DatasetSummary.read(folder) is not None:
        raise replaced(folder.name)
    return located or folder


def _id_of(folder: Path) -> str:
    """The id that a model's folder says it has, else the folder's name."""
    try:
        return Record.read(folder).entry.id
    except (OSError, ValueError):
        return folder.name


def _indices(value: object) -> tuple[int, ...]:
    if type(value) is int and 0 <= value <= MOST_SAMPLES:
        return tuple(range(value))
    if (
        isinstance(value, list)
        and len(value) <= MOST_SAMPLES
        and all(type(index) is int and index >= 0 for index in value)
    ):
        return tuple(dict.fromkeys(value))
    raise bad_config(f"samples: {str(value)[:40]}")
