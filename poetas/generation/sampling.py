"""Next-token probabilities from logits, with temperature, top-k and top-p; numpy alone, fast enough for sliders.

The page's kernel holds the full vector of next-token logits and reshapes the bars itself while a slider moves, so
nothing here imports torch. The cuts come in transformers' order (temperature, top-k, top-p) and keep the same tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.generation.errors import bad_settings, not_finite

Logits = NDArray[np.floating[Any]]
LONGEST_TEXT = 2048
HOTTEST = 10.0
STYLE_TEMPERATURE, STYLE_TOP_P = 0.8, 0.95  # what continues a style is drawn: greedy verses all sound alike


@dataclass(frozen=True, slots=True)
class GenerationSettings:
    """How to choose each next token, checked when made; raises BadSettings.

    temperature: 0 (always the likeliest) to 10; 1 = the model's own probabilities. top_k: only the k likeliest tokens
    (0 = all). top_p: only the likeliest tokens that together hold this share, above 0 to 1 (1 = all). max_tokens: 1
    to 2048. seed: 0 to 2**32 - 1; the same seed repeats the same text. unrepeated: no sequence of so many tokens is
    written twice (0 = no such rule); only `streaming` heeds it.

    >>> GenerationSettings(temperature=0.7, top_k=50).top_p
    1.0
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    max_tokens: int = 60
    seed: int = 0
    unrepeated: int = 0

    def __post_init__(self) -> None:
        sound = (
            0 <= self.temperature <= HOTTEST,
            self.top_k >= 0,
            0 < self.top_p <= 1,
            1 <= self.max_tokens <= LONGEST_TEXT,
            0 <= self.seed < 1 << 32,
            0 <= self.unrepeated <= LONGEST_TEXT,
        )
        if not all(sound):
            raise bad_settings(str(self))

    @classmethod
    def read(cls, values: Mapping[str, Any] | None) -> GenerationSettings:
        """Read settings that came from elsewhere; what is not said keeps its default. Raises BadSettings.

        >>> GenerationSettings.read({"temperature": 1, "seed": 7.0}).seed
        7
        """
        kinds: dict[str, Callable[[Any], Any]] = {"temperature": float, "top_p": float}
        kinds |= dict.fromkeys(("top_k", "max_tokens", "seed", "unrepeated"), int)
        try:
            return cls(**{name: kinds[name](value) for name, value in (values or {}).items()})
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise bad_settings(f"{type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True)
class Distribution:
    """Probability of every token.

    probabilities: float64[vocabulary], summing to 1, 0 where cut off. kept: bool[vocabulary], what was not cut off.
    """

    probabilities: NDArray[np.float64]
    kept: NDArray[np.bool_]

    def draw(self, rng: np.random.Generator) -> int:
        """Draw a token id by its probability."""
        ids = np.flatnonzero(self.kept)
        cumulative = np.cumsum(self.probabilities[ids])
        index = int(np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right"))
        return int(ids[min(index, len(ids) - 1)])


def likeliest(values: NDArray[Any], count: int) -> NDArray[np.int64]:
    """Ids of the ``count`` largest values, largest first (ties: the smaller id first).

    >>> likeliest(np.array([0.1, 0.7, 0.2]), 2).tolist()
    [1, 2]
    """
    count = min(count, len(values))
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    edge = np.partition(values, len(values) - count)[len(values) - count]
    above = np.flatnonzero(values > edge)
    level = np.flatnonzero(values == edge)[: count - len(above)]
    ids = np.concatenate([above, level])
    return ids[np.lexsort((ids, -values[ids]))]


def softmax(logits: Logits) -> NDArray[np.float64]:
    """Exact softmax in float64, shifted by the largest value so that nothing overflows.

    >>> softmax(np.array([1000.0, 1000.0])).tolist()
    [0.5, 0.5]
    """
    probabilities = logits.astype(np.float64)
    probabilities -= probabilities.max()
    np.exp(probabilities, out=probabilities)
    probabilities /= probabilities.sum()
    return probabilities


def log_softmax(logits: Logits) -> NDArray[np.float64]:
    """Exact log-softmax in float64, in nats."""
    shifted = logits.astype(np.float64)
    shifted -= shifted.max()
    shifted -= np.log(np.exp(shifted).sum())
    return shifted


def distribution(logits: Logits, temperature: float = 1.0, top_k: int = 0, top_p: float = 1.0) -> Distribution:
    """Probabilities of the next token after temperature, top-k and top-p, in this order, as in transformers.

    logits: [vocabulary]. temperature: 0 = all on the likeliest. top_k: 0 = no cut. top_p: 1 = no cut; the token that
    crosses the share is kept. Tokens level with the k-th are kept by top-k. Raises NotFinite for NaN, BadSettings.
    """
    GenerationSettings(temperature, top_k, top_p)
    best = logits.max()
    if not np.isfinite(best):
        raise not_finite("logits are not finite")
    if temperature == 0:
        kept = np.zeros(len(logits), dtype=np.bool_)
        kept[int(logits.argmax())] = True
        return Distribution(kept.astype(np.float64), kept)
    scaled = (logits.astype(np.float64) - np.float64(best)) / temperature
    kept = np.isfinite(scaled)
    if 0 < top_k < len(scaled):
        kept &= scaled >= np.partition(scaled, len(scaled) - top_k)[len(scaled) - top_k]
    probabilities = np.where(kept, np.exp(scaled), 0.0)
    probabilities /= probabilities.sum()
    if top_p < 1:
        kept = _nucleus(probabilities, top_p)
        probabilities = np.where(kept, probabilities, 0.0)
        probabilities /= probabilities.sum()
    return Distribution(probabilities, kept)


def _nucleus(probabilities: NDArray[np.float64], top_p: float) -> NDArray[np.bool_]:
    """Keep the fewest likeliest tokens that together reach ``top_p`` (of those that are level, the smaller ids)."""
    # Tokens below this probability weigh less than 1 - top_p together, so none of them is needed: far fewer to sort.
    candidates = np.sort(probabilities[probabilities >= 0.5 * (1 - top_p) / len(probabilities)])[::-1]
    count = min(int(np.searchsorted(np.cumsum(candidates), top_p, side="left")) + 1, len(candidates))
    edge = candidates[count - 1]
    chosen: NDArray[np.bool_] = probabilities > edge
    chosen[np.flatnonzero(probabilities == edge)[: count - np.count_nonzero(chosen)]] = True
    return chosen
