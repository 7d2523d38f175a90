"""Length limits of generated summaries, the same for every system, derived from the training summaries.

A base model does not know when to stop. If it could ramble to the end of its room while the tuned one stops by
itself, the comparison would be won by length alone. So every system stops at a line break, at as many tokens as the
longest training summary takes (and a quarter more), and keeps only as many sentences as the training summaries have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from poetas.evaluation.sentences import sentence_spans

USUAL = 0.9  # share of the training summaries that have at most so many sentences
_MARGIN = 1.25
_LEAST, _MOST = 16, 512  # tokens
NO_SUMMARIES = 64  # tokens, where there is no training summary to learn from


@dataclass(frozen=True, slots=True)
class Decoding:
    """The rules of one evaluation. Greedy: the likeliest token each time, so that running it again changes nothing.

    max_tokens: a text ends there. sentences: how many of them are kept. stop: a text ends where this appears.
    unrepeated: length of token sequences that may not come twice (0 = any may).
    """

    max_tokens: int
    sentences: int
    stop: str = "\n"
    unrepeated: int = 0
    temperature: float = 0.0

    @classmethod
    def learnt(cls, summaries: Sequence[str], count: Callable[[str], int]) -> Decoding:
        r"""Make the rules from the training summaries. count: tokens of a text.

        >>> Decoding.learnt(["Llovió mucho ayer en Salta."] * 9 + ["Una. Dos."], lambda text: len(text.split()))
        Decoding(max_tokens=16, sentences=1, stop='\n', unrepeated=0, temperature=0.0)
        """
        if not summaries:
            return cls(NO_SUMMARIES, 1)
        longest = max(count(summary) for summary in summaries)
        counts = sorted(max(1, len(sentence_spans(summary))) for summary in summaries)
        usual = counts[max(0, min(len(counts) - 1, round(USUAL * len(counts)) - 1))]
        stop = "" if any("\n" in summary.strip() for summary in summaries) else "\n"
        return cls(min(_MOST, max(_LEAST, round(longest * _MARGIN))), usual, stop)

    def trimmed(self, text: str) -> str:
        """Keep the first sentences of what a system wrote.

        >>> Decoding(64, 1).trimmed("Llovió. Y después salió el sol.")
        'Llovió.'
        """
        spans = sentence_spans(text)[: self.sentences]
        return text[spans[0].start : spans[-1].end] if spans else ""

    def as_dict(self) -> dict[str, Any]:
        """Return the rules as a JSON-ready mapping."""
        return asdict(self)
