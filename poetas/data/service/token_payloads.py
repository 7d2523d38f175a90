"""What a page is told about tokens: a text in pieces, and what cutting at a length loses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from poetas.data.service import payloads
from poetas.tokens.lengths import Lengths
from poetas.tokens.tokenizer import Tokenizer, count_words


def pieces(tokenizer: Tokenizer, text: str) -> dict[str, Any]:
    """A text (up to 20,000 characters) in tokens."""
    short = text[: payloads.WHOLE]
    found = tokenizer.pieces(short)
    words = count_words(short)
    return {
        "pieces": [
            {"text": one.text, "visible": one.visible, "id": one.id, "start": one.start, "end": one.end}
            for one in found
        ],
        "count": len(found),
        "words": words,
        "tokens_per_word": len(found) / words if words else 0.0,
        "shortened": len(text) > len(short),
    }


def cut(
    tokenizer: Tokenizer, measured: Lengths, texts: Sequence[str], longest: int, index: int | None
) -> dict[str, Any]:
    """What keeping ``longest`` tokens of each text loses, and the X-ray of one text (None: of the first one cut)."""
    cost = measured.cost(longest)
    touched = np.flatnonzero(measured.tokens > longest)
    place = int(touched[0]) if index is None and len(touched) else (index or 0) % len(texts)
    text = texts[place]
    kept, lost = tokenizer.cut(text, longest)
    lost_words = max(0, count_words(text) - count_words(kept)) + (bool(lost) and _inside_word(kept, lost))
    near, far = payloads.around(kept, lost)
    return {
        "texts": cost.texts,
        "words": cost.words,
        "words_lost": cost.words_lost,
        "share_lost": cost.share_lost,
        "index": place,
        "tokens": int(measured.tokens[place]),
        "kept": near,
        "lost": far,
        "text_words": int(measured.words[place]),
        "text_words_lost": lost_words,
    }


def _inside_word(kept: str, lost: str) -> bool:
    """Tell whether a cut falls inside a word: what is left of it counts as lost."""
    return bool(kept) and not kept[-1].isspace() and not lost[0].isspace()
