"""«¿Te conviene un LLM?»: the last exam and its training in; the ways side by side and a recommendation out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ipywidgets import Widget
from traitlets import Dict

from poetas.evaluation.recommendation import recommend
from poetas.i18n import _
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.advice.advice_table import advice_box, advice_table
from widgets.train.advice.way_costs import spent_seen
from widgets.train.dataset_records import (
    adapter_in_use,
    dataset_in_use,
    exam_result,
    exam_under_way,
    style_in_use,
    training_result,
)
from widgets.train.exam_changes import ExamChanges
from widgets.train.trained_values import trained_values

STEP = "conviene"


class Advice(Component):
    """Copying, extracting, prompting and fine-tuning by what they gave and took here; the answer can be no.

    value: the result of the exam that it rests on, {} before one.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "training")
    recipe: ClassVar[str] = STEP
    value = Dict()

    def __init__(self, *, context: PageContext | None = None) -> None:
        super().__init__(context)
        self.context.observe(lambda _change: self._attach(), ["dataset", "model", "training", "project", "steps"])
        ExamChanges.of(self.context).observe(lambda _change: self._attach(), "count")
        self._attach()

    def build(self) -> Sequence[Widget]:
        """Make the button and the result."""
        self.invitation = html("")
        self.compare = make_button(_("Poner los caminos lado a lado"), kind="primary")
        self.on_click(self.compare, self._show_ways)
        self.box = html("")
        self.table = html("")
        return (self.invitation, row_of((self.compare,)), self.box, self.table)

    def refresh(self) -> None:
        """Show the button before, the recommendation after; without an exam, where it is taken."""
        waiting = self.state is State.WAITING
        show(self.compare, self.value and not self.done and not waiting)
        show(self.invitation, not self.done and not waiting)
        advice = recommend(self.value)
        style = style_in_use(self.context)
        words = _("Hay caminos que cuestan menos. Compará lo que dio cada uno con lo que pidió.")
        if not self.value:
            words = _("La respuesta sale del examen, y todavía no lo tomaste con este modelo.")
            if exam_under_way(self.context):
                words = _("La respuesta sale del examen, que se está tomando. Cuando termine, aparece acá.")
        link = tag("a", text(_("Ir al examen")), href="#mejoro") if not self.value else ""
        self.invitation.value = tag("p", f"{text(words)} {link}", class_="soft" if self.value else "notice care")
        self.box.value = advice_box(advice, style=style) if self.done else ""
        self.table.value = advice_table(advice, self.value, training_result(self.context)) if self.done else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return trained_values(self.context, reading=True)

    def seen(self) -> str:
        """Return how long the training took."""
        return spent_seen(training_result(self.context))

    def _attach(self) -> None:
        """Find the last exam of the training in use: it only reads."""
        adapter = adapter_in_use(self.context)
        waiting = adapter is None or dataset_in_use(self.context) is None
        result = {} if waiting else exam_result(self.context)
        self.done = bool(result) and (STEP in self.context.steps or (self.done and result == self.value))
        self.value = result
        self.state = State.WAITING if waiting else State.DONE if self.done else State.READY
        self.refresh()

    def _show_ways(self) -> None:
        self.clear_error()
        self.done = True
        self.state = State.DONE
        self.refresh()
