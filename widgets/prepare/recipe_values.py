"""What the recipes are filled with: how the learner's file is read, which columns were chosen, how a model is asked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from poetas.data.pipeline.language import guess_language
from poetas.errors import PoetasError
from poetas.generation.prompt_templates import ASKED, Style
from poetas.models.cache import Record
from widgets.prepare.dataset_draft import DatasetDraft

if TYPE_CHECKING:
    from poetas.training.config import TrainingConfig

# Format -> how the recipes read it, see poetas/recipes/snippets/readers.
READERS = {
    **dict.fromkeys(("csv", "tsv", "tab"), "table"),
    **dict.fromkeys(("json", "jsonl", "ndjson"), "lines"),
    **dict.fromkeys(("txt", "md"), "text"),
    **dict.fromkeys(("xlsx", "xlsm", "ods"), "sheet"),
    "docx": "word",
    "pdf": "pdf",
    "zip": "zip",
    "folder": "folder",
}
NAMED = ("texto", "archivo")  # the columns that the recipes make of what has none
NO_DELIMITER = "\x1f"  # a character that no text holds: one column


def reading_values(draft: DatasetDraft) -> dict[str, object]:
    """Return READER, FILE and what that reader is told; {} while there is no file."""
    reading = draft.reading
    if not reading:
        return {}
    reader = _reader(draft)
    told: dict[str, object] = {"READER": reader, "FILE": draft.source}
    columns, header = list(reading["columns"]), bool(reading.get("header", True))
    if reader in {"table", "text", "zip", "folder"}:
        encoding = str(reading.get("encoding") or "utf-8")
        told["ENCODING"] = "utf-8" if " " in encoding else encoding  # the files of a folder may have several
    if reader in {"text", "word", "pdf"}:
        told["DIVISION"] = draft.hints.get("division")
    if reader == "table":
        # The app tidies titles: the program gives the columns the names that the learner sees, whatever the file says.
        told |= {"DELIMITER": reading.get("delimiter") or NO_DELIMITER}
        told |= {"COLUMNS": columns, "HEADER": 0 if header else None}
    if reader in {"sheet", "word_table"}:
        told |= {"SHEET": draft.hints.get("sheet"), "COLUMNS": columns, "HEADER": header}
    return told


def column_values(draft: DatasetDraft) -> dict[str, object]:
    """Return the same and TEXT and SUMMARY, by the names that the recipe's own way of reading gives them."""
    told = reading_values(draft)
    if not told or not draft.mapping:
        return told
    chosen = {"TEXT": draft.mapping.get("text") or "", "SUMMARY": draft.mapping.get("summary")}
    if told["READER"] in {"text", "word", "pdf", "zip", "folder"}:
        names = dict(zip(draft.reading["columns"], NAMED, strict=False))
        chosen = {name: names.get(column, column) for name, column in chosen.items()}
    return {**told, **chosen}


def _reader(draft: DatasetDraft) -> str:
    """How the recipes read a draft's file; a document's table has titles, or other columns than its paragraphs."""
    reading = draft.reading
    reader = READERS.get(str(reading.get("format")), "table")
    if reader == "word" and (reading.get("header") or len(reading["columns"]) > 1):
        return "word_table"
    return reader


def asking_values(model: Path, dataset: Path | None = None) -> dict[str, object]:
    """Return KIND, BEFORE and AFTER: how a model is asked, as the app asks it; {} for one that is not here.

    dataset: whose texts' language the request is worded in, as training does; None: the model's own language.
    """
    try:
        record = model / "poetas-model.json"
        kind, spoken = _style(model, record.stat().st_mtime_ns)
        language = _language(dataset, (dataset / "dataset.json").stat().st_mtime_ns) if dataset else spoken
    except OSError:
        return {}
    before, after = ASKED[kind, language or spoken]
    return {"KIND": kind, "BEFORE": before, "AFTER": after}


def training_values(config: TrainingConfig) -> dict[str, object]:
    """Return what a training is told, by the names that the recipes give it."""
    return {
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
        style = Style.of(Record.read(model).entry)
        told = (model / "tokenizer_config.json").read_text("utf-8") if style.kind == "chat" else ""
    except (OSError, ValueError) as error:
        raise OSError(str(error)) from error
    templated = '"chat_template"' in told or (model / "chat_template.jinja").is_file()
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
