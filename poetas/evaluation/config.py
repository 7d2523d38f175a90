"""Configuration of an evaluation job: parsing and validation, and the errors that they raise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from poetas.data.dataset_schema import PARTS
from poetas.errors import PoetasError
from poetas.evaluation.bootstrap import SEED
from poetas.i18n import _
from poetas.jobs.job_record import JobRecord, is_job
from poetas.training.config import TrainingConfig
from poetas.training.errors import DatasetReplaced
from poetas.training.training_request import find_model, locate_dataset

TASKS = ("summary", "style")


class BadEvaluation(PoetasError):
    """An evaluation was asked for with something missing or out of range."""

    code = "bad-evaluation"


class NothingToEvaluate(PoetasError):
    """The part of the dataset that was to be evaluated holds no text."""

    code = "nothing-to-evaluate"


@dataclass(frozen=True, slots=True)
class EvaluationConfig:
    """What to evaluate.

    model: folder of a converted model. title: its id. adapter: folder of a fine-tuning of it, None to look at the base
    alone. dataset: folder of a prepared dataset. split: which part of it. task: "summary", "style", or "" for
    what the dataset is for. language: of the texts, "" to guess it. longest: tokens of each text that are read (0 = all
    that fit). texts: at most so many, the first ones (0 = all). seed: for the draws of the intervals and of style
    samples.
    """

    model: Path
    title: str
    adapter: Path | None
    dataset: Path
    split: str = "test"
    task: str = ""
    language: str = ""
    longest: int = 0
    texts: int = 0
    seed: int = SEED

    @classmethod
    def parse(cls, value: Mapping[str, Any]) -> EvaluationConfig:
        """Read a job's configuration. What only the training knows (``longest``, ``language``) is taken from its job.

        model: an id of the catalogue or a converted model's folder. adapter: a training job's folder, an adapter's
        folder, or None. ``fingerprint`` of the dataset: it is found under another name beside its folder, and another
        dataset in its place is refused. Raises BadEvaluation, DatasetReplaced, and what `find_model` raises.

        >>> EvaluationConfig.parse({"model": "smollm2-135m", "dataset": "conjuntos/a", "split": "exam"})
        Traceback (most recent call last):
        poetas.evaluation.config.BadEvaluation: No pude empezar la evaluación.
        """
        values = {key: item for key, item in value.items() if item is not None and item != ""}
        known = {**_training(value.get("adapter")), **values}
        try:
            model = find_model(str(value["model"]))
            config = cls(
                model=model,
                title=model.name if model == Path(str(value["model"])) else str(value["model"]),
                adapter=_adapter(value.get("adapter")),
                dataset=locate_dataset(Path(str(value["dataset"])), value.get("fingerprint"), exam_replaced),
                split=str(value.get("split", "test")),
                task=str(value.get("task") or ""),
                language=str(known.get("language", "")),
                longest=int(known.get("longest", 0)),
                texts=int(value.get("texts", 0)),
                seed=int(value.get("seed", SEED)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise bad_evaluation(f"{type(error).__name__}: {error}") from error
        sound = config.split in PARTS and config.task in {"", *TASKS} and config.longest >= 0 and config.texts >= 0
        if not sound or config.language not in {"", "es", "en"} or config.seed < 0:
            raise bad_evaluation(str(dict(value)))
        return config


def bad_evaluation(detail: str) -> BadEvaluation:
    """The card for a configuration that cannot be followed."""
    return BadEvaluation(
        _("No pude empezar la evaluación."),
        why=_("Le falta el modelo o el conjunto de textos, o alguno de sus valores no existe."),
        remedy=_("Elegilos de nuevo y volvé a empezar."),
        action="restart",
        detail=detail,
    )


def exam_replaced(name: str) -> DatasetReplaced:
    """The card for resuming an evaluation whose dataset is another one by now. name: of the folder."""
    return DatasetReplaced(
        _("No puedo seguir este examen: sus textos ya no son los mismos."),
        why=_("En «{name}» hay ahora otro conjunto: la nota mezclaría los de antes con los de ahora.").format(
            name=name
        ),
        remedy=_("Volvé a poner el conjunto de antes, o elegí el nuevo y entrená con él antes del examen."),
        action="choose-dataset",
        detail=f"{name}: the fingerprint differs from the one in the job's configuration",
    )


def no_texts(split: str) -> NothingToEvaluate:
    """The card for an empty part of the dataset."""
    return NothingToEvaluate(
        _("No quedaron textos para el examen."),
        why=_("La parte que se evalúa («{split}») de este conjunto está vacía.").format(split=split),
        remedy=_("Volvé a la app 2 y guardá algunos textos para la prueba."),
        action="prepare",
    )


def _adapter(value: Any) -> Path | None:
    if not value:
        return None
    folder = Path(str(value))
    return folder / "adapter" if (folder / "adapter").is_dir() or is_job(folder) else folder


def _training(value: Any) -> Mapping[str, Any]:
    """Return what the training that made the adapter knows of reading: ``longest`` and ``language``, where they are."""
    folder = Path(str(value)) if value else None
    if folder is None or not is_job(folder):
        return {}
    values = JobRecord.read(folder).config
    knobs = values.get("training")
    longest = knobs.get("longest", TrainingConfig.default("longest")) if isinstance(knobs, dict) else 0
    return {"longest": longest, "language": values.get("language") or ""}
