"""Data classes that describe a metric: how it scores a text, and what tables, reports and pages show of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from poetas.evaluation.metrics.highlight_spans import Highlights

Text = Callable[[], str]  # a text for the learner, translated when it is shown
Highlighter = Callable[[str, str], Highlights]  # prediction, reference
Scorer = Callable[[str, str, str, str], Mapping[str, float]]  # prediction, reference, source, language ("es", "en")


class Direction(StrEnum):
    """Which end of a score is the good one. NEITHER: a description, not a judgement."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class FlaggedSpan:
    """A stretch of a prediction, ``prediction[start:end]``, that a metric underlines. kind: which kind of it."""

    start: int
    end: int
    text: str
    kind: str

    def as_dict(self) -> dict[str, str | int]:
        """Return the fields as a JSON-ready mapping."""
        return {"start": self.start, "end": self.end, "text": self.text, "kind": str(self.kind)}


@dataclass(frozen=True, slots=True)
class Findings:
    """Stretches of a prediction that are underlined on the page, whichever score is looked at.

    find: prediction, source, language -> stretches. legend: the sentence under the text, by how many there are.
    """

    find: Callable[[str, str, str], Sequence[FlaggedSpan]]
    legend: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Score:
    """One number that a metric gives.

    key: its name in every result. title: its name for the learner. plain: what it counts, in words, to stand before
    the title. heading: the same in a word, for a table. highlight: what it counts as equal in a prediction
    and its reference. legend: the words under these highlights. decides: whether the verdict rests on it (exactly one
    score of the table). limits: what the score cannot see, said by the verdict that rests on it.
    """

    key: str
    title: Text
    highlight: Highlighter | None = None
    legend: Text = str
    decides: bool = False
    limits: Text = str
    plain: Text = str
    heading: Text = str

    def phrase(self) -> str:
        """Return its name inside a sentence: what it counts, and its title in brackets."""
        return f"{self.plain()} ({self.title()})" if self.plain() else self.title()

    def column(self) -> str:
        """Return its name as the head of a column."""
        return f"{self.heading()} ({self.title()})" if self.heading() else self.title()


@dataclass(frozen=True, slots=True)
class Metric:
    """A way to score one text.

    name: identifier, also its module's. description: one line for `evaluate`. citation: where it is defined.
    scores: what it gives. compute: prediction, reference, source, language -> value by key. points: factor from a
    value to points, as people quote it ("ROUGE-1 de 38,2"). direction: the good end. compared: whether the systems are
    compared by it; then its scores stand in the table, with highlights and paired differences. needs: the texts that
    it reads besides the prediction. findings: what it underlines. invents: whether its scores count what the source
    does not say. signature: what another lab needs for equal numbers.
    """

    name: str
    description: str
    citation: str
    scores: tuple[Score, ...]
    compute: Scorer
    direction: Direction
    points: float = 100.0
    compared: bool = False
    needs: tuple[str, ...] = ()
    findings: Findings | None = None
    invents: bool = False
    signature: Callable[[], str] | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of its scores."""
        return tuple(score.key for score in self.scores)
