"""Token lengths of many texts, and the words that any limit would lose, measured with one tokenisation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poetas.i18n import _
from poetas.tokens.tokenizer import BATCH, Tokenizer, word_ends
from poetas.tokens.truncation import kept_lengths
from poetas.util.work_progress import report


@dataclass(frozen=True, slots=True)
class TruncationCost:
    """What a limit costs. texts: how many are cut. words, words_lost: of all texts together."""

    texts: int
    words: int
    words_lost: int

    @property
    def share_lost(self) -> float:
        """Share of the words that are lost, from 0 to 1."""
        return self.words_lost / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class TokenLengths:
    """Lengths of n texts. tokens, words: int64[n].

    _whole: int32[all tokens], for each token of each text the words that are whole when it is the last one allowed;
    a word that is cut in two counts as lost.
    """

    tokens: NDArray[np.int64]
    words: NDArray[np.int64]
    _whole: NDArray[np.int32]

    @classmethod
    def measure(cls, tokenizer: Tokenizer, texts: Sequence[str]) -> TokenLengths:
        """Tokenise every text once."""
        tokens, words = np.zeros(len(texts), dtype=np.int64), np.zeros(len(texts), dtype=np.int64)
        whole: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
        for index, spans in enumerate(tokenizer.spans(texts)):
            ends = word_ends(texts[index])
            tokens[index], words[index] = len(spans), len(ends)
            kept = kept_lengths(texts[index], spans)[1:]
            whole.append(np.searchsorted(ends, kept, side="right").astype(np.int32))
            if index and index % BATCH == 0:  # a short count shows no bar
                report(_("Cuento los tokens de tus textos"), index / len(texts))
        return cls(tokens, words, np.concatenate(whole))

    def cost(self, limit: int) -> TruncationCost:
        """What keeping at most ``limit`` tokens of each text costs."""
        lost = self.words_lost(limit)
        return TruncationCost(int((self.tokens > limit).sum()), int(self.words.sum()), int(lost.sum()))

    def words_lost(self, limit: int) -> NDArray[np.int64]:
        """Words of each text that ``limit`` tokens do not hold whole: int64[n]."""
        cut = np.flatnonzero(self.tokens > limit)
        lost = np.zeros(len(self.tokens), dtype=np.int64)
        lost[cut] = self.words[cut]
        if limit > 0 and len(cut):
            starts = np.r_[0, np.cumsum(self.tokens)[:-1]]
            lost[cut] -= self._whole[starts[cut] + limit - 1]
        return lost
