"""Answers of the preparation service about tokens: the tokens of a text, and what a limit in tokens loses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from poetas.data.dataset_schema import SUMMARY, TEXT
from poetas.data.health.invented_facts import facts_beyond
from poetas.data.service import payloads
from poetas.tokens.token_lengths import TokenLengths
from poetas.tokens.tokenizer import Tokenizer, count_words
from poetas.tokens.windows import windows
from poetas.util.excerpt import shortened
from poetas.util.text_normalize import composed

SHOWN = 3  # windows of one text
EDGE = 110  # characters of each end of a shown window
READ = 2_000  # summaries that are looked through, evenly spread over the cut ones


def pieces(tokenizer: Tokenizer, text: str) -> dict[str, Any]:
    """The tokens of a text (of its first 20,000 characters)."""
    text = composed(text)
    short = text[: payloads.WHOLE]
    tokens = tokenizer.tokenize(short)
    words = count_words(short)
    return {
        "pieces": [
            {"text": token.text, "visible": token.visible, "id": token.id, "start": token.start, "end": token.end}
            for token in tokens
        ],
        "count": len(tokens),
        "words": words,
        "tokens_per_word": len(tokens) / words if words else 0.0,
        "shortened": len(text) > len(short),
    }


def cut(
    tokenizer: Tokenizer, lengths: TokenLengths, texts: Sequence[str], longest: int, index: int | None
) -> dict[str, Any]:
    """What keeping ``longest`` tokens of each text loses, and both sides of one text (None: of the first one cut)."""
    cost = lengths.cost(longest)
    cut_texts = np.flatnonzero(lengths.tokens > longest)
    shown = int(cut_texts[0]) if index is None and len(cut_texts) else (index or 0) % len(texts)
    near, far = payloads.around(*tokenizer.truncate(texts[shown], longest))
    return {
        "texts": cost.texts,
        "words": cost.words,
        "words_lost": cost.words_lost,
        "share_lost": cost.share_lost,
        "index": shown,
        "tokens": int(lengths.tokens[shown]),
        "kept": near,
        "lost": far,
        "text_words": int(lengths.words[shown]),
        "text_words_lost": int(lengths.words_lost(longest)[shown]),
    }


def parted(tokenizer: Tokenizer, lengths: TokenLengths, texts: Sequence[str], longest: int) -> dict[str, Any]:
    """How many windows the texts are parted into, see `poetas.tokens.windows`, and the first ones of the longest text.

    windows: of all texts, those that fit included. work: how many times the tokens of the cut texts are studied.
    """
    long_texts = np.flatnonzero(lengths.tokens > longest).tolist()
    many = [len(windows(tokenizer.backend, texts[index].strip(), longest)) for index in long_texts]
    shown = int(lengths.tokens.argmax())
    text = texts[shown].strip()
    made = windows(tokenizer.backend, text, longest)
    kept = int(np.minimum(lengths.tokens, longest).sum())
    return {
        "texts": len(long_texts),
        "windows": len(texts) - len(long_texts) + sum(many),
        "work": float(lengths.tokens.sum() / kept) if kept else 1.0,
        "shown": [_edges(text[window.start : window.end]) for window in made[:SHOWN]],
        "shown_of": len(made),
    }


def _edges(part: str) -> list[str]:
    """The beginning and the end of a window; a short one is whole, with an empty end."""
    if len(part) <= 2 * EDGE:
        return [part, ""]
    return [shortened(part, EDGE), part[-EDGE:].partition(" ")[2] or part[-EDGE:]]


def beyond(
    tokenizer: Tokenizer,
    lengths: TokenLengths,
    table: pd.DataFrame,
    longest: int,
    row_number: Callable[[int], int],
) -> dict[str, Any]:
    """How many summaries name what only the cut part of their text holds: names and numbers, with an example.

    row_number: of the file, for an index of the table. read: the cut texts whose summaries were looked through; of more
    than `READ`, an even sample.
    """
    cut_texts = np.flatnonzero(lengths.tokens > longest)
    cut_texts = cut_texts[:: max(1, -(-len(cut_texts) // READ))]
    rows = table.iloc[cut_texts]
    kept = [tokenizer.truncate(text, longest)[0] for text in rows[TEXT]]
    facts = facts_beyond(rows[TEXT].tolist(), kept, rows[SUMMARY].tolist())
    named = [(int(index), names[0]) for index, names in zip(rows.index, facts, strict=True) if names]
    row, example = (row_number(named[0][0]), named[0][1]) if named else (0, "")
    return {"texts": len(named), "read": len(rows), "row": row, "example": example}
