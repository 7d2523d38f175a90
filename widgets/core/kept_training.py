"""The project's last training, where other texts or another model are in use: it is kept, and comes back with them."""

from __future__ import annotations

from pathlib import Path

from poetas.data.storage.dataset_summary import started_with
from poetas.jobs import Job
from poetas.models.model_store import record_of
from widgets.core.page_context import PageContext
from widgets.core.training_notice import KIND


def kept_training(context: PageContext) -> str:
    """Return what to choose to have it again: its dataset's name, or its model's title; "" where it is in use."""
    for job in Job.all(context.project.jobs) if context.dataset else ():
        if job.kind != KIND or not (job.dir / "adapter").is_dir():
            continue
        dataset = started_with(job.config)
        if dataset is None:
            continue
        if str(dataset.folder) != context.dataset:
            return dataset.name
        record = record_of(Path(str(job.config.get("model", ""))))
        return record.entry.title if record is not None and record.entry.id != context.model else ""
    return ""
