"""State of the dataset in use on a page: values read and saved by key, apart for each dataset, model and training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from poetas.data.storage.state_scopes import ROOT, KeyPath, StateOwner, value_at

if TYPE_CHECKING:
    from widgets.core.page_context import PageContext


class DatasetState:
    """What a page's project remembers of the dataset in use; `poetas.data.storage.state_scopes` lists the keys.

    A component reads in the observer of ``dataset``, ``model`` and ``training``, and saves when the learner changes
    something. What is saved later than that (a slider that is being moved) is saved for the `owner` of that moment.
    """

    def __init__(self, context: PageContext) -> None:
        self._context = context

    @property
    def owner(self) -> StateOwner:
        """The dataset, the model and the training that are in use now."""
        return StateOwner.of(self._context.dataset, self._context.model, self._context.training)

    def get(self, key: str) -> Any:
        """Return a value of what is in use; None where it has none. Raises KeyError for a key without a scope."""
        owner = self.owner
        path = owner.path(key)
        return value_at(self._context.state(), path) if owner.dataset else None

    def save(self, owner: StateOwner | None = None, /, **values: Any) -> None:
        """Save values of what is in use, or of ``owner``; without a dataset there is nothing to keep them for."""
        if changes := self.changes(owner, **values):
            self._context.save_at(changes)

    def changes(self, owner: StateOwner | None = None, /, **values: Any) -> dict[KeyPath, Any]:
        """Return what `save` saves, by path, for what is saved together with something else."""
        owner = owner or self.owner
        if not owner.dataset:
            return {}
        return {(ROOT, owner.dataset, "name"): owner.name, **{owner.path(key): value for key, value in values.items()}}
