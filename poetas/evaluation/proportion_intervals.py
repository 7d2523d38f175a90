"""Confidence intervals for differences of two proportions, paired or of two groups, that hold with few persons.

A bootstrap of answers that are all alike has no width. The adjusted Wald intervals add a few imaginary answers of each
kind before they compute: D. G. Bonett and R. M. Price, "Adjusted Wald Confidence Interval for a Difference of Binomial
Proportions Based on Paired Data", 2012; A. Agresti and B. Caffo, "Simple and Effective Confidence Intervals for
Proportions and Differences of Proportions", 2000.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from poetas.evaluation.bootstrap import CONFIDENCE, Interval


def paired_difference(before: Sequence[bool], after: Sequence[bool], confidence: float = CONFIDENCE) -> Interval:
    """Return the share of ``after`` minus that of ``before``, of the same persons in the same order.

    Raises ValueError where there are none, or not as many.

    >>> interval = paired_difference([False] * 8 + [True] * 2, [True] * 10)
    >>> round(interval.mean, 2), interval.above, interval.n
    (0.8, True, 10)
    """
    pairs = list(zip(before, after, strict=True))
    if not pairs:
        raise ValueError("an interval needs answers")
    n = len(pairs)
    won = sum(not first and second for first, second in pairs)
    lost = sum(first and not second for first, second in pairs)
    up, down = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    variance = (up + down - (up - down) ** 2) / (n + 2)
    return _around((won - lost) / n, up - down, variance, n, confidence)


def difference(before: Sequence[bool], after: Sequence[bool], confidence: float = CONFIDENCE) -> Interval:
    """Return the share of ``after`` minus that of ``before``, of different persons. Raises ValueError for an empty one.

    >>> interval = difference([True] * 5 + [False] * 5, [True] * 8 + [False] * 2)
    >>> round(interval.mean, 2), interval.above, interval.n
    (0.3, False, 20)
    """
    if not before or not after:
        raise ValueError("an interval needs answers")
    shares = [(sum(group) + 1) / (len(group) + 2) for group in (before, after)]
    variance = sum(share * (1 - share) / (len(group) + 2) for share, group in zip(shares, (before, after), strict=True))
    mean = sum(after) / len(after) - sum(before) / len(before)
    return _around(mean, shares[1] - shares[0], variance, len(before) + len(after), confidence)


def _around(mean: float, centre: float, variance: float, n: int, confidence: float) -> Interval:
    reach = NormalDist().inv_cdf((1 + confidence) / 2) * variance**0.5
    return Interval(mean, max(-1.0, centre - reach), min(1.0, centre + reach), n, confidence)
