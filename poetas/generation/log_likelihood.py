"""Log-likelihood of each token of a given text, in nats.

The prefix is read once; what comes after it is read in short stretches, because the logits of one position alone
take a megabyte with a vocabulary of 262,144.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from poetas.generation.kv_cache_decoding import KVCacheDecoder
from poetas.generation.model import LanguageModel

ROWS = 16  # continuations read side by side
AT_ONCE = 16  # positions whose logits are in memory together
AT_ONCE_BY_ROW = 64  # the same where every row has a prompt of its own: 128 MB with a vocabulary of 262,144


def log_likelihoods(
    language_model: LanguageModel,
    prefix: Sequence[int],
    continuations: Sequence[Sequence[int]],
    *,
    adapter: str | None = None,
) -> list[NDArray[np.float64]]:
    """Return for each continuation the log-likelihood of each of its tokens after ``prefix``: float64[tokens], nats.

    prefix: token ids, at least one (for seq2seq what the encoder reads). adapter: the one to activate.
    Raises NotFinite where the logits are NaN or infinite.
    """
    scores: list[NDArray[np.float64]] = []
    with torch.inference_mode():
        for start in range(0, len(continuations), ROWS):
            group = [list(ids) for ids in continuations[start : start + ROWS]]
            scores += scores_after(KVCacheDecoder(language_model, [list(prefix)], adapter=adapter), group)
    return scores


def summed(scores: Sequence[NDArray[np.float64]]) -> dict[str, NDArray[Any]]:
    """Sum up `log_likelihoods`: total and mean float64[n], in nats, and tokens int64[n].

    >>> summed([np.log([0.5, 0.25])])["total"].round(3).tolist()
    [-2.079]
    """
    tokens = np.array([len(score) for score in scores], dtype=np.int64)
    total = np.array([score.sum() for score in scores], dtype=np.float64)
    return {"total": total, "mean": total / np.maximum(tokens, 1), "tokens": tokens}


def scores_after(decoder: KVCacheDecoder, group: Sequence[Sequence[int]]) -> list[NDArray[np.float64]]:
    """As `log_likelihoods`, after one prompt that was read already (one row, which is used up)."""
    first = _log_softmax(decoder.logits[:1]).expand(len(group), -1)
    if max(map(len, group), default=0) > 1:
        decoder.keep([0] * len(group))
    return _scores(decoder, first, group, max(1, AT_ONCE // max(1, len(group))))


def scores_by_row(decoder: KVCacheDecoder, group: Sequence[Sequence[int]]) -> list[NDArray[np.float64]]:
    """As `log_likelihoods`, one continuation for each row of prompts that were read already (which are used up).

    Two rows are meant to be compared: every row is read in the same stretches.
    """
    return _scores(decoder, _log_softmax(decoder.logits), group, max(1, AT_ONCE_BY_ROW // max(1, len(group))))


def _scores(
    decoder: KVCacheDecoder, first: torch.Tensor, group: Sequence[Sequence[int]], stretch: int
) -> list[NDArray[np.float64]]:
    """Read a continuation in each row. first: log-probabilities of its first token. stretch: positions at a time."""
    scores = [np.empty(len(ids)) for ids in group]
    for row, ids in enumerate(group):
        if ids:
            scores[row][0] = float(first[row][ids[0]])
    width = max(map(len, group), default=0)
    for left in range(0, width - 1, stretch):
        right = min(left + stretch, width - 1)
        # shorter ones are filled up with any token: what is read after their end is not used
        given = [[*ids[left:right], *[0] * (right - len(ids[:right]))][: right - left] for ids in group]
        logits = decoder.read(given)
        for row, ids in enumerate(group):
            count = min(right, len(ids) - 1) - left
            if count > 0:
                targets = torch.tensor(ids[left + 1 : left + 1 + count], device=logits.device)
                values = _log_softmax(logits[row, :count]).gather(-1, targets[:, None])[:, 0]
                scores[row][left + 1 : left + 1 + count] = values.cpu().numpy()
    return scores


def _log_softmax(logits: torch.Tensor) -> torch.Tensor:
    exact = torch.float32 if logits.device.type == "mps" else torch.float64  # Apple's GPUs know no float64
    return torch.log_softmax(logits.to(exact), dim=-1)
