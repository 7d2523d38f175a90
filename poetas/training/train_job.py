"""The training job: light until it runs, since torch reads its environment when it is loaded."""

from __future__ import annotations

import importlib
from typing import Any

from poetas.jobs.job_context import JobContext
from poetas.training.process_setup import prepare_process


def run(context: JobContext) -> dict[str, Any]:
    """Fine-tune a model, see `train.train`."""
    prepare_process()
    result: dict[str, Any] = importlib.import_module("poetas.training.train").train(context)
    return result
