"""The dataset and the adapter in use on a page, and which jobs were started with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_summary import DatasetSummary
from poetas.jobs import Job, JobState
from poetas.jobs.job_record import JobRecord, JobUnreadable, is_job
from poetas.models.model_store import model_folder
from widgets.core.page_context import PageContext

EXAM = "evaluate"  # kind of the jobs that evaluate


def dataset_in_use(context: PageContext) -> DatasetSummary | None:
    """The dataset in use on a page, None while there is none."""
    return DatasetSummary.read(Path(context.dataset)) if context.dataset else None


def style_in_use(context: PageContext) -> bool:
    """Whether what is learnt from the dataset in use is a style: its texts have no summaries."""
    dataset = dataset_in_use(context)
    return dataset is not None and dataset.style


def adapter_in_use(context: PageContext) -> Path | None:
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


def training_result(context: PageContext) -> dict[str, Any]:
    """Return the result of the training in use, {} where it was stopped, or cannot be read."""
    adapter = adapter_in_use(context)
    if adapter is None:
        return {}
    try:
        return Job.open(adapter.parent).result() or {}
    except JobUnreadable:
        return {}


def of_model(config: Mapping[str, Any], context: PageContext) -> bool:
    """Whether a job was started with the model in use; its configuration names the model's folder, or its id."""
    if not context.model:
        return False
    return config.get("model") in {context.model, str(model_folder(context.workspace, context.model))}


def of_dataset(config: Mapping[str, Any], context: PageContext) -> bool:
    """Whether a job was started with the dataset in use, see `DatasetSummary.started`."""
    dataset = dataset_in_use(context)
    return dataset is not None and dataset.started(config)


def dataset_config(context: PageContext) -> dict[str, str]:
    """What a job's configuration says of the dataset in use: its folder, and its fingerprint where it can be read."""
    dataset = dataset_in_use(context)
    fingerprint = dataset.fingerprint if dataset is not None else ""
    return {"dataset": context.dataset, **({"fingerprint": fingerprint} if fingerprint else {})}


def job_config(context: PageContext) -> dict[str, str]:
    """What a job's configuration says of the model and the dataset in use: the model's folder, see `dataset_config`."""
    return {"model": str(model_folder(context.workspace, context.model)), **dataset_config(context)}


def reading_config(context: PageContext) -> dict[str, Any]:
    """What the adapter in use was trained to read: ``longest``, tokens of a text (0 = all), and ``language``, if known.

    The exam and «Probalo» give it to the models, so that the same text is read alike in both.
    """
    adapter = adapter_in_use(context)
    config = JobRecord.read(adapter.parent).config if adapter is not None else {}
    trained = config.get("training") or {}
    language = config.get("language")
    return {"longest": int(trained.get("longest", 0)), **({"language": str(language)} if language else {})}


def exam_result(context: PageContext) -> dict[str, Any]:
    """The result of the last exam of the adapter and the dataset in use, {} where there is none that can be read."""
    # The registry of the metrics, which it brings, is needed where an exam is shown, not when a page opens.
    from poetas.evaluation.evaluation_result import ResultUnreadable, checked  # noqa: PLC0415

    job = exam_job(context)
    try:
        return {} if job is None else checked(job.result())
    except (ResultUnreadable, JobUnreadable):
        return {}


def exam_job(context: PageContext) -> Job | None:
    """The last exam of the adapter and the dataset in use that ended, None where there is none."""
    return next((job for job in _exams(context) if job.state is JobState.FINISHED), None)


def exam_under_way(context: PageContext) -> bool:
    """Whether an exam of the adapter and the dataset in use is being taken."""
    return any(not job.state.over for job in _exams(context))


def _exams(context: PageContext) -> Iterator[Job]:
    """The exams of the adapter and the dataset in use, the latest first."""
    adapter = adapter_in_use(context)
    for job in Job.all(context.project.jobs) if adapter is not None else ():
        if job.kind == EXAM and job.config.get("adapter") == str(adapter) and of_dataset(job.config, context):
            yield job


def examined(context: PageContext, source: str) -> dict[str, dict[str, Any]]:
    """What the last exam of the adapter in use shows for a text, by system; {} where the text was not in it.

    In bfloat16 a text written alone differs now and then from the same text written in a batch, as in an exam: so what
    the exam wrote is not written again.
    """
    result = exam_result(context)
    for row in result.get("texts") or ():
        if row.get("source", "").strip() == source.strip():
            return dict(row.get("systems", {}))
    # Of a style, it has what each model drew for a beginning.
    samples = result.get("samples") or ()
    return next((dict(row) for row in samples if str(row.get("beginning", "")).strip() == source.strip()), {})
