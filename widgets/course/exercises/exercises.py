"""Exercises of an app («Ejercicios»): the page's components in, checks of what they show, what was solved kept."""

from __future__ import annotations

from collections.abc import Sequence

from ipywidgets import Widget

from poetas.course.course_record import APPS
from poetas.course.question_bank import current_bank
from poetas.i18n import _, ngettext, number
from widgets.core.component import Component
from widgets.core.elements import column_of, html, show
from widgets.core.html import tag, text
from widgets.core.note_conditions import dataset_task
from widgets.core.page_context import PageContext
from widgets.course.exercises.checks import Components
from widgets.course.exercises.exercise_card import ExerciseCard


class Exercises(Component):
    """The exercises of an app, each on a card.

    parts: the components that the exercises are about. app: name of the app, the page's unless given.
    cards: one for each exercise, in the order of the file; hidden where it is about another task than the dataset's.
    """

    def __init__(self, *parts: Component, app: str = "", context: PageContext | None = None) -> None:
        self._page = Components({type(part).__name__: part for part in parts})
        self._app = app
        super().__init__(context or next((part.context for part in parts), None))
        self.context.observe(lambda _change: self._recall(), ["project", "steps", "erased", "dataset"])

    @property
    def app(self) -> str:
        """Name of the app that the exercises belong to."""
        return self._app or self.context.app or APPS[0]

    def build(self) -> Sequence[Widget]:
        """Make a card for each exercise."""
        self.count = html("")
        exercises = current_bank().exercises_of(self.app)
        self.cards = [ExerciseCard(exercise, self._page, self.context, self.refresh) for exercise in exercises]
        return (self.count, column_of(self.cards, "stack"))

    def refresh(self) -> None:
        """Count what is solved; the step is done once each is solved or its answer was read."""
        task = dataset_task(self.context.dataset)
        cards = [card for card in self.cards if card.exercise.suits(task)]
        for card in self.cards:
            show(card, card in cards)
        solved = sum(card.solved for card in cards)
        words = _("Sirven para probar lo que viste, en el orden que quieras. Ninguno lleva nota.")
        if solved:
            count = ngettext("Resolviste {n} de {all}.", "Resolviste {n} de {all}.", solved)
            words = count.format(n=number(solved), all=number(len(cards)))
        self.count.value = tag("p", text(words), role="status")
        self.done = bool(cards) and all(card.solved or card.answer_seen for card in cards)

    def _recall(self) -> None:
        """Draw what is kept: of another project, after another tab's work, or after it was erased."""
        for card in self.cards:
            card.recall()
        self.refresh()
