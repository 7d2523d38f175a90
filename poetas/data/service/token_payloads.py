"""Answers of the preparation service about tokens: the tokens of a text, and what a limit in tokens loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from poetas.data.service import payloads
from poetas.tokens.token_lengths import TokenLengths
from poetas.tokens.tokenizer import Tokenizer, count_words
from poetas.util.text_normalize import composed


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
