"""The training of another dataset than the one in use: it is kept, and comes back with its texts."""

from __future__ import annotations

from poetas.data.storage.dataset_summary import DatasetSummary, started_with
from poetas.jobs import Job
from widgets.core.page_context import PageContext
from widgets.core.training_notice import KIND


def other_trained_dataset(context: PageContext) -> DatasetSummary | None:
    """Return the dataset of the project's last training with an adapter; None where it is in use."""
    for job in Job.all(context.project.jobs) if context.dataset else ():
        if job.kind != KIND or not (job.dir / "adapter").is_dir():
            continue
        dataset = started_with(job.config)
        if dataset is not None:
            return None if str(dataset.folder) == context.dataset else dataset
    return None
