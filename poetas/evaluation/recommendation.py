"""Recommendation between copying, extracting, prompting and fine-tuning, from an exam's paired differences.

Fine-tuning costs most, so it is recommended only where it beats, text by text, all that costs less. Where something
cheaper beats it, or the texts cannot tell them apart, the recommendation is no, and names the cheaper way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from poetas.evaluation.bootstrap import Interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import DECISIVE, STYLE_DECISIVE, metric
from poetas.evaluation.systems import BASE, BASE_EXAMPLES, EXTRACTIVE, LEAD1, LEAD3, OTHER, SECOND, TUNED
from poetas.evaluation.verdict_kind import FEW, VerdictKind
from poetas.util.files import is_figure


class Way(StrEnum):
    """A way to get the summaries, or the continuations, the cheapest first."""

    COPY = "copy"
    EXTRACT = "extract"
    PROMPT = "prompt"
    FINE_TUNE = "fine_tune"


class RecommendationKind(StrEnum):
    """What is recommended.

    SIMPLER: a cheaper way. NOTHING_YET: none of them, because the summaries are no nearer to the references than
    those of other texts. VOID: the exam's texts have twins among the training texts.
    WITH_CARE: fine-tuning, whose outputs have to be read one by one.
    """

    NO_EXAM = "no_exam"
    TOO_FEW = "too_few"
    VOID = "void"
    COLLAPSED = "collapsed"
    SIMPLER = "simpler"
    NOTHING_YET = "nothing_yet"
    WITH_CARE = "with_care"
    FINE_TUNE = "fine_tune"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A recommendation.

    way: the recommended one, None where there is none. proven: whether it beats fine-tuning for certain; else the
    texts cannot tell them apart. systems: which system of the exam stands for each way. n: texts of the exam.
    """

    kind: RecommendationKind
    way: Way | None = None
    proven: bool = False
    systems: Mapping[Way, str] = field(default_factory=dict)
    n: int = 0


_CANDIDATES: Mapping[Way, tuple[str, ...]] = {
    Way.COPY: (LEAD1,),
    Way.EXTRACT: (EXTRACTIVE, LEAD3, SECOND),
    Way.PROMPT: (BASE_EXAMPLES, BASE),
    Way.FINE_TUNE: (TUNED,),
}


def recommend(result: Mapping[str, Any] | None) -> Recommendation:
    """Return what an evaluation's result recommends. result: of `report` or `style_report`, None without an exam.

    >>> recommend(None).kind.value
    'no_exam'
    """
    if not result or not result.get("verdict"):
        return Recommendation(RecommendationKind.NO_EXAM)
    style, count = result.get("task") == "style", int(result["n"])
    key, direction = (STYLE_DECISIVE.key, STYLE_DECISIVE.direction) if style else (DECISIVE, metric(DECISIVE).direction)
    scores = {row["system"]: row["scores"].get(key) for row in result["rows"]}
    low = direction is Direction.LOWER
    systems = _best(scores, lower=low, style=style)
    verdict = str(result["verdict"].get("kind", ""))
    differences = {BASE: result.get("difference")} if style else result.get("differences") or {}
    gains = {
        system: gain
        for system, by_key in differences.items()
        if (gain := _gain((by_key or {}).get(key), count, lower=low)) is not None
    }
    cheaper = [way for way in Way if way is not Way.FINE_TUNE and systems.get(way) in gains]
    if verdict == VerdictKind.COLLAPSED:
        best = min(cheaper, key=lambda way: gains[systems[way]].mean, default=None)
        return Recommendation(RecommendationKind.COLLAPSED, best, systems=systems, n=count)
    if verdict == VerdictKind.VOID:
        return Recommendation(RecommendationKind.VOID, systems=systems, n=count)
    if count < FEW or not cheaper:
        return Recommendation(RecommendationKind.TOO_FEW, cheaper[0] if cheaper else None, systems=systems, n=count)
    kind, way, proven = _compared({way: gains[systems[way]] for way in cheaper}, gains.get(OTHER), verdict)
    return Recommendation(kind, way, proven, systems, count)


def _compared(
    gains: Mapping[Way, Interval], over_other: Interval | None, verdict: str
) -> tuple[RecommendationKind, Way | None, bool]:
    """Compare fine-tuning with the cheaper ways. gains: fine-tuned minus each, above zero is better."""
    better = [way for way, gain in gains.items() if gain.below]
    if better:
        return RecommendationKind.SIMPLER, min(better, key=lambda way: gains[way].mean), True
    if over_other is not None and not over_other.above:
        return RecommendationKind.NOTHING_YET, None, False
    alike = [way for way in Way if way in gains and not gains[way].above]
    if alike:
        return RecommendationKind.SIMPLER, alike[0], False
    care = verdict == VerdictKind.MIXED
    return (RecommendationKind.WITH_CARE if care else RecommendationKind.FINE_TUNE), Way.FINE_TUNE, True


def _best(scores: Mapping[str, Any], *, lower: bool, style: bool) -> dict[Way, str]:
    """Return the best system of each way; a style is neither copied nor extracted."""
    ways: Iterable[Way] = (Way.PROMPT, Way.FINE_TUNE) if style else Way
    best = {}
    for way in ways:
        known = [system for system in _CANDIDATES[way] if is_figure(scores.get(system))]
        if known:
            best[way] = (min if lower else max)(known, key=lambda system: scores[system])
    return best


def _gain(difference: Mapping[str, Any] | None, count: int, *, lower: bool) -> Interval | None:
    """Return a difference with its sign such that above zero the fine-tuned model is better."""
    if not difference or not is_figure(difference.get("mean")):
        return None
    interval = Interval(difference["mean"], difference.get("low"), difference.get("high"), count)
    return interval.negated() if lower else interval
