"""Page-wide error card for choices that could not be saved; it stays until they are."""

from __future__ import annotations

from poetas.errors import Explanation
from widgets.core.error_card import ErrorCard
from widgets.core.page_context import PageContext


class SaveErrorBanner(ErrorCard):
    """Shows the context's ``save_error``; its button saves again."""

    def __init__(self, context: PageContext) -> None:
        super().__init__("poetas-unkept")
        self._context = context
        context.observe(lambda change: self._follow(change.new), "save_error")
        self._follow(context.save_error)

    def _follow(self, problem: Explanation | None) -> None:
        if problem is None:
            self.clear()
        else:
            self.show(problem, {"retry": self._context.save})

    def _act(self) -> None:
        """Save again; unlike other cards, this one is hidden only by a save that succeeds."""
        self._context.save()
