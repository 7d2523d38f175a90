"""Random material of the check of a graphics card: models in the shapes of real ones, a tokenizer, texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch
from transformers import (
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen2Config,
    Qwen2ForCausalLM,
)

from poetas.data.dataset_schema import FORMAT, PARTS, RECORD, SUMMARY, TEXT
from poetas.models.entry import ModelEntry
from poetas.models.model_store import Record
from poetas.util.files import write_json
from tests.tiny_model import BEGIN, END, train_tokenizer
from tests.tiny_model import TEXT as PROSE

GEMMA, SMOLLM, QWEN = "gemma3-270m", "smollm2-135m", "qwen2.5-0.5b"
_SHAPES: dict[str, tuple[type[Any], type[Any], dict[str, Any]]] = {
    GEMMA: (
        Gemma3ForCausalLM,
        Gemma3TextConfig,
        {
            "vocab_size": 262_144,
            "hidden_size": 640,
            "intermediate_size": 2048,
            "num_hidden_layers": 18,
            "num_attention_heads": 4,
            "num_key_value_heads": 1,
            "head_dim": 256,
            "max_position_embeddings": 32_768,
            "sliding_window": 512,
            "query_pre_attn_scalar": 256,
            "layer_types": [
                "full_attention" if layer % 6 == 5 else "sliding_attention"  # noqa: PLR2004 - every sixth layer
                for layer in range(18)
            ],
        },
    ),
    SMOLLM: (
        LlamaForCausalLM,
        LlamaConfig,
        {
            "vocab_size": 49_152,
            "hidden_size": 576,
            "intermediate_size": 1536,
            "num_hidden_layers": 30,
            "num_attention_heads": 9,
            "num_key_value_heads": 3,
            "max_position_embeddings": 8192,
        },
    ),
    QWEN: (
        Qwen2ForCausalLM,
        Qwen2Config,
        {
            "vocab_size": 151_936,
            "hidden_size": 896,
            "intermediate_size": 4864,
            "num_hidden_layers": 24,
            "num_attention_heads": 14,
            "num_key_value_heads": 2,
            "max_position_embeddings": 32_768,
        },
    ),
}
_SMALL = {"vocab_size": 1200, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2}


@dataclass(frozen=True, slots=True)
class Material:
    """Folders of models by name, and of datasets: usual texts, short ones for a processor, few of these."""

    models: dict[str, Path]
    usual: Path
    short: Path
    few: Path
    root: Path


def make_material(root: Path, device: torch.device, *, small: bool) -> Material:
    """Make everything below ``root``. small: models of two narrow layers, few and short texts."""
    models = {name: _model(root / "models" / name, name, device, small=small) for name in _SHAPES}
    counts = {"train": 8, "validation": 2, "test": 1} if small else {"train": 120, "validation": 12, "test": 1}
    usual = _dataset(root / "usual", counts, (8, 16) if small else (45, 150), 1)
    words = (8, 14) if small else (18, 40)
    steps = {"train": 16} if small else {}  # four, of which one comes after a stop and an optimiser's step
    short = _dataset(root / "short", {**counts, **steps}, words, 2)
    few = _dataset(root / "few", {**counts, "train": 16 if small else 24}, words, 3)
    return Material(models, usual, short, few, root)


def _model(folder: Path, name: str, device: torch.device, *, small: bool) -> Path:
    make, config_of, shape = _SHAPES[name]
    if small:
        layers = {"layer_types": ["sliding_attention", "full_attention"], "head_dim": 16} if name == GEMMA else {}
        shape = {**shape, **_SMALL, **layers, "num_attention_heads": 4, "num_key_value_heads": 2}
    tokenizer = _tokenizer(shape["vocab_size"])
    ends = {"bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1, "tie_word_embeddings": True}
    with torch.device(device):
        model = make(config_of(**shape, **ends)).to(torch.bfloat16)
    generator = torch.Generator(device=device).manual_seed(len(name))
    with torch.no_grad():
        for weight in model.parameters():
            if weight.dim() > 1:  # as large as keeps a signal's size, so that the bets differ
                weight.normal_(std=weight.shape[-1] ** -0.5, generator=generator)
    model.cpu().save_pretrained(folder)
    (folder / "tokenizer.json").write_text(tokenizer, "utf-8")
    naming = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": BEGIN, "eos_token": END, "pad_token": END}
    (folder / "tokenizer_config.json").write_text(json.dumps(naming), "utf-8")
    count = sum(weight.numel() for weight in model.parameters())
    about = {"id": name, "title": name, "languages": ("es",), "parameters": count, "licence": "MIT", "summary": ""}
    kind = {"prompt_style": "plain", "architecture": "causal", "must_accept": False, "gated": False, "sources": ()}
    sizes = {"memory_use": 0, "memory_train": 0, "download_size": 0, "licence_url": ""}
    Record(ModelEntry(**about, **kind, **sizes), "random", {}, None, "2026-01-01T00:00:00+00:00").save(folder)  # type: ignore[arg-type]
    return folder


def _tokenizer(size: int) -> str:
    """The tests' tokenizer, filled up with words that no text has, so that whatever is written can be read."""
    described = json.loads(train_tokenizer().to_str())
    vocabulary = described["model"]["vocab"]
    vocabulary.update({f"Ġ{number}": number for number in range(len(vocabulary), size)})
    return json.dumps(described)


def _dataset(folder: Path, counts: dict[str, int], words: tuple[int, int], seed: int) -> Path:
    """Write a prepared dataset as `datasets` does. words: of the shortest and the longest text."""
    rng = np.random.default_rng(seed)
    known = PROSE.split()

    def passage(count: int) -> str:
        start = int(rng.integers(len(known)))
        return " ".join(known[(start + place) % len(known)] for place in range(count))

    for part in PARTS:
        texts = [passage(int(rng.integers(*words))) for _ in range(counts[part])]
        summaries = [passage(int(rng.integers(6, 14))) for _ in texts]
        (folder / part).mkdir(parents=True)
        _write_stream(folder / part / "data-00000-of-00001.arrow", texts, summaries)
    write_json(folder / RECORD, {"format": FORMAT, "task": "summary", "counts": counts, "language": "es"})
    return folder


def _write_stream(path: Path, texts: Sequence[str], summaries: Sequence[str]) -> None:
    table = pa.table({TEXT: pa.array(texts, pa.string()), SUMMARY: pa.array(summaries, pa.string())})
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
