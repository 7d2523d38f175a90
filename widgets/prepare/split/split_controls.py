"""Split controls («¿Qué guardamos para el examen?»): shares and a seed in, a three-way split out, as one bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ipywidgets import BoundedIntText, Widget
from traitlets import Dict, Unicode

from poetas.data.service.answers import SplitAnswer
from poetas.errors import Explanation
from poetas.i18n import _, ngettext, number
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.controls.previews import notices
from widgets.controls.slider_field import SliderField
from widgets.controls.work_line import WorkLine
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import UpdateGuard, on_click
from widgets.core.latest_request import OneAtATime
from widgets.core.page_context import PageContext
from widgets.core.undo import Undo
from widgets.prepare.dataset_draft import DEFAULT_SPLIT, DatasetDraft
from widgets.prepare.recipe_values import column_values
from widgets.prepare.split.exam_size_bet import options, question, size_verdict
from widgets.prepare.split.split_drawing import bar, cards, together

LARGEST_SEED = 9999


class SplitControls(Component):
    """Shares of the texts for training, validation and test.

    value: {"validation": share, "test": share, "seed": int}; what is left is for training.
    split: the service's answer (counts, examples, notices), {} before.
    """

    needs: ClassVar[tuple[str, ...]] = ("source",)
    recipe: ClassVar[str] = "reparto"

    source = Unicode()
    value = Dict()
    split = Dict()

    def __init__(self, *, context: PageContext | None = None) -> None:
        self._finer = False  # whether the simulacro and the shuffle are unfolded
        self._example, self._updating, self._requests = 0, UpdateGuard(), OneAtATime(self._ask)
        self.draft = DatasetDraft.of(context or PageContext.current())
        super().__init__(self.draft.context)
        self.value = dict(DEFAULT_SPLIT)
        self.draft.observe(lambda _change: self._take(), "mapped")
        self.draft.observe(lambda _change: self._update_notice(), ["source", "mapping"])
        self.draft.observe(lambda _change: self._saved(), "saved")
        self.observe(lambda change: self._chosen(change.new), "value")
        self._take()

    def build(self) -> Sequence[Widget]:
        """Make the bet, the bar, the three cards and the sliders."""
        self.bet = BetPrompt(question(style=False), options(), bet="examen", context=self.context)
        self.bet.observe(lambda change: self._revealed() if change.new else None, "revealed")
        self.bar = html("")
        self.line = WorkLine()
        self.cards = html("")
        self.summary = html("")
        self.test = SliderField(_("Para el examen, de cada 100"), 25, lowest=1, highest=60, step=1)
        self.validation = SliderField(_("Para el simulacro, de cada 100"), 10, lowest=1, highest=30, step=1)
        self.seed = BoundedIntText(value=DEFAULT_SPLIT["seed"], min=0, max=LARGEST_SEED, description=_("Mezcla n.º"))
        self.seed.add_class("number")
        for part in (self.test, self.validation, self.seed):
            part.observe(lambda _change: self._moved(), "value")
        self.again = make_button(_("Mezclar de otra manera"))
        on_click(self.again, self._shuffle)
        self.another = make_button(_("Ver otros ejemplos"))
        on_click(self.another, self._other_examples)
        self.undo = Undo(self, "value")
        self.accept = make_button(_("Repartir así"), kind="primary")
        on_click(self.accept, self._accept)
        self.fold = make_button("", "link", "poetas-fold")
        on_click(self.fold, self._turn_fold)
        self.finer = column_of((self.validation, self.seed), "stack")
        row = row_of((self.accept, self.another, self.again, self.undo))
        self.shown = (self.bar, self.test, self.line, self.summary, self.cards, row, self.fold)
        return (self.bet, *self.shown, self.finer)

    def refresh(self) -> None:
        """Show only the controls that apply in the present state, once the learner has bet or skipped it."""
        waiting = self.state is State.WAITING
        show(self.bet, not waiting and (not self.bet.revealed or self.bet.answered))
        for part in self.shown:
            show(part, self.bet.revealed and not waiting)
        show(self.finer, self._finer and self.bet.revealed and not waiting)
        self.fold.description = _("Esconder estas perillas") if self._finer else _("Mover también el simulacro")
        (self.fold.add_class if self._finer else self.fold.remove_class)("open")  # the page says so to screen readers
        show(self.accept, not (self.done))
        self.accept.disabled = self.another.disabled = not self.split

    def seen(self) -> str:
        """Return how many texts wait for the exam."""
        if not self.split:
            return ""
        count = self.split["counts"]["test"]
        words = ngettext(
            "Para el examen quedó {n} texto, que el modelo no va a estudiar.",
            "Para el examen quedaron {n} textos, que el modelo no va a estudiar.",
            count,
        )
        return words.format(n=number(count))

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        value = {**DEFAULT_SPLIT, **self.value}
        shares = {"VALIDATION": value["validation"], "TEST": value["test"], "SEED": value["seed"]}
        return {**column_values(self.draft), **shares}

    def note_conditions(self) -> Mapping[str, str]:
        """Return the facts about the page, with the task of the texts that are being prepared."""
        return {**super().note_conditions(), "task": self.draft.task}

    def missing_prerequisite(self) -> str:
        """Return "column" instead of "source" where a file is there."""
        return self.draft.refine_need(super().missing_prerequisite())

    # -- choosing

    def _revealed(self) -> None:
        if self.bet.value:
            self.bet.answer(size_verdict(self.bet.value, style=self.draft.task == "style"))
        self.refresh()

    def _moved(self) -> None:
        if not self._updating:
            self.value = {
                "validation": self.validation.value / 100,
                "test": self.test.value / 100,
                "seed": int(self.seed.value),
            }

    def _turn_fold(self) -> None:
        self._finer = not self._finer
        self.refresh()

    def _shuffle(self) -> None:
        self.seed.value = (int(self.seed.value) + 1) % (LARGEST_SEED + 1)

    def _chosen(self, value: Mapping[str, Any]) -> None:
        if not value:
            return
        with self._updating:
            self.validation.value = round(100 * value["validation"])
            self.test.value = round(100 * value["test"])
            self.seed.value = int(value["seed"])
        if self.source:
            self.done = False
            self.draft.split = dict(value)
            self._requests.request()

    def _accept(self) -> None:
        self.draft.split = dict(self.value)
        self.done = True
        self.refresh()

    def _saved(self) -> None:
        """Take a split with which the texts were saved for accepted."""
        if self.split and self.draft.saved and not self.draft.changed:
            self.done = True
            self.refresh()

    def _take(self) -> None:
        """Start again when the texts change."""
        self.set_trait("source", self.draft.source if self.draft.task else "")
        self.split = {}
        self._requests.outdate()
        self.alert.clear()  # of other texts, as split_error
        self.draft.split_error = ""
        if not self.source:
            self.state = State.WAITING
            return
        split = self.draft.effective_split
        self.state = State.READY
        if split == self.value:
            self._requests.request()
        else:
            self.value = split
        self.undo.clear()
        self.done = self.draft.recalled and "examen" in self.context.steps
        asked = question(style=self.draft.task == "style")
        if self.bet.label != asked:  # it is not about the texts, so others do not ask it again
            self.bet.ask(asked)
        if self.done:
            self.bet.skip()  # it was seen on an earlier visit
        self.refresh()

    # -- asking

    def _ask(self) -> None:
        """Ask for the split; see `OneAtATime` for changes of the shares in the meantime."""
        self.clear_error()
        value = dict(self.value)
        self.draft.ask(lambda service: service.split(**value), done=self._show, failed=self._failed, line=self.line)

    def _show(self, answer: SplitAnswer) -> None:
        if not self._requests.answered(again=bool(self.source)):
            return
        self.split = dict(answer)
        self.draft.split_error = ""
        self.state = State.DONE
        self._draw()
        self.refresh()

    def _failed(self, problem: Explanation) -> None:
        if not self._requests.answered(again=bool(self.source)):
            return
        self.split = {}
        self.bar.value = self.cards.value = self.summary.value = ""
        self.draft.split_error = problem.why if problem.code == "too-few-rows" else ""
        self.fail(problem, {"restart-service": self._requests.request, "retry": self._requests.request})
        self.refresh()

    # -- showing

    def _other_examples(self) -> None:
        self._example += 1
        self._draw()

    def _draw(self) -> None:
        counts, examples = self.split["counts"], self.split.get("examples", {})
        self.bar.value = bar(counts)
        self.cards.value = cards(examples, self._example)
        self.summary.value = together(int(self.split.get("kept_together", 0))) + notices(self.split.get("notices", ()))
        more = max((len(rows) for rows in examples.values()), default=0)
        show(self.another, more > 1)
