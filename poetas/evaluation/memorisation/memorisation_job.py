"""Entry point of the memorisation check; torch is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_store import PreparedDataset
from poetas.evaluation.config import EvaluationConfig, bad_evaluation
from poetas.generation.errors import model_not_ready
from poetas.jobs.job_context import JobContext
from poetas.jobs.job_record import JobRecord, is_job
from poetas.models.model_store import is_whole
from poetas.training.process_setup import prepare_process
from poetas.util.library_import import import_large

TEXTS = 40  # texts of each part that are probed, unless the configuration says otherwise


def run(context: JobContext) -> dict[str, Any]:
    """Check what a training memorised. Configuration: ``training`` (a job's folder), ``texts``, ``seed``.

    The model, the dataset and its fingerprint are those of the training. Returns what `memorisation.check` found.
    Raises BadEvaluation, DatasetReplaced, Stopping.
    """
    training = Path(str(context.config.get("training", "")))
    if not training.is_absolute() or not is_job(training) or not (training / "adapter").is_dir():
        raise bad_evaluation(f"no training: {str(training)[:200]}")
    asked = JobRecord.read(training).config
    known = {key: asked.get(key) for key in ("model", "dataset", "fingerprint", "language")}
    config = EvaluationConfig.parse({**known, "adapter": str(training), "seed": context.config.get("seed", 7)})
    dataset = PreparedDataset.open(config.dataset)
    if not is_whole(config.model):
        raise model_not_ready(config.title)
    texts = context.config.get("texts", TEXTS)
    if type(texts) is not int or not 1 <= texts <= 1000:  # noqa: PLR2004
        raise bad_evaluation(f"texts: {str(texts)[:40]}")
    prepare_process()
    program = import_large("poetas.evaluation.memorisation.memorisation")
    result: dict[str, Any] = program.check(context, config, dataset, texts)
    return result
