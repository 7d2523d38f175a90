"""Paired scoring: log-likelihoods of one continuation after either of two beginnings, its tokens identical; batched.

A tokenizer may cut a continuation otherwise after another beginning. Then the two log-likelihoods would be of different
tokens, and their difference would measure the cut: such a pair is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from poetas.generation.errors import pair_not_comparable
from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.log_likelihood import scores_by_row
from poetas.generation.model import LanguageModel
from poetas.tokens.special_token_guard import frame, plain_ids
from poetas.util.text_normalize import composed

LONGEST = 200  # tokens of a beginning or of a continuation
_AFTER_NO_BLANK = ",.;:!?…)»"  # signs that a continuation may begin with, at the end of a word


@dataclass(frozen=True, slots=True)
class EncodedPair:
    """Token ids of two prompts, and of the continuation that follows both."""

    first: list[int]
    second: list[int]
    continuation: list[int]


def encode_pair(tokenizer: Any, first: str, second: str, continuation: str) -> EncodedPair:
    """Encode two beginnings and their continuation, joined by a blank.

    Raises PairNotComparable where something is empty, too long, or where the continuation is cut into other tokens
    after one of the beginnings than it is alone.
    """
    beginnings, rest = [composed(words).strip() for words in (first, second)], composed(continuation).strip()
    if not all(beginnings) or not rest:
        raise pair_not_comparable("empty")
    glued = rest if rest[0] in _AFTER_NO_BLANK else f" {rest}"
    ids, prompts = plain_ids(tokenizer, glued), [plain_ids(tokenizer, words) for words in beginnings]
    if max(map(len, (ids, *prompts))) > LONGEST:
        raise pair_not_comparable("long")
    for words, prompt in zip(beginnings, prompts, strict=True):
        if plain_ids(tokenizer, words + glued) != prompt + ids:
            raise pair_not_comparable("border")
    before, _after = frame(tokenizer)
    return EncodedPair(before + prompts[0], before + prompts[1], ids)


def pair_batches(pairs: Sequence[EncodedPair], size: int) -> Iterator[list[int]]:
    """Yield the indices of pairs that are read together: those of similar length, so that little is padding.

    >>> [pair] = [EncodedPair([1], [2], [3, 4])]
    >>> list(pair_batches([pair] * 3, 2))
    [[0, 1], [2]]
    """
    order = sorted(range(len(pairs)), key=lambda index: len(pairs[index].continuation))
    for start in range(0, len(order), size):
        yield order[start : start + size]


@torch.inference_mode()
def score_pairs(
    language_model: LanguageModel, pairs: Sequence[EncodedPair], *, adapter: str | None = None
) -> NDArray[np.float64]:
    """Return the log-likelihood of each continuation after either beginning: float64[pairs, 2], nats.

    All rows are read together. Raises NotFinite where the logits are NaN or infinite.
    """
    prompts = [ids for pair in pairs for ids in (pair.first, pair.second)]
    continuations = [pair.continuation for pair in pairs for _side in range(2)]
    decoder = KVCacheDecoder(language_model, prompts, adapter=adapter)
    totals = [scores.sum() for scores in scores_by_row(decoder, continuations)]
    return np.array(totals, dtype=np.float64).reshape(-1, 2)
