"""Doors after a verdict: cards with what can be tried next, what it costs, and a link or button that leads there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ipywidgets import VBox, Widget
from traitlets import Dict

from poetas.errors import PoetasError
from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric
from poetas.evaluation.next_steps import Door, MeasuredRun, NextStep, next_steps
from poetas.i18n import _
from poetas.jobs import Job, JobUnreadable
from poetas.training.config import TrainingConfig
from poetas.training.presets import PRESETS
from poetas.util.files import is_figure
from widgets.core.elements import box_of, column_of, html, look, make_button, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import adapter_in_use, dataset_in_use
from widgets.train.evaluation.door_words import door_link, door_sentences, door_title
from widgets.train.preset_request import PresetRequest


class Doors(VBox):
    """Cards under the verdict. value: the result of the exam, {} before; steps: what is offered."""

    value = Dict()

    def __init__(self, context: PageContext) -> None:
        super().__init__(**look("poetas-doors", shown=False))
        self._context = context
        self.steps: tuple[NextStep, ...] = ()
        self.heading = html(tag("h3", text(_("¿Y ahora?"))))
        self.cards = box_of((), "grid")
        self.taken = html("")
        self.children = (self.heading, self.cards, self.taken)
        self.observe(lambda _change: self._draw(), "value")

    def _draw(self) -> None:
        self.steps = ()
        if self.value:
            self.steps = next_steps(self.value, self._run(), difference=_gain(self.value))
        self.taken.value = ""
        self.cards.children = tuple(self._card(step) for step in self.steps)
        show(self, self.steps)

    def _card(self, step: NextStep) -> Widget:
        said = tag("h4", text(door_title(step)))
        said += "".join(tag("p", text(sentence)) for sentence in door_sentences(step, self.value))
        if step.door is Door.COMBINATION:
            button = make_button(_("Poner «{name}»").format(name=PRESETS[step.preset].label))
            on_click(button, lambda: self._take(step))
            return column_of((html(said), button), "card")
        address, words = door_link(step)
        return column_of((html(said + tag("p", tag("a", text(words), href=address))),), "card")

    def _take(self, step: NextStep) -> None:
        """Choose the preset, and say where it is trained with."""
        address, label = door_link(step)
        words = _("Listo: quedó puesta «{name}».").format(name=PRESETS[step.preset].label)
        if not PresetRequest.of(self._context).ask(PRESETS[step.preset].config):
            words, label = _("Elegila en el paso de las perillas."), _("Ir a las perillas")
        link = tag("a", text(label), href=address)
        self.taken.value = tag("p", f"{text(words)} {link}", class_="notice", role="status")

    def _run(self) -> MeasuredRun:
        """What is known of the run that was examined; its figures are left out where they cannot be read."""
        adapter, dataset = adapter_in_use(self._context), dataset_in_use(self._context)
        texts = sum(dataset.counts.values()) if dataset is not None else 0
        exam = self.value.get("seconds")
        known: Mapping[str, Any] = {}
        config = TrainingConfig()
        if adapter is not None:
            try:
                job = Job.open(adapter.parent)
                known = job.result() or {}
                config = TrainingConfig.from_dict(job.config.get("training") or {})
            except (JobUnreadable, PoetasError):
                known = {}
        seconds, steps, best = (known.get(name) for name in ("seconds", "steps", "best_step"))
        return MeasuredRun(
            config=config,
            seconds=seconds if is_figure(seconds) else None,
            best=best / steps if is_figure(best) and is_figure(steps) and steps and known.get("best_loss") else None,
            exam_seconds=exam if is_figure(exam) else None,
            texts=texts,
        )


def _gain(result: Mapping[str, Any]) -> Interval | None:
    """Return fine-tuned minus base in the score that decides, above zero is better; None where it was not compared."""
    style = result.get("task") == "style"
    key, direction = (STYLE_DECISIVE.key, STYLE_DECISIVE.direction) if style else (DECISIVE, metric(DECISIVE).direction)
    difference = (result.get("difference") or {}).get(key) or {}
    if not is_figure(difference.get("mean")):
        return None
    gain = Interval(difference["mean"], difference.get("low"), difference.get("high"), int(result["n"]))
    return gain.negated() if direction is Direction.LOWER else gain
