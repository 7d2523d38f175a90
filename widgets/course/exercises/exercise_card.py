"""Card of an exercise: its task, a check of the page, a hint and the worked answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ipywidgets import VBox

from poetas.course.course_record import Part, course_entries, course_path
from poetas.course.question_items import Exercise
from poetas.i18n import _
from widgets.core.elements import html, look, make_button, row_of, show
from widgets.core.event_guards import on_click
from widgets.core.html import tag, text
from widgets.core.page_context import PageContext
from widgets.course.exercises.checks import CHECKS, CheckResult, Components, PartMissing


class ExerciseCard(VBox):
    """One exercise. solved, hints, answer_seen: kept in the course record.

    An exercise without a check is solved when the learner says so. One whose check the page lacks (a step that was
    left out of a notebook, an instructor's misspelt name) is, too.
    """

    def __init__(self, exercise: Exercise, page: Components, context: PageContext, changed: Callable[[], None]) -> None:
        super().__init__(**look("card", "poetas-exercise"))
        self.exercise, self._page, self._context, self._changed = exercise, page, context, changed
        self._check = CHECKS.get(exercise.check)
        self.solved, self.answer_seen, self.hints = False, False, 0
        self.heading, self.outcome = html(""), html("")
        self.check = make_button(_("Comprobar") if self._check else _("Lo hice"))
        self.hint = make_button(_("Una pista"))
        self.answer = make_button(_("Ver una respuesta"), "link")
        on_click(self.check, self._try)
        on_click(self.hint, self._show_hint)
        on_click(self.answer, self._show_answer)
        self.help = html("")
        self.children = (self.heading, row_of((self.check, self.hint, self.answer)), self.outcome, self.help)
        self.recall()

    def recall(self) -> None:
        """Draw what the project keeps of this exercise."""
        solved = self.solved
        self._read()
        if solved != self.solved:
            self.outcome.value = ""  # it was about what is kept no longer
        self._draw()

    def _read(self) -> None:
        kept = course_entries(self._context.state(), Part.EXERCISES, self.exercise.id)
        self.solved, self.answer_seen = kept.get("solved") is True, kept.get("answer_seen") is True
        self.hints = 1 if kept.get("hints") else 0

    def _draw(self) -> None:
        exercise = self.exercise
        head = tag("h3", text(exercise.title))
        if self.solved:
            head += tag("span", text(_("resuelto")), class_="chip good")
        if exercise.own:
            head += tag("span", text(_("con tus textos")), class_="chip")
        link = tag("a", text(_("Ir a ese paso")), href=f"#{exercise.step}")
        self.heading.value = head + tag("p", f"{text(exercise.task)} {link}.")
        shown = ""
        if self.hints:
            shown += tag("p", tag("b", text(_("Una pista: "))) + text(exercise.hint))
        if self.answer_seen:
            example = tag("p", text(exercise.example), class_="serif") if exercise.example else ""
            shown += tag("p", tag("b", text(_("Una respuesta: "))) + text(exercise.answer)) + example
        self.help.value = tag("div", shown, class_="poetas-exercise-help", role="status") if shown else ""
        show(self.hint, not self.hints)
        show(self.answer, not self.answer_seen)

    def _try(self) -> None:
        self._read()  # what was kept may have been erased meanwhile, or changed in another tab
        outcome = self._outcome()
        if outcome is None:
            words, kind = _("Todavía no hay nada para mirar: hacé primero ese paso y volvé."), "notice"
        elif outcome.solved:
            words, kind = f"{_('¡Sí!')} {outcome.words}".strip(), "notice good"
            self.solved = True
        else:
            words, kind = f"{outcome.words} {_('Todavía no.')}", "notice"
        self.outcome.value = tag("p", text(words), class_=kind, role="status")
        self._keep()

    def _outcome(self) -> CheckResult | None:
        if self._check is None:
            return CheckResult(solved=True, words=_("Anotado."))
        try:
            return self._check(self._page)
        except PartMissing:  # the notebook's cell does not hand the component over
            return CheckResult(solved=True, words=_("Este cuaderno no tiene ese paso: te creo."))

    def _show_hint(self) -> None:
        self._read()
        self.hints = 1
        self._keep()

    def _show_answer(self) -> None:
        self._read()
        self.answer_seen = True
        self._keep()

    def _keep(self) -> None:
        entry = {"solved": self.solved, "hints": self.hints, "answer_seen": self.answer_seen}
        time = datetime.now(UTC).isoformat(timespec="seconds")
        self._context.keep_answers({course_path(Part.EXERCISES, self.exercise.id): {**entry, "time": time}})
        self._draw()
        self._changed()
