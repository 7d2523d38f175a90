"""State kept per prepared dataset: scope of each key, and its path in a project's state (``progreso.json``).

What a component remembers about a dataset is a value with a key. Its scope says what it belongs to: the dataset, the
dataset with a model, or one training of it. To keep another value: add its key to `SCOPES`, then, in the component,

    self.context.dataset_state.get("key")           when the dataset, the model or the training in use changes
    self.context.dataset_state.save(key=value)      when the learner changes it

(`widgets.core.dataset_state`). Values are JSON. They come back when the learner returns to the dataset, and after a
reload; the fingerprint identifies a dataset, so a renamed or copied one keeps its values::

    {"model": …, "dataset": …, "fingerprint": …, "training": …, "steps": […],
     "datasets": {FINGERPRINT: {"name": "coplas", "knobs": {…},
                                "models": {MODEL: {"training": …, "before": {…}}},
                                "trainings": {JOB: {"tasting": {…}, "bet": "…"}}}}}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.util.files import is_figure

ROOT = "datasets"  # key of the project's state


class Scope(StrEnum):
    """What a value belongs to."""

    DATASET = "dataset"
    MODEL = "models"  # the dataset with one model
    TRAINING = "trainings"  # one training of the dataset; before the first one, the dataset with one model


SCOPES: Mapping[str, Scope] = {
    "knobs": Scope.DATASET,
    "knobs_open": Scope.DATASET,
    "trial_text": Scope.DATASET,
    "steps": Scope.MODEL,
    "training": Scope.MODEL,
    "chosen_run": Scope.MODEL,
    "before": Scope.MODEL,
    "curve": Scope.MODEL,
    "tasting": Scope.TRAINING,
    "bet": Scope.TRAINING,
    "trial": Scope.TRAINING,
    "model_name": Scope.TRAINING,
    "keepsake": Scope.TRAINING,
}
# Keys that an earlier version kept once a project, beside "model", "dataset" and "training".
_ONCE_A_PROJECT = ("knobs", "before", "tasting", "bet", "model_name")
KeyPath = tuple[str, ...]  # keys of nested objects, from the outermost


@dataclass(frozen=True, slots=True)
class StateOwner:
    """What is in use: the values that are read and written are its own.

    dataset: fingerprint, "" while there is none. name: as the learner knows the dataset. model: id.
    training: name of the job's folder, "" while there is none.
    """

    dataset: str = ""
    name: str = ""
    model: str = ""
    training: str = ""

    @classmethod
    def of(cls, dataset: str, model: str, training: str) -> StateOwner:
        """Return the owner for the folder of a dataset, a model's id and the folder of a training."""
        if not dataset:
            return cls(model=model)
        summary = DatasetSummary.read(Path(dataset))
        name = summary.name if summary is not None else Path(dataset).name
        fingerprint = summary.fingerprint if summary is not None else ""
        # A dataset of an earlier version has no fingerprint: its folder identifies it.
        return cls(fingerprint or f"folder:{Path(dataset).name}", name, model, Path(training).name if training else "")

    def path(self, key: str) -> KeyPath:
        """Return where a value is in the project's state. Raises KeyError for a key without a scope.

        >>> StateOwner("f00d", "coplas", "tiny", "train-1").path("tasting")
        ('datasets', 'f00d', 'trainings', 'train-1', 'tasting')
        >>> StateOwner("f00d", "coplas", "tiny").path("tasting")
        ('datasets', 'f00d', 'models', 'tiny', 'tasting')
        """
        scope = SCOPES[key]
        if scope is Scope.TRAINING and not self.training:
            scope = Scope.MODEL
        inner = {Scope.DATASET: (), Scope.MODEL: (scope, self.model), Scope.TRAINING: (scope, self.training)}[scope]
        return (ROOT, self.dataset, *map(str, inner), key)


def value_at(state: Mapping[str, Any], path: KeyPath) -> Any:
    """Return the value at a path, None where there is none.

    >>> value_at({"a": {"b": 1}}, ("a", "b")), value_at({"a": 7}, ("a", "b"))
    (1, None)
    """
    value: Any = state
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def with_values(state: Mapping[str, Any], changes: Mapping[KeyPath, Any]) -> dict[str, Any]:
    """Return the state with values put at paths; what is no object on the way is replaced.

    >>> with_values({"a": {"b": 1}, "c": 2}, {("a", "d"): 3, ("c", "e"): 4})
    {'a': {'b': 1, 'd': 3}, 'c': {'e': 4}}
    """
    result = dict(state)
    for path, value in changes.items():
        inner = result
        for key in path[:-1]:
            below = inner.get(key)
            inner[key] = dict(below) if isinstance(below, Mapping) else {}
            inner = inner[key]
        inner[path[-1]] = value
    return result


def with_added(state: Mapping[str, Any], amounts: Mapping[KeyPath, float]) -> dict[str, Any]:
    """Return the state with amounts added to the counts at paths; what is no positive figure there counts as none.

    >>> with_added({"a": {"b": 1, "c": "x"}}, {("a", "b"): 2, ("a", "c"): 0.25})
    {'a': {'b': 3, 'c': 0.2}}
    """
    totals: dict[KeyPath, Any] = {}
    for path, amount in amounts.items():
        kept = value_at(state, path)
        totals[path] = round(type(amount)(kept if is_figure(kept) and kept > 0 else 0) + amount, 1)
    return with_values(state, totals)


def taken_over(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state with what an earlier version kept once a project moved to the dataset that it was of."""
    old = {key: state[key] for key in _ONCE_A_PROJECT if key in state}
    changes: dict[KeyPath, Any] = {}
    for key, value in old.items():
        made_with = value if isinstance(value, Mapping) and key in {"before", "tasting"} else state
        parts = [made_with.get(part) for part in ("dataset", "model")] + [
            made_with.get("training") or state.get("training")
        ]
        dataset, model, training = (part if isinstance(part, str) else "" for part in parts)
        owner = StateOwner.of(dataset, model, training)
        fingerprint = made_with.get("fingerprint") if made_with is not state else None
        if isinstance(fingerprint, str) and fingerprint:
            owner = StateOwner(fingerprint, owner.name, owner.model, owner.training)
        if owner.dataset and value_at(state, owner.path(key)) is None:
            changes[owner.path(key)] = value
    owner = StateOwner.of(*(str(state.get(part) or "") for part in ("dataset", "model", "training")))
    if ROOT not in state and owner.dataset and owner.training:
        changes[owner.path("training")] = state["training"]
    kept = {key: value for key, value in state.items() if key not in old}
    return with_values(kept, changes)
