"""«¿Mejoró?»: bet, evaluation job with progress, and its result; the test part's evaluations are counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from ipywidgets import Widget
from traitlets import Dict

from poetas.errors import PoetasError
from poetas.evaluation.evaluation_result import ResultUnreadable, checked
from poetas.evaluation.tasting_votes import votes_sentence
from poetas.i18n import _, ngettext, number
from poetas.jobs import Job, JobState
from widgets.controls.bet_prompt.bet_prompt import BetPrompt
from widgets.controls.job_card import JobCard
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.train.dataset_records import (
    EXAM,
    adapter_in_use,
    dataset_in_use,
    job_config,
    of_dataset,
    reading_config,
    style_in_use,
)
from widgets.train.evaluation.before_after_bars import BeforeAfterBars
from widgets.train.evaluation.doors import Doors
from widgets.train.evaluation.exam_bet import answer, exam_seen, exam_verdict, options, question
from widgets.train.evaluation.score_sheet import ScoreSheet
from widgets.train.evaluation.written_texts import WrittenTexts
from widgets.train.exam_changes import ExamChanges
from widgets.train.tasting.saved_votes import SavedVotes, saved_choices
from widgets.train.trained_values import trained_values

STATE_KEY = "bet"  # in the state of the training


class Scoreboard(Component):
    """A guess, the exam with its progress, and the result; the last one is there again after a reload.

    value: the result of `poetas.evaluation.evaluate_job.run`, {} before. A result that is assigned is shown as it is,
    whatever was trained here.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "training")
    recipe: ClassVar[str] = "mejoro"
    value = Dict()

    def __init__(self, result: Mapping[str, Any] | None = None, *, context: PageContext | None = None) -> None:
        self.job: Job | None = None
        self._given, self._unread = result is not None, False
        super().__init__(context)
        if result is not None:
            self._show(checked(dict(result)))
            return
        self.context.observe(lambda _change: self._attach(), ["dataset", "model", "training", "project"])
        self.context.shared(SavedVotes, SavedVotes).observe(lambda _change: self._draw_votes(), "count")
        self._attach()

    def build(self) -> Sequence[Widget]:
        """Make the guess, the job card, the result and the button to take the exam again."""
        self.guess = BetPrompt(
            question(style=False),
            options(style=False),
            bet="mejoro",
            skip=_("Tomar el examen sin apostar"),
            context=self.context,
        )
        self.guess.observe(lambda change: self._bet() if change.new else None, "revealed")
        self.patience = html("")
        self.card = JobCard(self.context.poller)
        self.card.observe(lambda change: self._moves(change.new), "value")
        self.written = WrittenTexts()
        self.mine = html("")
        self.sheet = ScoreSheet()
        self.doors = Doors(self.context)
        self.bars: BeforeAfterBars | None = None
        self.after = column_of((), "stack")
        self.count = html("")
        self.again = make_button(_("Tomar el examen otra vez"))
        self.on_click(self.again, self._start)
        row = row_of((self.again,))
        result = (self.mine, self.sheet, self.after, self.doors, self.count, row)
        return (self.guess, self.card, self.patience, self.written, *result)

    def refresh(self) -> None:
        """Show the guess before the exam, its progress while it lasts, the result after it."""
        show(self.after, self.value)
        busy, idle = self.state is State.BUSY, self.state is State.READY and not self.value
        show(self.guess, (idle and self.job is None) or self.guess.answered)
        failed = self.job is not None and not busy and not self.value and not self._unread  # then its card has a button
        show(self.again, (self.value or failed) and not busy)
        if self._given:
            show(self.again, False)
        self.again.disabled = self.state is State.WAITING
        words = _("Cada modelo resume todos los textos del examen: si son muchos, lleva varios minutos.")
        if busy and style_in_use(self.context):
            words = _("Cada modelo lee todos los textos del examen, y sigue algunos comienzos: lleva un rato.")
        self.patience.value = tag("p", text(words), class_="soft") if busy else ""

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        return trained_values(self.context, reading=True)

    def missing_prerequisite(self) -> str:
        """Nothing, where the result was handed over."""
        return "" if self._given else super().missing_prerequisite()

    def seen(self) -> str:
        """Return from which score to which the exam went."""
        return exam_seen(self.value)

    # -- which exam is shown

    def _attach(self) -> None:
        """Show the exam of the training in use that runs, or the last one that was taken: it only reads."""
        adapter = adapter_in_use(self.context)
        job = self._latest(str(adapter)) if adapter is not None else None
        if job is not None and self.job is not None and job.dir == self.job.dir:
            return
        self.job, self.value, self.sheet.value, self.doors.value, self.done = None, {}, {}, {}, False
        self.mine.value = self.count.value = ""
        if self._unread:
            self._unread = False
            self.alert.clear()
        self.card.leave()
        self.written.clear()
        self.guess.ask(question(style=style_in_use(self.context)), options(style=style_in_use(self.context)))
        self.state = State.READY if adapter is not None and dataset_in_use(self.context) is not None else State.WAITING
        if job is not None:
            self._follow(job)
        self.refresh()

    def _exams(self) -> list[Job]:
        """The evaluations of the dataset in use, of any adapter, the latest first."""
        jobs = Job.all(self.context.project.jobs)
        return [job for job in jobs if job.kind == EXAM and of_dataset(job.config, self.context)]

    def _latest(self, adapter: str) -> Job | None:
        return next((job for job in self._exams() if job.config.get("adapter") == adapter), None)

    # -- the exam

    def _bet(self) -> None:
        self.context.dataset_state.save(**{STATE_KEY: self.guess.value})
        self._start()

    def _start(self) -> None:
        self.clear_error()
        adapter, work = adapter_in_use(self.context), dataset_in_use(self.context)
        if adapter is None or work is None:
            self._attach()
            return
        config = {
            **job_config(self.context),
            "adapter": str(adapter),
            "task": work.task,
            **reading_config(self.context),
        }
        try:
            job = Job.start(EXAM, config, parent=self.context.project.jobs)
        except (PoetasError, OSError) as error:
            self.fail(self.context.explain_error(error), {"retry": self._start})
            if self.job is None:
                self.guess.reopen()
            return
        self.value, self.sheet.value, self.doors.value, self.mine.value, self.count.value = {}, {}, {}, "", ""
        self._follow(job)
        self.card.look()

    def _follow(self, job: Job) -> None:
        self.job, self._unread = job, False
        self.guess.restore(self._kept_bet())
        self.state = State.BUSY
        self.written.clear()
        self.card.follow(job, events=self.written.add, over=self._over, actions={"restart": self._start})
        ExamChanges.of(self.context).count += 1

    def _moves(self, state: JobState | None) -> None:
        if state is not None and not state.over:
            self.state = State.BUSY  # also where it was resumed

    def _over(self, state: JobState) -> None:
        ExamChanges.of(self.context).count += 1
        if self.job is None or state is not JobState.FINISHED:
            self.state = State.READY
            self.refresh()
            return
        show(self.card, False)
        self.written.clear()
        try:
            self._show(checked(self.job.result()))
        except ResultUnreadable as error:
            self._unread = True
            self.fail(error.explanation, {"restart": self._start})
            return
        self._answer_bet()
        self.doors.value = self.value
        self.count.value = self._counted()
        self._offer_bars(self.value)

    def _show(self, result: Mapping[str, Any]) -> None:
        self.sheet.value = dict(result)
        self.value = dict(result)
        self._draw_votes()
        self.done = True
        self.state = State.DONE

    def _offer_bars(self, result: Mapping[str, Any]) -> None:
        """Offer the bars of both models, made with the first result: most pages show none."""
        if self.bars is None:
            self.bars = BeforeAfterBars(self.context)
            self.after.children = (self.bars,)
        self.bars.show(result)

    def _draw_votes(self) -> None:
        """Put the votes of the blind tasting beside the scores."""
        kind = str((self.value.get("verdict") or {}).get("kind"))
        style = self.value.get("task") == "style"
        choices = saved_choices(self.context) if self.value and not self._given else []
        words = votes_sentence(choices, kind, style=style)
        self.sheet.votes.value = tag("p", text(words), class_="notice") if words else ""

    def _kept_bet(self) -> str:
        """The bet on this training's exam, "" where there is none."""
        bet = self.context.dataset_state.get(STATE_KEY)
        return bet if isinstance(bet, str) else ""

    def _answer_bet(self) -> None:
        """Answer the bet of this training, also one of an earlier visit; without one, say how the exam came out."""
        bet = self._kept_bet()
        verdict = exam_verdict(bet, self.value)
        words = ""
        if verdict is None:
            self.guess.clear()
            words = answer(self.value)
        else:
            self.guess.restore(bet)
            self.guess.answer(verdict, about=Path(self.context.training).name)
        self.mine.value = tag("p", text(words), class_="soft") if words else ""

    def _counted(self) -> str:
        """How many times the test part of this dataset was evaluated, and what that means from the second on."""
        count = sum(job.state is JobState.FINISHED for job in self._exams())
        words = ngettext(
            "Es la primera vez que se toma este examen: así es como mejor mide.",
            "Este examen ya se tomó {n} veces. Si lo repetís hasta que salga bien, deja de medir.",
            count,
        )
        return tag("p", text(words.format(n=number(count))), class_="soft") if count else ""
