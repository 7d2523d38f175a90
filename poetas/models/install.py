"""Installation of fetched files as a ready model: conversion, licence texts, record."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from poetas.models.chat_template_rendering import try_template
from poetas.models.convert import Say, building, convert_gguf
from poetas.models.convert_folder import convert_folder, has_chat_template
from poetas.models.entry import ModelEntry, memory_to_train, memory_to_use
from poetas.models.model_store import RECORD, Record
from poetas.models.sources.base import FetchedFiles
from poetas.util.files import read_json, write_text

# Terms such as Gemma's ask that a changed file says so in a notice that stays with it.
CHANGES = "CHANGES.md"
_CHANGES_TEXT = """# Statement of changes

The files in this folder were made from the original model by LLMs para poetas on {date}:

- `model.safetensors`: the weights of {origin}, written as bfloat16.
- `config.json`, `generation_config.json`, `tokenizer.json`, `tokenizer_config.json`: rewritten for transformers.

Nothing was trained. The model's own licence applies: {licence} ({url}).
"""


def install(
    entry: ModelEntry,
    obtained: FetchedFiles,
    folder: Path,
    *,
    accepted: Mapping[str, str] | None,
    say: Say,
    refetch: bool = False,
) -> ModelEntry:
    """Convert what was obtained into ``folder`` and return the model's final description.

    What the catalogue or the Hub left open (parameters, prompt style, architecture, memory) is read from the files.
    say: called with ``(done, total)`` bytes. refetch: take the place of a model that is there, see `building`. Raises
    BrokenModel, UnsupportedModel or UnsafeWeights, and leaves nothing half-made.
    """
    now = datetime.now(UTC).isoformat(timespec="seconds")
    with building(folder, refetch=refetch) as place:
        if obtained.gguf is not None:
            parameters = convert_gguf(obtained.gguf, place, say, title=entry.title)
        else:
            parameters = convert_folder(obtained.folder, place, say, title=entry.title)
        if has_chat_template(place):
            try_template(place, entry.title)
        final = completed(entry, place, parameters)
        for name, source in obtained.notices.items():
            shutil.copyfile(source, place / name)
        text = _CHANGES_TEXT.format(
            date=now[:10], origin=obtained.origin, licence=final.licence or "?", url=final.licence_url
        )
        write_text(place / CHANGES, text, mode=0o644)
        notices = tuple(sorted({*obtained.notices, CHANGES}))
        Record(final, obtained.origin, obtained.sha256, accepted, now, notices).save(place)
    return final


def completed(entry: ModelEntry, folder: Path, parameters: int) -> ModelEntry:
    """Fill what a description left open with what the converted files say."""
    config: dict[str, Any] = read_json(folder / "config.json")
    return replace(
        entry,
        parameters=parameters,
        prompt_style="chat" if has_chat_template(folder) else "plain",
        architecture="seq2seq" if config.get("is_encoder_decoder") else "causal",
        memory_use=entry.memory_use if entry.parameters else memory_to_use(parameters),
        memory_train=entry.memory_train if entry.parameters else memory_to_train(parameters),
    )


__all__ = ["CHANGES", "RECORD", "completed", "install"]
