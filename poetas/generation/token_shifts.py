"""Change of next-token probabilities from one model to another: the tokens that rose and fell most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from poetas.generation.sampling import Logits, likeliest, softmax

LEAST = 0.005  # of probability: a smaller change is not called a change


@dataclass(frozen=True, slots=True)
class TokenShift:
    """One token. before, after: its probability in both models, 0 to 1. most: +1 rose most, -1 fell most, else 0."""

    text: str
    before: float
    after: float
    most: int = 0


def token_shifts(before: Logits, after: Logits, texts: Mapping[int, str], shown: int = 8) -> list[TokenShift]:
    """Return the tokens to show of two vectors of logits over the same vocabulary, likeliest after first.

    texts: of the tokens that can be shown, by id. They are the likeliest of either model, and the ones that rose and
    fell most, which are among them unless many fell a little.

    >>> texts = {0: "río", 1: "mar", 2: "sol"}
    >>> [(shift.text, shift.most) for shift in token_shifts(np.log([.6, .3, .1]), np.log([.2, .7, .1]), texts)]
    [('mar', 1), ('río', -1), ('sol', 0)]
    """
    first, last = softmax(before), softmax(after)
    known = np.array(sorted(texts), dtype=np.int64)
    if not len(known):
        return []
    change = (last - first)[known]
    rose, fell = int(change.argmax()), int(change.argmin())
    most = {int(known[rose]): 1} if change[rose] >= LEAST else {}
    most |= {int(known[fell]): -1} if -change[fell] >= LEAST else {}
    ids = [int(known[place]) for place in likeliest(np.maximum(first, last)[known], shown)]
    kept = sorted({*ids[: shown - len(set(most) - set(ids))], *most}, key=lambda token: (-last[token], token))
    return [TokenShift(texts[token], float(first[token]), float(last[token]), most.get(token, 0)) for token in kept]
