"""Result of a summary evaluation from its texts: scores, intervals, differences, verdict, best and worst examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from poetas.evaluation.bootstrap import SEED, Interval, mean_interval, paired_interval
from poetas.evaluation.metrics.base import Direction
from poetas.evaluation.metrics.registry import COMPARED, DECISIVE, METRICS, inventions, metric, score_texts
from poetas.evaluation.output_faults import collapse_of, output_faults
from poetas.evaluation.systems import BASE, SYSTEMS, TUNED, title
from poetas.evaluation.verdict import verdict

SHOWN = 3  # best and worst examples
KEPT = 200  # texts that travel in the result; all of them are in the job's folder

Scores = dict[str, list[dict[str, float]]]  # system -> scores of each text


@dataclass(frozen=True, slots=True)
class EvaluationData:
    """What is judged. texts: system -> what it wrote for each source; all lists are equally long.

    cut: system -> whether each of its texts breaks off at the length limit.
    """

    sources: Sequence[str]
    references: Sequence[str]
    texts: Mapping[str, Sequence[str]]
    language: str = "es"
    seed: int = SEED
    cut: Mapping[str, Sequence[bool]] = field(default_factory=dict)

    def systems(self) -> list[str]:
        """The systems that took part, in the order of a table."""
        return [system for system in SYSTEMS if system in self.texts]


def scored(exam: EvaluationData) -> Scores:
    """Return every score of every text."""
    return {
        system: score_texts(exam.texts[system], exam.references, exam.sources, language=exam.language)
        for system in exam.systems()
    }


def report(exam: EvaluationData, scores: Scores) -> dict[str, Any]:
    """Return the result, ready for JSON.

    rows: for each system its ``scores`` and ``intervals`` (means over the texts; ROUGE between 0 and 1, chrF between 0
    and 100). differences: tuned minus each other system, for each score against the reference, with interval.
    difference: the same against the base alone. verdict: None without a tuned model. texts: source, reference, and
    each system's text with its scores and, by metric, its findings. best, worst: places in ``texts``; none of the best
    invents or breaks off. read: places of those that invent most.
    """
    differences = _differences(exam, scores)
    result: dict[str, Any] = {
        "n": len(exam.sources),
        "rows": [_row(system, scores[system], exam.seed) for system in exam.systems()],
        "differences": {
            system: {key: interval.as_dict() for key, interval in intervals.items()}
            for system, intervals in differences.items()
        },
        "difference": {key: interval.as_dict() for key, interval in differences.get(BASE, {}).items()},
        "verdict": None,
        "texts": [text_record(exam, scores, index) for index in range(min(len(exam.sources), KEPT))],
    }
    if BASE in differences:
        gains = {
            key: {system: _gain(intervals[key], key) for system, intervals in differences.items()}
            for key in COMPARED
            if metric(key).direction is not Direction.NEITHER
        }
        faults = output_faults(exam.texts[TUNED], exam.references, exam.sources, scores[TUNED], exam.language)
        before = collapse_of(exam.texts[BASE], exam.references, exam.sources)
        result["verdict"] = verdict(gains.pop(DECISIVE), others=gains, faults=faults, before=before).as_dict()
        result["read"] = [index for index in faults.read if index < KEPT]
    return {**result, **_extremes(exam, scores)}


def _row(system: str, scores: Sequence[Mapping[str, float]], seed: int) -> dict[str, Any]:
    intervals = {key: mean_interval([of_text[key] for of_text in scores], seed=seed) for key in scores[0]}
    return {
        "system": system,
        "title": title(system),
        "scores": {key: interval.mean for key, interval in intervals.items()},
        "intervals": {key: interval.as_dict() for key, interval in intervals.items()},
    }


def _differences(exam: EvaluationData, scores: Scores) -> dict[str, dict[str, Interval]]:
    if TUNED not in scores:
        return {}
    return {
        system: {
            key: paired_interval(
                [of_text[key] for of_text in scores[TUNED]],
                [of_text[key] for of_text in scores[system]],
                seed=exam.seed,
            )
            for key in COMPARED
        }
        for system in exam.systems()
        if system != TUNED
    }


def _gain(difference: Interval, key: str) -> Interval:
    """Return a difference in points, with its sign such that above zero is better."""
    points = difference.times(metric(key).points)
    return points.negated() if metric(key).direction is Direction.LOWER else points


def text_record(exam: EvaluationData, scores: Scores, index: int) -> dict[str, Any]:
    """Return one text with what every system made of it."""
    source = exam.sources[index]
    return {
        "index": index,
        "source": source,
        "reference": exam.references[index],
        "systems": {
            system: {
                "text": exam.texts[system][index],
                "cut": system in exam.cut and exam.cut[system][index],
                "scores": scores[system][index],
                **{
                    entry.name: [
                        finding.as_dict()
                        for finding in entry.findings.find(exam.texts[system][index], source, exam.language)
                    ]
                    for entry in METRICS
                    if entry.findings
                },
            }
            for system in exam.systems()
        },
    }


def _extremes(exam: EvaluationData, scores: Scores) -> dict[str, list[int]]:
    """Return the places of the best and the worst texts of the tuned model (else of the base), none in both."""
    system = next((name for name in (TUNED, BASE) if name in scores), next(iter(scores)))
    judged, cut = scores[system], exam.cut.get(system, ())
    order = sorted(range(min(len(judged), KEPT)), key=lambda index: (-judged[index][DECISIVE], index))
    shown = min(SHOWN, len(order) // 2)
    sound = [index for index in order[: len(order) - shown] if not (inventions(judged[index]) or (cut and cut[index]))]
    return {"best": sound[:shown], "worst": order[::-1][:shown]}
