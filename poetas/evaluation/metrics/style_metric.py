"""Data classes that describe a style metric: what it reads, and what table, plot, samples and verdict show of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction, Text
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.i18n import _, number


@dataclass(frozen=True, slots=True)
class StyleWriting:
    """What one system wrote and how held-out texts surprise it; the system `HUMAN` is the held-out texts themselves.

    texts: how it goes on from each beginning. losses: of each held-out text in nats a token, () for `HUMAN`.
    training: the texts that the tuned model learnt from. language: "es" or "en". beginnings: what each text goes on
    from. cut: whether each text breaks off at the length limit.
    """

    system: str
    texts: Sequence[str]
    training: Sequence[str]
    losses: Sequence[float] = ()
    language: str = "es"
    beginnings: Sequence[str] = ()
    cut: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class StyleComparison:
    """The values of one metric. human: of the held-out texts, None where it cannot be measured on them.

    difference: tuned minus base with interval, text by text; None where the metric is not compared. sizes: of how many
    values each number is made, of base, tuned and held-out texts. form: what the metric's ``form`` read from the
    training texts.
    """

    base: float
    tuned: float
    human: float | None = None
    difference: Interval | None = None
    sizes: tuple[int, int, int] = (0, 0, 0)
    form: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StyleHighlight:
    """A run of words that is marked in a sample.

    find: text, training texts -> ``length`` in words, ``start`` and ``end`` in characters. least: words, shorter runs
    are not marked. legend: the sentence below the text, by the length.
    """

    find: Callable[[str, Sequence[str]], Mapping[str, int]]
    legend: Callable[[int], str]
    least: int = 1


@dataclass(frozen=True, slots=True)
class StyleMetric:
    """A way to measure how a model writes in a style.

    key: its name in every result. title: its column for the learner. reading: which end is the good one, in words, for
    the middle of a sentence. values: a number a text, () where it cannot be measured. combine: these -> the number of
    the table. shown: that number as the learner reads it. direction: the good end. on_people: whether the held-out
    texts have it too. whole: whether it is a whole number. compared: whether tuned and base are compared by it, text
    by text; then it has intervals, drawn under plot, with unit after a difference. highlight: what it marks in a
    sample. sentences: what the verdict says of it. warning: what it adds to the headline, "" for nothing. optional:
    whether some texts have nothing to measure (prose has no metre). form: numbers that describe the training texts'
    form, for the sentences. objects: whether it speaks against an improvement. beside: whether it is shown beside the
    deciding metric where ways to do it are compared. decides: whether the verdict rests on it (exactly one
    of the registry); then headline: the first sentence, by kind and difference, and limits: what it cannot see.
    """

    key: str
    title: Text
    reading: Text
    values: Callable[[StyleWriting], Sequence[float]]
    combine: Callable[[Sequence[float]], float]
    shown: Callable[[float], str]
    direction: Direction
    on_people: bool = True
    whole: bool = False
    compared: bool = False
    plot: Text = str
    unit: Text = str
    highlight: StyleHighlight | None = None
    sentences: Callable[[StyleComparison], Sequence[str]] = lambda _values: ()
    warning: Callable[[StyleComparison], str] = lambda _values: ""
    decides: bool = False
    headline: Callable[[VerdictKind, Interval], str] = lambda _kind, _difference: ""
    limits: Text = str
    optional: bool = False
    beside: bool = False
    form: Callable[[StyleWriting], tuple[int, ...]] = lambda _writing: ()
    objects: Callable[[StyleComparison], bool] = lambda _values: False

    def cell(self, scores: Mapping[str, float]) -> str:
        """Return the number of a row of a result as the learner reads it, a dash where the row has none."""
        return self.shown(scores[self.key]) if self.key in scores else "–"


def counted(values: StyleComparison, sentence: str, single: str) -> str:
    """Return how many values of the tuned model are 1, then of the base, then of the held-out texts.

    sentence: with ``{k}`` and ``{n}``, without its full stop; single: the same where ``{k}`` is one. The others' totals
    are named where they differ.

    >>> said = ("{k} de {n} versos riman", "{k} de {n} versos rima")
    >>> counted(StyleComparison(0.25, 0.75, 1.0, sizes=(40, 40, 38)), *said)
    '30 de 40 versos riman; antes, 10; en tu conjunto, 38 de 38.'
    >>> counted(StyleComparison(0.0, 0.25, sizes=(4, 4, 0)), *said)
    '1 de 4 versos rima; antes, 0.'
    """
    base, tuned, human = values.sizes

    def share(value: float, size: int) -> str:
        amount = number(round(value * size))
        return amount if size == tuned else _("{k} de {n}").format(k=amount, n=number(size))

    count = round(values.tuned * tuned)
    said = (single if count == 1 else sentence).format(k=number(count), n=number(tuned))
    said += _("; antes, {amount}").format(amount=share(values.base, base))
    if values.human is not None and human:
        said += _("; en tu conjunto, {amount}").format(amount=share(values.human, human))
    return f"{said}."
