"""Folders of finished trainings for tests: as the training job leaves them, without training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from poetas.jobs.job_record import JobRecord
from poetas.util.files import write_json
from tests.tiny_adapter import make_adapter

KNOBS = {"epochs": 3, "learning_rate": 2e-3, "batch_size": 4, "lora_rank": 4, "longest": 64}


def finished_training(parent: Path, base: Path, *, task: str = "summary", dataset: str = "", **layers: Any) -> Path:
    """Make the folder of a training job of ``base`` with a random adapter; return it."""
    folder = parent / "train-20260101-000000-00000000"
    folder.mkdir(parents=True)
    config = {"model": str(base), "dataset": dataset or "/nowhere/Cartas a Ramón Funes", "training": KNOBS}
    JobRecord(folder.name, "train", config, 1.0, None).write(folder)
    make_adapter(base, folder / "adapter", **layers)
    result = {
        "task": task,
        "language": "es",
        "steps": 12,
        "best_loss": 1.25,
        "examples": {"train": 24, "validation": 4},
    }
    write_json(folder / "result.json", {**result, "training": KNOBS, "adapter": "adapter"})
    return folder
