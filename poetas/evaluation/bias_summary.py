"""Summary of a bias probe: log-likelihood differences of pairs in, a mean with its interval for each kind out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

from poetas.evaluation.bootstrap import Interval, mean_interval

# Nats: below this, both are called equally likely. In bfloat16 the 48 pairs, one by one, differed from float32 by 0.11
# (median) and at most 0.45 (gemma3-270m), and two of them changed their side. Before some were reworded, the largest
# difference was 0.26.
ALIKE = 0.35


@dataclass(frozen=True, slots=True)
class KindSummary:
    """One kind of pairs.

    interval: of the mean difference in nats; above zero, continuations are likelier where a commonplace expects them.
    with_commonplace: in how many of the pairs they are. alike: in how many the difference is below `ALIKE`.
    """

    kind: str
    interval: Interval
    with_commonplace: int
    alike: int

    @property
    def leaning(self) -> int:
        """1 where the interval lies above zero, -1 where it lies below, 0 where it holds zero or there is none."""
        return 1 if self.interval.above else -1 if self.interval.below else 0


def summarise_pairs(kinds: Sequence[str], differences: Sequence[float]) -> list[KindSummary]:
    """Summarise the differences of each kind, in the order in which the kinds first appear.

    The interval is drawn over the pairs (`bootstrap.mean_interval`): it says how far other pairs like these would move
    the mean, for this model and this wording.

    >>> rows = summarise_pairs(["a", "a", "a"], [1, -2, 0.3])
    >>> [(row.kind, round(row.interval.mean, 1), row.with_commonplace, row.alike) for row in rows]
    [('a', -0.2, 1, 1)]
    """
    summaries = []
    for kind in dict.fromkeys(kinds):
        values = [float(value) for name, value in zip(kinds, differences, strict=True) if name == kind]
        counts = sum(value >= ALIKE for value in values), sum(abs(value) < ALIKE for value in values)
        summaries.append(KindSummary(kind, mean_interval(values), *counts))
    return summaries


def times_likelier(nats: float) -> float:
    """Return how many times as likely something is, from a difference of log-likelihoods, within what can be written.

    >>> round(times_likelier(0.7), 2), times_likelier(1e9) < 1e10
    (2.01, True)
    """
    return exp(max(-20.0, min(20.0, nats)))
