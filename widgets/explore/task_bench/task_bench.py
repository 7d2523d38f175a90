"""Task bench («¿Qué puede hacer, y dónde falla?»): one text, four tasks; answers streamed, judged and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from ipywidgets import Widget
from traitlets import Dict, Unicode

from poetas.errors import Explanation
from poetas.generation.generation_client import GeneratedAnswer, LabelsAnswer
from poetas.i18n import _
from widgets.controls.bar_list.bar_list import Bar, BarList, in_brief
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.elements import column_of, html, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.note_conditions import chosen_model
from widgets.core.page_context import PageContext
from widgets.explore.task_bench.bench_html import (
    answer_html,
    answer_seen,
    choice_html,
    doubtful_spans,
    finder_html,
    judged_table,
    readable_bench,
    source_of,
    topic_seen,
)
from widgets.explore.task_bench.bench_tasks import ANSWER, CLASSIFY, CONTINUE
from widgets.explore.task_bench.invention_bet import InventionBet
from widgets.explore.task_bench.judgement import Judgement
from widgets.explore.task_bench.second_try import SecondTry
from widgets.explore.task_bench.task_calls import topics_call, written_call
from widgets.explore.task_bench.task_form import LONGEST, TaskForm

SAVED = "task_bench"  # key of the project's state: the text, and the judgements by task


class TaskBench(Component):
    """The text, the task, what the task needs, the answer, and the judgement beside what the finder found.

    value: what the model wrote last, "" before and while it writes. judgements: by task, what the learner said
    ("sounds", "true") and how many names and numbers were doubted ("flagged").
    """

    needs: ClassVar[tuple[str, ...]] = ("model",)
    recipe: ClassVar[str] = "tareas"

    value = Unicode()
    judgements = Dict()

    def __init__(self, context: PageContext | None = None) -> None:
        self._requests = LatestRequest()
        self._kept_text, self._written, self._asked = "", "", ("", "", "")  # asked: task, text, question of the answer
        self._answer: GeneratedAnswer | None = None
        self._chosen: tuple[str, float] | None = None  # the likeliest topic and its share
        self._flagged: int | None = None  # names and numbers that the finder doubts, once they are shown
        super().__init__(context)
        self._recall()
        self.context.observe(lambda _change: self._model_changed(), "model")
        self.context.observe(lambda _change: self._forget(), "erased")

    def build(self) -> Sequence[Widget]:
        """Make the form, the buttons, the answer and the judgement."""
        self.form = TaskForm(lambda: chosen_model(self.context), self._edited)
        self.prediction = InventionBet(self.context)
        self.prediction.observe(lambda change: self._run() if change.new else None, "revealed")
        self.run = make_button("", kind="primary")
        self.on_click(self.run, self._clicked)
        self.stop = make_button(_("Detener"))
        on_click(self.stop, self._requests.stop)
        self.status, self.answer = html("", shown=False), html("", shown=False)
        self.bars = BarList(_("Cuánto le gusta cada tema, después de leer tu texto"))
        self.bars_box = column_of((self.bars,), shown=False)
        self.second = SecondTry(self._run, self._done)
        self.judgement = Judgement(self._judged)
        self.finder, self.table = html("", shown=False), html("", shown=False)
        shown = (self.answer, self.bars_box, self.second, self.judgement, self.finder, self.table)
        return (self.form, self.prediction, row_of((self.run, self.stop)), self.status, *shown)

    def refresh(self) -> None:
        """Derive what is enabled and shown from ``state`` and the task."""
        busy = self.state is State.BUSY
        self.form.draw(busy=busy)
        self.run.disabled = self.prediction.disabled = busy or not self.context.model
        show(self.prediction, self.form.task != CLASSIFY and (self.prediction.value or not self.prediction.revealed))
        self.run.description = _("Pedírselo otra vez") if self.state is State.DONE else _("Pedírselo")
        show(self.stop, busy)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        form, model = self.form, model_values(self.context, language=self.form.style.language)
        chosen = {"TASK": form.task, "TEXT": form.shown, "QUESTION": form.question, "TOPICS": tuple(form.topics)}
        return {**chosen, "UNREPEATED": self.second.unrepeated, **model}

    def seen(self) -> str:
        """Return what was found in the answer of the task that is shown, or which topic it would choose."""
        if self.form.task == CLASSIFY:
            return topic_seen(self._chosen) if self._chosen else ""
        return answer_seen(self.value, self._flagged)

    def _edited(self) -> None:
        """Remove an answer that is about something else now."""
        self._requests.cancel()
        self.second.forget()
        self._clear()
        self.prediction.ask_again()
        self.state = State.READY
        self.refresh()

    def _model_changed(self) -> None:
        if self.form.is_sample:  # the learner's own text is never replaced
            self.form.fill()
        self._edited()

    def _clear(self) -> None:
        for part in (self.answer, self.bars_box, self.finder, self.second):
            show(part, False)
        self.judgement.close_judgement()
        self._say("")
        self._written = self.value = ""
        self._chosen = self._flagged = None

    def _say(self, sentence: str, kind: str = "soft") -> None:
        """Show a sentence below the buttons, none where it is ""."""
        self.status.value = tag("p", text(sentence), class_=kind, role="status") if sentence else ""
        show(self.status, sentence)

    def _clicked(self) -> None:
        """Ask the model; without a bet, where none was made."""
        self.second.forget()
        if self.form.task != CLASSIFY and not self.prediction.revealed:
            self.prediction.skip()
        else:
            self._run()

    def _run(self) -> None:
        self.clear_error()
        self._clear()
        form = self.form
        if problem := form.problem():
            self._say(problem, "notice care")
            self.prediction.reopen()
            self.refresh()
            return
        request = self._requests.begin()
        self._asked = (form.task, form.text, form.question)
        self.state = State.BUSY
        cut = _("Tu texto es muy largo: lee una parte, de unas 600 palabras.") if form.shortened else ""
        self._say(f"{_('El modelo está leyendo…')} {cut}")
        failed, services, model = request.only(self._failed), self.context.services, self.context.model
        if form.task == CLASSIFY:
            done = request.only(partial(self._classified, form.topics))
            begin = topics_call(form, model, services.generation)
            self._requests.stream = services.stream(begin, each=lambda _items: None, done=done, failed=failed)
            return
        self._draw()
        write = written_call(form, model, services.generation, self.second.unrepeated)
        self._requests.stream = services.stream(
            write, each=request.only(self._more), done=request.only(self._done), failed=failed
        )

    def _more(self, pieces: list[str]) -> None:
        self._written += "".join(pieces)
        self._draw()

    def _draw(self, *, ended: bool = False, marks: bool = False) -> None:
        task, read, question = self._asked
        spans = doubtful_spans(self._written, source_of(task, read, question)) if marks else ()
        self.answer.value = answer_html(
            self._written,
            beginning=read if task == CONTINUE else "",
            answer=self._answer if ended else None,
            stopped=ended and self._answer is None,
            spans=spans,
        )
        show(self.answer, True)

    def _done(self, answer: GeneratedAnswer | None) -> None:
        """Show the whole answer; None: it was stopped."""
        self._answer = answer
        self._written = answer["text"] if answer is not None else self._written
        self._say("")
        self._draw(ended=True)
        self.second.ended(answer)
        self.value = self._written
        self.state = State.DONE
        if self._written.strip():
            self.judgement.ask()

    def _failed(self, problem: Explanation) -> None:
        self._clear()
        self.prediction.reopen()
        again = self._run if self.prediction.revealed else self.prediction.again
        self.state = State.READY
        self.fail(problem, {"restart-service": again, "retry": again})

    def _classified(self, topics: Sequence[str], answer: LabelsAnswer | None) -> None:
        self._say("")
        self.state = State.DONE
        if answer is None:
            return
        ranked = sorted(zip(map(float, answer["shares"]), topics, strict=True), reverse=True)
        self.bars.draw([Bar(topic, share, in_brief(share)) for share, topic in ranked])
        show(self.bars_box, True)
        self._chosen = (ranked[0][1], ranked[0][0])
        self.finder.value = choice_html(*ranked[0])
        show(self.finder, True)
        self.done = True

    def _judged(self, sounds: str, true: str) -> None:
        """Underline what the finder doubts, and compare it with the judgement ("" where it was skipped)."""
        task, read, question = self._asked
        spans = doubtful_spans(self._written, source_of(task, read, question))
        self._draw(ended=True, marks=True)
        blind = bool(read) and task == ANSWER and not self.form.shown
        self._flagged, judged = len({span.text for span in spans}), {"sounds": sounds, "true": true}
        bet = self.prediction.compare([span.text for span in spans])
        self.finder.value = finder_html(task, judged, self._flagged, blind=blind, bet=bet)
        show(self.finder, True)
        if sounds and true:
            entry = {**judged, "flagged": self._flagged}
            self.judgements = {**readable_bench(self.context.state().get(SAVED))[1], task: entry}
            kept: dict[str, Any] = {"judgements": self.judgements}
            if not self.form.is_sample and self._kept_text != self.form.box.value[:LONGEST]:  # it was changed here
                kept["text"] = self._kept_text = self.form.box.value[:LONGEST]
            self.context.save_at({(SAVED, name): value for name, value in kept.items()})
            self._show_table()
        self.done = True

    def _show_table(self) -> None:
        self.table.value = judged_table(self.judgements)
        show(self.table, self.table.value)

    def _forget(self) -> None:
        """Show that the project's data was erased; a step that is done would be finished again with the next change."""
        self.done = False
        self.form.fill()
        self._edited()
        self._recall()

    def _recall(self) -> None:
        """Show what was judged before, and the learner's text."""
        kept, self.judgements = readable_bench(self.context.state().get(SAVED))
        self._kept_text = kept[:LONGEST]  # the text as this page last read or kept it
        self.form.box.value = self._kept_text or self.form.box.value
        self._show_table()
