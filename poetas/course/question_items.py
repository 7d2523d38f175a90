"""Items of the course: questions of steps and of questionnaires, exercises, and a bank of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

FORMS = ("A", "B")
TASKS = ("summary", "style")  # of a prepared dataset


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that can be chosen, and what is said to who chose it."""

    text: str
    feedback: str
    right: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A question with its options, in the order of the file; exactly one of them is right.

    step: slug of the step that asks it, "" for an item of a questionnaire. form: "A" or "B", "" for a step's question.
    """

    id: str
    concept: str
    app: str
    step: str
    form: str
    stem: str
    options: tuple[Option, ...]

    @property
    def right(self) -> int:
        """Index of the right option."""
        return next(index for index, option in enumerate(self.options) if option.right)

    def order(self) -> list[int]:
        """Return the options' indices as they are shown: shuffled, the same on every visit and for every learner."""
        indices = list(range(len(self.options)))
        random.Random(self.id).shuffle(indices)  # noqa: S311  (an order of options)
        return indices


@dataclass(frozen=True, slots=True)
class Exercise:
    """Something to find out with the components of a page.

    step: slug of the step where it is done. check: name of what compares the page with it
    (`widgets.course.exercises.checks`), "" where the learner says herself that it is done. own: it is done with her own
    texts. example: a text that solves it, "" where none does. answer: how it is solved, in words. for_task: the task of
    the dataset in use that it is about, "" for any.
    """

    id: str
    concept: str
    app: str
    step: str
    check: str
    own: bool
    title: str
    task: str
    hint: str
    answer: str
    example: str = ""
    for_task: str = ""

    def suits(self, task: str) -> bool:
        """Tell whether it can be done with a dataset for a task; "" where none is in use yet."""
        return not (task and self.for_task) or self.for_task == task


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """The items of one file.

    concepts: id -> title, in the order of the file. source: "course", or "own" for an instructor's file.
    sha256: of the file; two exports with the same one were asked the same.
    """

    concepts: Mapping[str, str]
    items: Mapping[str, Item]
    source: str
    sha256: str
    exercises: Mapping[str, Exercise] = field(default_factory=dict)

    def exercises_of(self, app: str, task: str = "") -> tuple[Exercise, ...]:
        """Return the exercises of an app, in the order of the file; ``task``: of the dataset in use, "" for all."""
        return tuple(exercise for exercise in self.exercises.values() if exercise.app == app and exercise.suits(task))

    def question(self, app: str, step: str) -> Item | None:
        """Return the question of a step, None where it has none."""
        return next((item for item in self.items.values() if item.app == app and step and item.step == step), None)

    def form(self, app: str, form: str) -> tuple[Item, ...]:
        """Return the items of one form of an app's questionnaire, in the order of the file."""
        return tuple(item for item in self.items.values() if item.app == app and form and item.form == form)
