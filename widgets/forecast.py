"""What a training will cost here: steps, minutes and memory, from a rehearsal of a few real steps on this machine."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from ipywidgets import VBox

from poetas.i18n import _, number
from poetas.models.cache import ready_models
from poetas.training.config import TrainingConfig
from widgets.desk import Desk
from widgets.markup import html
from widgets.previews import figures
from widgets.work import Work


class Forecast(VBox):
    """Follows the knobs."""

    def __init__(self, desk: Desk, take: Callable[[TrainingConfig], None]) -> None:
        super().__init__()
        self.add_class("stack")
        self.desk, self._offer = desk, take
        self.figures = html("")
        self.children = (self.figures,)

    def attach(self) -> None:
        """Look again."""

    def draw(self, config: TrainingConfig) -> None:
        """Say what these knobs cost."""
        work = Work.of(self.desk)
        if work is None:
            self.figures.value = ""
            return
        steps = ceil(work.counts["train"] / config.batch_size) * config.epochs
        self.figures.value = figures({_("pasos"): number(steps)})

    def memory(self) -> int:
        """Bytes."""
        found = [one.memory_train for one in ready_models(self.desk.workspace) if one.id == self.desk.model]
        return found[0] if found else 0

    def offer(self) -> TrainingConfig | None:
        """What fits."""
        return None
