"""Next steps after a verdict, with their cost: its kind and the run's measured figures in, doors out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import Any

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.verdict_kind import VerdictKind
from poetas.exam_size import ENOUGH, FEWEST
from poetas.training.config import TrainingConfig
from poetas.training.presets import PRESETS
from poetas.util.files import is_figure

MOST_TIMES = 10  # an exam that would have to grow more than that is no advice
_EARLY = 0.6  # share of the steps: a best checkpoint before it means that the rest of them learnt by heart


class Door(StrEnum):
    """Something to try next. ADVICE: compare with what costs less; TRY: use the model."""

    MORE_TEXTS = "more_texts"
    COMBINATION = "combination"
    EXAMPLES = "examples"
    ADVICE = "advice"
    TRY = "try"


@dataclass(frozen=True, slots=True)
class NextStep:
    """A door.

    texts: how many more of them to gather, for the exam and the training together; 0 where no number can be given.
    exam: texts that the exam would then have. preset: of the combination, "" for none. seconds: of training and exam
    together, as this machine took them; None where that was not measured.
    """

    door: Door
    texts: int = 0
    exam: int = 0
    preset: str = ""
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class MeasuredRun:
    """What is known of the run that was examined.

    config: its hyperparameters. seconds: of the training, None where its result does not say. best: share of its steps
    after which the validation was best, None without one. exam_seconds: of the exam. texts: of all three parts.
    """

    config: TrainingConfig
    seconds: float | None = None
    best: float | None = None
    exam_seconds: float | None = None
    texts: int = 0


DOORS: Mapping[VerdictKind, tuple[Door, ...]] = {
    VerdictKind.TOO_FEW: (Door.MORE_TEXTS, Door.EXAMPLES),
    VerdictKind.UNCLEAR: (Door.MORE_TEXTS, Door.COMBINATION, Door.EXAMPLES),
    VerdictKind.WORSE: (Door.COMBINATION, Door.EXAMPLES, Door.MORE_TEXTS),
    VerdictKind.COLLAPSED: (Door.COMBINATION, Door.EXAMPLES, Door.MORE_TEXTS),
    VerdictKind.VOID: (Door.MORE_TEXTS,),
    VerdictKind.MIXED: (Door.COMBINATION, Door.MORE_TEXTS, Door.EXAMPLES),
    VerdictKind.IMPROVED: (Door.ADVICE, Door.TRY),
}


def next_steps(result: Mapping[str, Any], run: MeasuredRun, *, difference: Interval | None) -> tuple[NextStep, ...]:
    """Return the doors after a verdict, in the order in which they are shown.

    result: of the evaluation. difference: fine-tuned minus base in the score that decides, above zero is better. Two
    examples in the prompt are no door for a style, nor where the exam has no prompt with examples.

    >>> result = {"task": "summary", "n": 4, "verdict": {"kind": "too_few"}, "rows": []}
    >>> [step.door.value for step in next_steps(result, MeasuredRun(TrainingConfig(), texts=40), difference=None)]
    ['more_texts']
    """
    verdict = result.get("verdict") or {}
    try:
        kind = VerdictKind(str(verdict.get("kind")))
    except ValueError:
        return ()
    style, count = result.get("task") == "style", int(result["n"])
    systems = {row["system"] for row in result["rows"]}
    steps = []
    for door in DOORS[kind]:
        if door is Door.MORE_TEXTS:
            void = kind is VerdictKind.VOID  # how many texts are distinct is not known
            steps.append(NextStep(door) if void else _more_texts(count, run, difference, style=style))
        elif door is Door.COMBINATION:
            gentle = kind in {VerdictKind.WORSE, VerdictKind.COLLAPSED} or (run.best is not None and run.best < _EARLY)
            steps.append(_combination(run, gentle=gentle))
        elif door is not Door.EXAMPLES or (not style and "base_examples" in systems):
            steps.append(NextStep(door))
    return tuple(steps)


def exam_needed(count: int, difference: Interval | None, *, style: bool) -> int:
    """Return how many texts an exam needs to show a difference like this one, 0 where more would show nothing.

    The interval shrinks with the square root of the texts, if the others are like these.

    >>> exam_needed(40, Interval(1.0, -1.0, 3.0, 40), style=False), exam_needed(4, None, style=False)
    (160, 40)
    """
    least = FEWEST if style else ENOUGH
    if count < FEWEST:
        return least
    if difference is None or difference.low is None or difference.high is None or difference.mean <= 0:
        return least if count < least else 0
    if difference.above:
        return 0  # it shows already
    below = difference.mean - difference.low
    needed = max(ceil(count * (below / difference.mean) ** 2), count + 1)
    return needed if needed <= MOST_TIMES * count else 0


def _more_texts(count: int, run: MeasuredRun, difference: Interval | None, *, style: bool) -> NextStep:
    exam = exam_needed(count, difference, style=style)
    if not exam or not count or not run.texts:
        return NextStep(Door.MORE_TEXTS, exam=exam, seconds=_sum(run.seconds, run.exam_seconds))
    times = exam / count
    seconds = _sum(_times(run.seconds, times), _times(run.exam_seconds, times))
    return NextStep(Door.MORE_TEXTS, texts=ceil(run.texts * times) - run.texts, exam=exam, seconds=seconds)


def _combination(run: MeasuredRun, *, gentle: bool) -> NextStep:
    """Return another preset: a gentler one where it learnt by heart or got worse, else one that studies more."""
    order = ["rapido", "equilibrado", "a-fondo"]
    order = order if gentle else order[::-1]
    name = next(name for name in order if not PRESETS[name].made(run.config))
    config = PRESETS[name].config
    # A longer text is read longer only where it was cut; the bound is what both would take if all texts were cut.
    longer = max(1.0, config.longest / run.config.longest) if run.config.longest else 1.0
    seconds = _sum(_times(run.seconds, config.epochs / run.config.epochs * longer), run.exam_seconds)
    return NextStep(Door.COMBINATION, preset=name, seconds=seconds)


def _times(seconds: float | None, factor: float) -> float | None:
    return None if seconds is None else seconds * factor


def _sum(*seconds: float | None) -> float | None:
    known = [value for value in seconds if is_figure(value)]
    return sum(known) if known else None
