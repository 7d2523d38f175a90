"""Bets that a page keeps: changes of the course record in, a count out that the libreta observes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traitlets import HasTraits, Int

from poetas.data.storage.state_scopes import KeyPath
from widgets.core.page_context import PageContext


class KeptBets(HasTraits):
    """The page's one writer of bets; see `PageContext.shared`. count: how often bets were kept since it was opened."""

    count = Int(0)

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context

    def keep(self, changes: Mapping[KeyPath, Any]) -> None:
        """Keep what `poetas.course.bets.kept` returned, where it is anything."""
        if changes:
            self._context.save_at(changes)
            self.count += 1
