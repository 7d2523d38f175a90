"""Writing of a model on a graphics card beside the same on the processor, in float32."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from benchmarks.card_runs import on_device, on_processor
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.batch_generation import generate_texts
from poetas.generation.model import load_model
from poetas.generation.model_cache import LoadedModel, ModelCache
from poetas.generation.prompts import encode_prompt
from poetas.generation.sampling import GenerationSettings
from poetas.generation.streaming import next_logits, stream_text
from poetas.services.session import FairLock, Session


@dataclass(frozen=True, slots=True)
class Writing:
    """texts: of a batch. streamed: pieces of one text. chances: next-token probabilities after each prompt."""

    texts: list[str]
    streamed: list[str]
    chances: np.ndarray[Any, np.dtype[np.float64]]


def write(model: Path, dataset: Path, device: torch.device, *, texts: int, tokens: int) -> Writing:
    """Write with a model where `choose_device` puts it. Raises RuntimeError where that is not the device."""
    loaded = load_model(model, dtype=torch.float32, language="es")
    on_device(loaded.device.type, device)
    rows = PreparedDataset.open(dataset).rows("train")[:texts]
    prompts = [encode_prompt(loaded.tokenizer, loaded.style, row["text"], longest=96).input_ids for row in rows]
    settings = GenerationSettings(max_tokens=tokens)
    written = sorted(generate_texts(loaded, prompts, settings, stop=""), key=lambda text: text.index)
    held = LoadedModel(loaded, None)
    pieces = list(_stream(held, prompts[0], settings))
    chances = np.stack([_softmax(next_logits(held, prompt)[0]) for prompt in prompts])
    return Writing([text.text for text in written], pieces, chances)


def write_on_both(
    model: Path, dataset: Path, card: torch.device, *, texts: int, tokens: int
) -> tuple[Writing, Writing]:
    """Write on the graphics card, then on the processor."""
    ours = write(model, dataset, card, texts=texts, tokens=tokens)
    with on_processor():
        return ours, write(model, dataset, torch.device("cpu"), texts=texts, tokens=tokens)


def _stream(held: LoadedModel, prompt: list[int], settings: GenerationSettings) -> Iterator[str]:
    yield from stream_text(ModelCache(), Session(1, FairLock()), held, prompt, settings)


def _softmax(logits: np.ndarray[Any, np.dtype[np.float32]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    raised = np.exp(logits.astype(np.float64) - logits.max())
    shares: np.ndarray[Any, np.dtype[np.float64]] = raised / raised.sum()
    return shares
