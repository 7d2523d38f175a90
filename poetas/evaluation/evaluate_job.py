"""Entry point of the evaluation job; torch is imported when it runs, after its environment is set.

Runs without network, like all work that sees the learner's texts. What was written is kept text by text, so that an
evaluation that was stopped or killed goes on where it was.
"""

from __future__ import annotations

import time
from typing import Any

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.environment import peak_rss_mb
from poetas.evaluation.config import EvaluationConfig, bad_evaluation
from poetas.evaluation.void_exam import mostly_twins, void
from poetas.generation.errors import model_not_ready
from poetas.jobs import JobContext, Progress, Stopping
from poetas.models.model_store import is_whole
from poetas.training.process_setup import prepare_process
from poetas.util.library_import import import_large
from poetas.util.work_progress import listening

_EMIT_EVERY = 0.5  # seconds between two progress events


def run(context: JobContext) -> dict[str, Any]:
    """Evaluate as the job's configuration says (`EvaluationConfig`).

    Returns what `summary_evaluation.run` or `style_evaluation.run` found, and with it ``task``, ``split``, ``model``,
    ``tuned``, ``seconds`` (of this process) and ``peak_rss_mb``. What each system took: see `cost_meter.CostMeter`.
    """
    begun = time.monotonic()
    config = EvaluationConfig.parse(context.config)
    dataset = PreparedDataset.open(config.dataset)
    task = config.task or dataset.task
    if task != dataset.task:
        raise bad_evaluation(f"the dataset is for {dataset.task}, not for {task}")
    if not is_whole(config.model):
        raise model_not_ready(config.title)
    prepare_process()
    program = import_large(f"poetas.evaluation.{task}_evaluation")
    result: dict[str, Any] = program.run(context, config, dataset)
    if result.get("verdict") and (dataset.twins or _mostly_twins(context, dataset, config.split)):
        result["verdict"] = void(result["verdict"])
    highest = max(peak_rss_mb(), result.pop("highest_rss_mb", 0.0))  # the costs of a system begin the count again
    return {
        "task": task,
        "split": config.split,
        "model": config.title,
        "tuned": config.adapter is not None,
        **result,
        "seconds": round(time.monotonic() - begun, 1),
        "peak_rss_mb": round(highest),
    }


def _mostly_twins(context: JobContext, dataset: PreparedDataset, split: str) -> bool:
    """Compare as `mostly_twins` does, with progress; Stop ends it, and what was written is kept."""
    last_emit = float("-inf")

    def emit(note: str, done: float) -> None:
        nonlocal last_emit
        if context.stop_requested():
            raise Stopping
        if time.monotonic() - last_emit >= _EMIT_EVERY:
            last_emit = time.monotonic()
            context.emit(Progress(round(100 * done), 100, note))

    with listening(emit):
        return mostly_twins(dataset, split)
