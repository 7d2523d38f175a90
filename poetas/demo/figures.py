"""Figures of a demo run: the printed table, and the JSON that `--json` writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from poetas.data.dataset_schema import PARTS
from poetas.evaluation.metrics.registry import COMPARED, DECISIVE, STYLE_DECISIVE, STYLE_METRICS, metric
from poetas.evaluation.metrics.registry import title as metric_title
from poetas.evaluation.metrics.style_metric import StyleMetric
from poetas.i18n import number


def figures(
    model: str,
    rows: Mapping[str, int],
    seconds: Mapping[str, float],
    peak_rss_mb: float,
    evaluation: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what `--json` writes.

    scores: for each system its means (ROUGE between 0 and 1, chrF between 0 and 100; for a style by
    the keys of its metrics). difference: tuned minus base, in the same units.
    """
    style = evaluation["task"] == "style"
    systems = [row for row in evaluation["rows"] if row["system"] != "human"]
    keys = tuple(entry.key for entry in _measured(evaluation)) if style else COMPARED
    decisive = STYLE_DECISIVE.key if style else DECISIVE
    gap = evaluation["difference"][decisive]
    return {
        "model": model,
        "rows": {part: int(rows[part]) for part in PARTS},
        "seconds": {part: round(float(seconds[part]), 1) for part in ("fetch", "train", "evaluate")},
        "peak_rss_mb": round(peak_rss_mb),
        "scores": {row["system"]: {key: round(float(row["scores"][key]), 6) for key in keys} for row in systems},
        "difference": {
            decisive: {end: None if gap[end] is None else round(gap[end], 6) for end in ("mean", "low", "high")}
        },
        "verdict": evaluation["verdict"]["text"],
    }


def _measured(evaluation: Mapping[str, Any]) -> list[StyleMetric]:
    """Return the style metrics that could be measured: those that both models have."""
    rows = [row for row in evaluation["rows"] if row["system"] != "human"]
    return [entry for entry in STYLE_METRICS if all(entry.key in row["scores"] for row in rows)]


def table(evaluation: Mapping[str, Any]) -> list[str]:
    """Return the table of scores as lines of plain text, each column as wide as it needs."""
    if evaluation["task"] == "style":
        heads = [entry.title() for entry in _measured(evaluation)]
        cells = [[entry.cell(row["scores"]) for entry in _measured(evaluation)] for row in evaluation["rows"]]
    else:
        heads = [metric_title(key) for key in COMPARED]
        cells = [[_cell(row, key) for key in COMPARED] for row in evaluation["rows"]]
    lines = [["", *heads], *([row["title"], *line] for row, line in zip(evaluation["rows"], cells, strict=True))]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads) + 1)]
    return [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]


def _cell(row: Mapping[str, Any], key: str) -> str:
    """Return a mean in points, with its interval."""
    factor, interval = metric(key).points, row["intervals"][key]
    mean = number(factor * row["scores"][key], 1)
    if interval["low"] is None:
        return mean
    return f"{mean} ({number(factor * interval['low'], 1)} – {number(factor * interval['high'], 1)})"
