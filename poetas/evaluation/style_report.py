"""Result of a style's evaluation from what each system wrote: rows, intervals, difference, verdict, marked samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from poetas.evaluation.bootstrap import mean_interval, paired_interval
from poetas.evaluation.metrics.registry import STYLE_METRICS
from poetas.evaluation.metrics.style_metric import StyleComparison, StyleMetric, StyleWriting
from poetas.evaluation.output_faults import collapse_of
from poetas.evaluation.style_verdict import style_verdict
from poetas.evaluation.systems import BASE, HUMAN, TUNED, title

Values = dict[str, dict[str, Sequence[float]]]  # system -> key -> a number a text


def style_report(writings: Sequence[StyleWriting], beginnings: Sequence[str], seed: int) -> dict[str, Any]:
    """Return the result, ready for JSON.

    rows: for each system its ``scores`` by key, and ``intervals`` of those that are compared. difference: of these,
    tuned minus base. samples: each beginning, and how each system went on, with what the metrics mark in it.
    """
    values: Values = {
        writing.system: {metric.key: metric.values(writing) for metric in STYLE_METRICS} for writing in writings
    }
    result: dict[str, Any] = {
        "rows": [_row(system, measured, seed) for system, measured in values.items()],
        "difference": {},
        "verdict": None,
        "samples": [
            {"beginning": start, **{writing.system: _sample(writing, index) for writing in writings}}
            for index, start in enumerate(beginnings)
        ],
    }
    if TUNED in values:
        by_system = {writing.system: writing for writing in writings}
        compared = {
            metric.key: _comparison(metric, values, metric.form(by_system[TUNED]), seed)
            for metric in STYLE_METRICS
            if values[BASE][metric.key] and values[TUNED][metric.key]
        }
        result["difference"] = {
            key: values.difference.as_dict() for key, values in compared.items() if values.difference is not None
        }
        texts = by_system[TUNED].texts
        collapse, before = (collapse_of(by_system[name].texts, by_system[HUMAN].texts) for name in (TUNED, BASE))
        judged = style_verdict(compared, collapse=collapse, before=before, samples=len(texts))
        result["verdict"] = judged.as_dict()
    return result


def _row(system: str, measured: dict[str, Sequence[float]], seed: int) -> dict[str, Any]:
    there = [metric for metric in STYLE_METRICS if measured[metric.key]]
    return {
        "system": system,
        "title": title(system),
        "scores": {metric.key: metric.combine(measured[metric.key]) for metric in there},
        "intervals": {
            metric.key: mean_interval(measured[metric.key], seed=seed).as_dict() for metric in there if metric.compared
        },
    }


def _comparison(metric: StyleMetric, values: Values, form: tuple[int, ...], seed: int) -> StyleComparison:
    base, tuned, human = (values[system][metric.key] for system in (BASE, TUNED, HUMAN))
    return StyleComparison(
        base=metric.combine(base),
        tuned=metric.combine(tuned),
        human=metric.combine(human) if human else None,
        difference=paired_interval(tuned, base, seed=seed) if metric.compared else None,
        sizes=(len(base), len(tuned), len(human)),
        form=form,
    )


def _sample(writing: StyleWriting, index: int) -> dict[str, Any]:
    text = writing.texts[index]
    marked = {
        metric.key: dict(metric.highlight.find(text, writing.training)) for metric in STYLE_METRICS if metric.highlight
    }
    return {"text": text, "cut": bool(writing.cut) and writing.cut[index], **marked}
