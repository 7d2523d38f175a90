"""Hyperparameters that a later step of the page asks for; the step of the hyperparameters takes them."""

from __future__ import annotations

from collections.abc import Callable

from poetas.training.config import TrainingConfig
from widgets.core.page_context import PageContext


class PresetRequest:
    """The page's one request. take: what the step of the hyperparameters does with a configuration, None before it is.

    >>> taken = []; request = PresetRequest(); request.take = taken.append
    >>> request.ask(TrainingConfig(epochs=1)), taken[0].epochs
    (True, 1)
    """

    def __init__(self) -> None:
        self.take: Callable[[TrainingConfig], object] | None = None

    @classmethod
    def of(cls, context: PageContext) -> PresetRequest:
        """Return the page's request."""
        return context.shared(cls, lambda _context: cls())

    def ask(self, config: TrainingConfig) -> bool:
        """Ask for a configuration; tell whether there is a step that took it."""
        if self.take is None:
            return False
        self.take(config)
        return True
