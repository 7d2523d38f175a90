"""Export request: a job's configuration, parsed and validated once, with facts from the training's job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.data.storage.dataset_summary import DatasetSummary, find_dataset, started_with
from poetas.data.storage.samples import own_texts
from poetas.errors import PoetasError
from poetas.evaluation.evaluation_result import ResultUnreadable, checked
from poetas.evaluation.length_limits import dataset_rules
from poetas.evaluation.memorisation import memorisation_result
from poetas.export.errors import bad_export
from poetas.export.markdown import one_line
from poetas.i18n import _
from poetas.jobs import Job, JobState
from poetas.jobs.job_record import JobRecord, is_job
from poetas.models.model_store import Record
from poetas.training.training_request import find_model

ADAPTER, MERGED_BF16, MERGED_F32, GGUF_F16, GGUF_Q8 = "adapter", "bfloat16", "float32", "f16", "q8_0"
FORMS = (ADAPTER, MERGED_BF16, MERGED_F32, GGUF_F16, GGUF_Q8)
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export.

    training: folder of the training's job. dataset: folder of its texts, which may be gone. base: folder of the
    converted base model; record: its record. form: one of `FORMS`. name: of the model, given by the learner. with_base:
    whether the base model goes along with an adapter. knobs: the training's hyperparameters. result: of the training,
    {} where it was stopped. task: "summary" or "style". language: of the instruction. verdict: headline and sentences
    of the latest exam, () without one. memorised: result of the latest check of what was memorised, {} without one.
    own: whether the texts were the learner's, not a sample's; None where that is not known.
    """

    training: Path
    dataset: Path
    base: Path
    record: Record
    form: str
    name: str
    with_base: bool
    knobs: Mapping[str, Any]
    result: Mapping[str, Any]
    task: str
    language: str
    verdict: tuple[str, ...]
    memorised: Mapping[str, Any]
    own: bool | None

    @property
    def adapter(self) -> Path:
        """Folder of the adapter."""
        return self.training / "adapter"

    @property
    def hub(self) -> tuple[str, str] | None:
        """Repository and revision of the base on the Hub, None where it came from elsewhere."""
        kind, _space, rest = self.record.source.partition(" ")
        repository, _mark, revision = rest.partition("@")
        return (repository, revision) if kind == "hub" and repository else None

    @classmethod
    def parse(cls, config: Mapping[str, Any]) -> ExportRequest:
        """Read a job's configuration: ``training`` (a job's folder), ``form``, and optionally ``name`` and ``base``.

        base: whether the base model goes along with an adapter; without a word, where the Hub does not have it. Raises
        BadExport, and what `find_model` raises.

        >>> ExportRequest.parse({"training": "/nowhere", "form": "adapter"})
        Traceback (most recent call last):
        poetas.export.errors.BadExport: No pude preparar tu modelo para llevar.
        """
        training, form = Path(str(config.get("training", ""))), config.get("form", ADAPTER)
        if form not in FORMS or not training.is_absolute() or not is_job(training):
            raise bad_export(str(dict(config))[:400])
        asked = JobRecord.read(training).config
        if not (training / "adapter").is_dir():
            raise bad_export(f"no adapter in {training.name}")
        base = find_model(str(asked.get("model", "")))
        try:
            record = Record.read(base)
        except (OSError, ValueError) as error:
            raise bad_export(f"{type(error).__name__}: {error}") from error
        result = Job.open(training).result() or {}
        from_hub = record.source.startswith("hub ")
        with_base = config.get("base")
        knobs = result.get("training") or asked.get("training") or {}
        dataset = Path(str(asked.get("dataset", "")))
        dataset = find_dataset(dataset, str(asked.get("fingerprint") or "unknown")) or dataset
        summary = DatasetSummary.read(dataset)  # a training that was stopped has no result to name its task
        return cls(
            training=training,
            dataset=dataset,
            base=base,
            record=record,
            form=str(form),
            name=one_line(str(config.get("name") or ""), _LONGEST_NAME) or _("Mi modelo"),
            with_base=bool(with_base) if isinstance(with_base, bool) else not from_hub,
            knobs=knobs if isinstance(knobs, dict) else {},
            result=result,
            task=_one_of(result.get("task") or (summary.task if summary else ""), ("summary", "style")),
            language=_one_of(result.get("language") or asked.get("language") or _language_of(dataset), ("es", "en")),
            verdict=verdict_of(training),
            memorised=_memorised(training),
            own=own_texts(started_with(asked)),
        )


def verdict_of(training: Path) -> tuple[str, ...]:
    """Return headline and sentences of the latest finished exam of a training's adapter, () where there is none."""
    for job in _of_training(training, "evaluate"):
        try:
            verdict = checked(job.result()).get("verdict") or {}
        except ResultUnreadable:
            continue
        if verdict.get("headline"):
            return (verdict["headline"], *verdict.get("sentences", ()))
    return ()


def memorised_of(training: Path) -> Mapping[str, Any]:
    """Return the result of the latest finished check of what a training memorised, {} where there is none.

    Raises CheckUnreadable where it is damaged: an earlier one is not the latest.
    """
    for job in _of_training(training, "memorisation"):
        return memorisation_result.checked(job.result())
    return {}


def _memorised(training: Path) -> Mapping[str, Any]:
    """The same for a card, which says of a check that cannot be read that none was made."""
    try:
        return memorised_of(training)
    except memorisation_result.CheckUnreadable:
        return {}


def _of_training(training: Path, kind: str) -> list[Job]:
    """The finished jobs of a kind that looked at a training's adapter, newest first."""
    ours = {str(training), str(training / "adapter")}
    return [
        job
        for job in Job.all(training.parent)
        if job.kind == kind
        and job.state is JobState.FINISHED
        and str(job.config.get("adapter") or job.config.get("training")) in ours
    ]


def _language_of(dataset: Path) -> str:
    """The language of a dataset's training texts, as a training finds it; "" where they are gone."""
    try:
        return dataset_rules(dataset, len)[1]
    except (PoetasError, OSError, KeyError):
        return ""


def _one_of(value: object, known: tuple[str, ...]) -> str:
    return str(value) if value in known else known[0]
