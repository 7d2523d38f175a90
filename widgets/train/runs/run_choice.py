"""The learner's choice of a run: kept until a newer training begins, also over a reload."""

from __future__ import annotations

from pathlib import Path

from widgets.core.page_context import PageContext

STATE_KEY = "chosen_run"  # in the state of the dataset and the model


class RunChoice:
    """The choice of a page's project: the chosen run, and the newest one that there was then."""

    def __init__(self, context: PageContext) -> None:
        self._context = context

    def choose(self, run: Path, *, newest: Path) -> None:
        """Make a run the one in use. newest: the latest run; a later one takes its place by itself."""
        self._context.dataset_state.save(**{STATE_KEY: {"run": str(run), "newest": str(newest)}})
        self._context.training = str(run)

    def holds(self, newest: Path) -> bool:
        """Tell whether the run in use was chosen, and none began since."""
        kept = self._context.dataset_state.get(STATE_KEY)
        if not isinstance(kept, dict) or kept.get("newest") != str(newest):
            return False
        return bool(kept.get("run") == self._context.training != str(newest))
