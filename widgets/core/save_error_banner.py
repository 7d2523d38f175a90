"""The page's card for what could not be written down: it stays in sight, wherever on the page the click was."""

from __future__ import annotations

from poetas.errors import Explanation
from widgets.core.error_card import ErrorCard
from widgets.core.page_context import PageContext


class SaveErrorBanner(ErrorCard):
    """Shows the context's ``save_error`` until what was chosen is on the disk; its button tries to write it again."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self.add_class("poetas-unkept")
        self._context = context
        context.observe(lambda change: self._follow(change.new), "save_error")
        self._follow(context.save_error)

    def _follow(self, problem: Explanation | None) -> None:
        if problem is None:
            self.clear()
        else:
            self.show(problem, {"retry": self._context.save})

    def _act(self) -> None:
        """Unlike other cards it does not go with the click: once it is gone, what was chosen is on the disk."""
        self._context.save()
