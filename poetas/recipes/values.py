"""Values that fill the recipes: how a model is prompted, and the hyperparameters of a training."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from poetas.data.dataset_schema import CUT, WINDOWS
from poetas.data.pipeline.language import guess_language
from poetas.errors import PoetasError
from poetas.generation.prompt_templates import ASKED, PromptStyle
from poetas.models.model_store import Record

if TYPE_CHECKING:
    from poetas.training.config import TrainingConfig


def asking_values(model: Path, dataset: Path | None = None, *, language: str = "") -> dict[str, object]:
    """Return KIND, BEFORE and AFTER: how a model is asked, as the app asks it; {} for one that is not here.

    language: "es" or "en", of the request. dataset: whose texts' language it has otherwise, as in training; without
    either, it has the model's own.
    """
    try:
        record = model / "poetas-model.json"
        kind, spoken = _style(model, record.stat().st_mtime_ns)
        if dataset and not language:
            language = _language(dataset, (dataset / "dataset.json").stat().st_mtime_ns)
    except OSError:
        return {}
    before, after = ASKED[kind, language or spoken]
    return {"KIND": kind, "BEFORE": before, "AFTER": after}


def training_values(config: TrainingConfig, *, parted: bool = False) -> dict[str, object]:
    """Return the hyperparameters of a training by the names that the recipes give them.

    parted: whether the dataset's long texts are studied in windows.
    """
    return {
        "LONG_TEXTS": WINDOWS if parted else CUT,
        "EPOCHS": config.epochs,
        "LEARNING_RATE": config.learning_rate,
        "BATCH": config.batch_size,
        "PARTS": config.parts,
        "RANK": config.lora_rank,
        "ALPHA": config.lora_alpha,
        "LONGEST": config.longest,
        "WARMUP": config.warmup,
        "EVERY": config.evaluate_every,
        "SEED": config.seed,
    }


@lru_cache(maxsize=8)
def _style(model: Path, _changed: int) -> tuple[str, str]:
    """Kind and language of the request to a model; a chat model without a template is asked as a plain one."""
    try:
        style = PromptStyle.of(Record.read(model).entry)
        settings = (model / "tokenizer_config.json").read_text("utf-8") if style.kind == "chat" else ""
    except (OSError, ValueError) as error:
        raise OSError(str(error)) from error
    templated = '"chat_template"' in settings or (model / "chat_template.jinja").is_file()
    return ("plain" if style.kind == "chat" and not templated else style.kind), style.language


@lru_cache(maxsize=8)
def _language(dataset: Path, _changed: int) -> str:
    """The language of a prepared dataset's texts, "" where they cannot be read."""
    from poetas.data.storage.dataset_store import PreparedDataset  # noqa: PLC0415 - brings Arrow, and not every page needs it

    try:
        texts = PreparedDataset.open(dataset).table("train").column("text")
        return guess_language(text.as_py() for text in texts)
    except (OSError, ValueError, PoetasError):
        return ""
