"""How long many texts are, and how many of their words any cut would lose, without tokenising again at every move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poetas.tokens.tokenizer import Tokenizer, word_ends


@dataclass(frozen=True, slots=True)
class CutCost:
    """What a cut costs. texts: how many are cut. words, words_lost: of all texts together."""

    texts: int
    words: int
    words_lost: int

    @property
    def share_lost(self) -> float:
        """Share of the words that are lost, from 0 to 1."""
        return self.words_lost / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of n texts. tokens, words: int64[n]. _whole: int32[all tokens], words whole after each token."""

    tokens: NDArray[np.int64]
    words: NDArray[np.int64]
    _whole: NDArray[np.int32]

    @classmethod
    def measure(cls, tokenizer: Tokenizer, texts: Sequence[str]) -> Lengths:
        """Tokenise every text once."""
        tokens, words = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
        whole: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
        for at, spans in enumerate(tokenizer.spans(texts)):
            ends = word_ends(texts[at])
            tokens[at], words[at] = len(spans), len(ends)
            if len(spans):
                start, end = spans[:, 0], spans[:, 1]
                # A character that goes on in the next token is not whole yet.
                reached = np.where(np.r_[start[1:] < end[:-1], False], start, end)
                whole.append(np.searchsorted(ends, reached, side="right").astype(np.int32))
        return cls(tokens, words, np.concatenate(whole))

    def cost(self, limit: int) -> CutCost:
        """What keeping at most ``limit`` tokens of each text costs."""
        touched = np.flatnonzero(self.tokens > limit)
        starts = np.r_[0, np.cumsum(self.tokens)[:-1]] if len(self.tokens) else np.zeros(0, dtype=np.int64)
        kept = self._whole[starts[touched] + limit - 1] if limit > 0 else np.zeros(len(touched), dtype=np.int32)
        lost = int(self.words[touched].sum() - kept.sum())
        return CutCost(len(touched), int(self.words.sum()), lost)
