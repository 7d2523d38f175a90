"""Preview of a training's labels: one row of the training split as it will be encoded, without the model's weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.model import Encoder, load_encoder
from poetas.training.label_spans import LabelSpan, label_spans
from poetas.training.row_encoding import encode_rows
from poetas.training.training_request import TrainingRequest

LONGEST_SPAN = 4000  # characters of one span: more is not read, and a novel would fill the page


def preview_labels(config: Mapping[str, Any], index: int, part: int = 0) -> dict[str, Any]:
    """Return how a row is encoded for training.

    config: of a training job (`TrainingRequest.parse`). index: of the row in the training split, counted round. part:
    of its examples, where a long text is parted; negative ones count from the last. Returns ``spans``, each with
    ``kind`` and ``text`` (see `LabelSpan`); ``index``, ``rows``, ``part``, ``parts``, ``truncated`` (tokens). No
    spans where the row is left out. Raises BadTraining, DatasetBroken, DatasetReplaced.
    """
    request = TrainingRequest.parse(config)
    dataset = PreparedDataset.open(request.dataset)
    table = dataset.table("train")
    rows = int(table.num_rows)
    index %= max(1, rows)
    row: dict[str, str] = table.slice(index, 1).to_pylist()[0] if rows else {}
    language = request.language or _language(request.dataset, str(dataset.record.get("fingerprints")))
    encoder = _encoder(request.model, language)
    encoded = encode_rows(
        encoder.tokenizer,
        encoder.style,
        [row] if row else [],
        task=dataset.task,
        longest=request.training.longest,
        room=encoder.room,
        parted=dataset.parted,
        going_on=(0,) if index in dataset.going_on("train") else (),
    )
    parts = len(encoded)
    part = min(max(part if part >= 0 else parts + part, 0), max(0, parts - 1))
    spans: list[LabelSpan] = []
    if parts:
        spans = label_spans(encoder.tokenizer, encoded[part], row["text"], apart=encoded.apart)
    return {
        "spans": [asdict(_shortened(span)) for span in spans],
        "index": index,
        "rows": rows,
        "part": part,
        "parts": parts,
        "truncated": encoded.lost,
    }


def _shortened(span: LabelSpan) -> LabelSpan:
    half = LONGEST_SPAN // 2
    if len(span.text) <= LONGEST_SPAN:
        return span
    return LabelSpan(span.kind, f"{span.text[:half]} […] {span.text[-half:]}")


@lru_cache(maxsize=1)
def _encoder(folder: Path, language: str) -> Encoder:
    return load_encoder(folder, language=language)


@lru_cache(maxsize=1)
def _language(dataset: Path, _fingerprint: str) -> str:
    return guess_language(row["text"] for row in PreparedDataset.open(dataset).rows("train"))
