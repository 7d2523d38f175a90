"""Votes of the last whole blind tasting of the training in use, read from what the page keeps of it."""

from __future__ import annotations

from traitlets import HasTraits, Int

from widgets.core.page_context import PageContext
from widgets.train.dataset_records import dataset_in_use
from widgets.train.tasting.tasting_state import TastingState, versions_of

STATE_KEY = "tasting"  # in the state of the training


class SavedVotes(HasTraits):
    """The page's one notice that votes were saved; see `PageContext.shared`. count: how often since it was opened."""

    count = Int(0)

    def __init__(self, _context: PageContext) -> None:
        super().__init__()


def saved_choices(context: PageContext) -> list[tuple[str, ...]]:
    """Return the writers of each version that was chosen, () for no favourite; [] until every text was judged."""
    kept, work = context.dataset_state.get(STATE_KEY), dataset_in_use(context)
    if work is None or not isinstance(kept, dict):
        return []
    state = TastingState.read(kept, context.training, style=work.style)
    if len(state.votes) < len(state.rows):
        return []
    shown = versions_of(state.rows, f"{context.training} {state.round}", style=work.style)
    return [versions[vote].writers if vote >= 0 else () for vote, versions in zip(state.votes, shown, strict=True)]
