"""Figures of a class: shares, gains, marks and times, each with the number of persons it is of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from poetas.course.question_items import Exercise, Item
from poetas.evaluation.bootstrap import Interval

FEW = 10  # persons below which nothing is claimed: `poetas.evaluation.bootstrap` says how sure intervals then are


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many.

    >>> Share.of([True, False]).value, Share.of([]).value
    (0.5, None)
    """

    count: int
    n: int

    @classmethod
    def of(cls, values: Iterable[bool]) -> Share:
        """Count a list of answers."""
        kept = list(values)
        return cls(sum(kept), len(kept))

    @property
    def value(self) -> float | None:
        """The share between 0 and 1, None of no one."""
        return self.count / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Gain:
    """What was right before and after, and the difference with its interval, None where there is none to compute.

    name: id of a concept or an item, "" for the whole questionnaire.
    """

    name: str
    before: Share
    after: Share
    difference: Interval | None


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """A question after a step: right at the first try, and how many options were tried in the mean."""

    item: Item
    first: Share
    tries: float


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """Marks from 1 to 5. counts: of each mark. mean: with its interval, None where no one marked."""

    scale: str
    counts: tuple[int, ...]
    mean: Interval | None


@dataclass(frozen=True, slots=True)
class StepResult:
    """A step: who finished it, and seconds in use of those who were there (first quartile, median, third quartile)."""

    step: str
    finished: Share
    n: int
    seconds: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class AppResults:
    """Results of one app. gain: of right answers in all, as a share of the questionnaire, of those who took both."""

    app: str
    began: int
    gain: Gain
    concepts: tuple[Gain, ...]
    items: tuple[Gain, ...]
    questions: tuple[QuestionResult, ...]
    scales: tuple[ScaleResult, ...]
    steps: tuple[StepResult, ...]
    bets: tuple[tuple[str, Share], ...]
    comments: tuple[str, ...]

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to report."""
        return bool(self.began or self.gain.difference is not None or self.comments)


@dataclass(frozen=True, slots=True)
class ExerciseResult:
    """An exercise: who solved it of those who opened it, hints in the mean, who looked at the answer."""

    exercise: Exercise
    solved: Share
    hints: float
    answer_seen: int


@dataclass(frozen=True, slots=True)
class ErrorResult:
    """An error card: how often it was met, and by how many."""

    code: str
    count: int
    people: int


@dataclass(frozen=True, slots=True)
class ClassResults:
    """Results of a class. exported: first and last day of the exports, ISO 8601, "" where there are none.

    own_texts: who worked with a dataset of their own, of those who prepared one.
    """

    people: int
    own_texts: Share
    exported: tuple[str, str]
    apps: tuple[AppResults, ...]
    exercises: tuple[ExerciseResult, ...]
    errors: tuple[ErrorResult, ...]
