"""Recorder of the probabilities in ``next_word_rounds.json``: a model's folder in, the file written again.

    python -m poetas.generation.record_next_word MODEL_FOLDER

Beginnings and options are edited in the file by hand; this fills in what the model assigns them, in float32 on the
processor. Brings torch along: no page imports it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from poetas.course.next_word_rounds import FILE, NextWordRound, read_rounds
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.log_likelihood import log_likelihoods
from poetas.generation.model import LanguageModel, load_model
from poetas.generation.prompts import encode_beginning
from poetas.generation.sampling import likeliest, softmax
from poetas.tokens.special_token_guard import plain_ids
from poetas.util.files import read_json, write_json

SHOWN = 8  # likeliest tokens that are recorded
DIGITS = 6  # decimals of a recorded probability


def measured(language_model: LanguageModel, played: NextWordRound) -> NextWordRound:
    """Return a round with the probabilities that a model gives to its options and to the likeliest next tokens."""
    tokenizer = language_model.tokenizer
    prompt = encode_beginning(tokenizer, language_model.style, played.beginning, room=language_model.room).input_ids
    with torch.inference_mode():
        probabilities = softmax(KVCacheDecoder(language_model, [prompt]).logits[0].float().cpu().numpy())
    best = {
        language_model.pieces.text(int(token)): round(float(probabilities[token]), DIGITS)
        for token in likeliest(probabilities, SHOWN)
    }
    words = [plain_ids(tokenizer, f" {option}") for option in played.options]
    shares = [math.exp(float(score.sum())) for score in log_likelihoods(language_model, prompt, words)]
    options = {option: round(share, DIGITS) for option, share in zip(played.options, shares, strict=True)}
    return NextWordRound(played.id, played.beginning, options, best)


def open_in_float32(folder: Path) -> LanguageModel:
    """Load a model so that its probabilities do not depend on what the machine is quick at."""
    return load_model(folder, device="cpu", dtype=torch.float32)


def main(arguments: Sequence[str]) -> None:
    """Record every round of the file again."""
    record: dict[str, Any] = read_json(FILE)
    language_model = open_in_float32(Path(arguments[0]))
    record["rounds"] = [
        {"id": entry.id, "beginning": entry.beginning, "options": entry.options, "likeliest": entry.likeliest}
        for entry in (measured(language_model, played) for played in read_rounds(record))
    ]
    write_json(FILE, record, mode=0o644)


if __name__ == "__main__":
    main(sys.argv[1:])
