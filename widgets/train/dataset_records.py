"""What app 3 works with: the prepared datasets of a project, told by their records alone (no text is read here)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.data.storage.atomic_folder import told_apart
from poetas.i18n import _, number
from poetas.jobs.job_record import JobRecord, JobUnreadable, is_job
from poetas.models.cache import model_folder
from poetas.util.files import read_json
from poetas.workspace import Project
from widgets.core.page_context import PageContext

PARTS = ("train", "validation", "test")
LARGEST = 5_000_000  # bytes of a record


@dataclass(frozen=True, slots=True)
class Work:
    """A prepared dataset, as its record tells.

    task: "summary" or "style". counts: texts in each part. longest: tokens kept of each text, 0 for all.
    source: name of the file that it was made from.
    """

    folder: Path
    name: str
    task: str
    counts: Mapping[str, int]
    longest: int
    source: str

    @classmethod
    def read(cls, folder: Path) -> Work | None:
        """Read a dataset's record; None where there is none, or none that can be understood."""
        path = folder / "dataset.json"
        try:
            told = read_json(path) if path.stat().st_size <= LARGEST else {}
            counts = {part: int(told["counts"][part]) for part in PARTS}
            task, name = str(told["task"]), told_apart(str(told.get("name") or folder.name), folder.name)
            longest, source = int(told.get("longest") or 0), str((told.get("source") or {}).get("name", ""))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return cls(folder, name, task, counts, longest, source) if task in {"summary", "style"} else None

    @classmethod
    def of(cls, context: PageContext) -> Work | None:
        """The dataset in use on a context, None while there is none."""
        return cls.read(Path(context.dataset)) if context.dataset else None

    @property
    def style(self) -> bool:
        """Whether it teaches a style, rather than summarising."""
        return self.task == "style"

    @property
    def parts(self) -> str:
        """How many texts there are for what, in words."""
        words = _("{train} para estudiar, {validation} de simulacro, {test} de examen")
        return words.format(**{part: number(count) for part, count in self.counts.items()})


def prepared(project: Project) -> list[Work]:
    """The datasets of a project, newest first."""
    found = (Work.read(folder) for folder in project.prepared())
    return [work for work in found if work is not None]


def adapter_of(context: PageContext) -> Path | None:
    """The folder of the adapter in use, None while there is none, or none of the model and dataset in use."""
    job = Path(context.training)
    if not context.training or not is_job(job) or not (job / "adapter").is_dir():
        return None
    try:
        config = JobRecord.read(job).config
    except JobUnreadable:
        return None
    ours = of_model(config, context) and (not context.dataset or of_dataset(config, context))
    return job / "adapter" if ours else None


def of_model(config: Mapping[str, Any], context: PageContext) -> bool:
    """Whether a job was started with the model in use; its configuration names the model's folder, or its id."""
    if not context.model:
        return False
    return config.get("model") in {context.model, str(model_folder(context.workspace, context.model))}


def of_dataset(config: Mapping[str, Any], context: PageContext) -> bool:
    """Whether a job was started with the dataset in use."""
    return bool(context.dataset) and config.get("dataset") == context.dataset
