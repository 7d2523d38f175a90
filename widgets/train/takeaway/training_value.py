"""Values of the training in use that several steps of a page share: one object a page, read for each training."""

from __future__ import annotations

from typing import Self

from traitlets import HasTraits

from widgets.core.page_context import PageContext


class TrainingValue(HasTraits):
    """Base of such a value: `of` gives the page's one, `recall` reads it for the training that comes into use."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        context.observe(lambda _change: self.recall(), ["dataset", "model", "training", "project"])
        self.recall()

    @classmethod
    def of(cls, context: PageContext) -> Self:
        """Return the page's one object of this class."""
        return context.shared(cls, cls)

    def recall(self) -> None:
        """Read the value of the training in use."""
        raise NotImplementedError
