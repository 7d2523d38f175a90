"""The training job: light until it runs, since torch reads its environment when it is loaded."""

from __future__ import annotations

from typing import Any

from poetas.jobs.job_context import JobContext
from poetas.training.process_setup import prepare_process
from poetas.util.library_import import import_large


def run(context: JobContext) -> dict[str, Any]:
    """Fine-tune a model, see `train.train`."""
    prepare_process()
    result: dict[str, Any] = import_large("poetas.training.train").train(context)
    return result
