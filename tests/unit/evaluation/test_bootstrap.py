"""Intervals: against scipy's, and against what an interval promises."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from poetas.evaluation.bootstrap import (
    RESAMPLES,
    SEED,
    Interval,
    _resampled_means,
    mean_interval,
    paired_interval,
    student_quantile,
)


@pytest.mark.parametrize("skewed", [False, True])
def test_with_many_texts_it_is_scipys_bca_interval(*, skewed: bool) -> None:
    rng = np.random.default_rng(5)
    data = rng.exponential(size=800) if skewed else rng.normal(size=800)
    oracle = stats.bootstrap((data,), np.mean, n_resamples=10_000, method="BCa", rng=rng).confidence_interval
    ours = mean_interval(data)
    width = oracle.high - oracle.low
    assert ours.low == pytest.approx(oracle.low, abs=0.03 * width)
    assert ours.high == pytest.approx(oracle.high, abs=0.03 * width)
    assert ours.mean == pytest.approx(data.mean())


@pytest.mark.parametrize(("count", "least"), [(10, 0.92), (44, 0.93)])
def test_it_holds_the_true_mean_as_often_as_it_promises(count: int, least: float) -> None:
    rng = np.random.default_rng(11)
    held = 0
    for trial in range(800):
        result = mean_interval(rng.normal(0.3, 1, count), resamples=800, seed=trial)
        held += result.low is not None and result.high is not None and result.low <= 0.3 <= result.high
    assert least <= held / 800 <= 0.975


def test_with_few_texts_it_is_wider_than_the_plain_bootstrap() -> None:
    data = np.random.default_rng(2).normal(size=8)
    plain = stats.bootstrap((data,), np.mean, n_resamples=10_000, method="BCa", rng=1).confidence_interval
    ours = mean_interval(data)
    assert ours.low is not None
    assert ours.high is not None
    assert ours.high - ours.low > plain.high - plain.low


SKEWED = np.random.default_rng(3).exponential(size=20)


@pytest.mark.parametrize(
    "data",
    [SKEWED[:12], -SKEWED, np.array([0.0] * 15 + [1.0] * 5), np.array([0.0, 1.0] * 5)],
    ids=["few", "skewed to the left", "many ties", "ties around the mean"],
)
def test_of_the_same_draws_it_is_scipys_bca_interval_at_students_level(data: np.ndarray) -> None:
    """No chance is left between the two, so that each part of the formula counts: bias, skew, and the reach.

    The reach is Hesterberg's (2015, section 4.3): as many deviations as Student's t asks with n - 1 degrees of
    freedom, and as much more as a variance of n values, not of n - 1, is too small: a factor of sqrt(n / (n - 1)).
    """
    count = len(data)
    reach = stats.t.ppf(0.975, count - 1) * (count / (count - 1)) ** 0.5
    drawn = SimpleNamespace(bootstrap_distribution=_resampled_means(data, RESAMPLES, SEED))
    level = 2 * stats.norm.cdf(reach) - 1
    scipys = stats.bootstrap(
        (data,), np.mean, n_resamples=0, bootstrap_result=drawn, method="BCa", confidence_level=level
    ).confidence_interval
    ours = mean_interval(data)
    width = scipys.high - scipys.low
    assert ours.low == pytest.approx(scipys.low, abs=0.0005 * width)
    assert ours.high == pytest.approx(scipys.high, abs=0.0005 * width)


def test_an_interval_that_ends_at_zero_lies_neither_above_nor_below_it() -> None:
    """A model that writes the same as its base on every text has not improved, nor has it got worse."""
    for result in (paired_interval([0.5] * 20, [0.5] * 20), Interval(1, 0, 2, 20), Interval(-1, -2, 0, 20)):
        assert not result.above
        assert not result.below


def test_pairing_sees_a_small_steady_gain_that_unpaired_scores_hide() -> None:
    rng = np.random.default_rng(4)
    theirs = rng.uniform(0, 1, 44)  # texts differ far more than systems do
    ours = theirs + rng.normal(0.05, 0.02, 44)
    assert paired_interval(ours, theirs).above
    assert paired_interval(theirs, ours).below
    apart, other = mean_interval(ours), mean_interval(theirs)
    assert apart.low is not None
    assert other.high is not None
    assert apart.low < other.high


def test_the_same_seed_gives_the_same_interval_and_another_one_nearly() -> None:
    data = np.random.default_rng(9).normal(size=44)
    assert mean_interval(data, seed=1) == mean_interval(data, seed=1)
    assert mean_interval(data, seed=1).low == pytest.approx(mean_interval(data, seed=2).low, abs=0.03)


def test_many_texts_take_no_more_memory_at_a_time() -> None:
    # 10,000 draws of 20,000 values at once would be 1.6 GB.
    result = mean_interval(np.random.default_rng(1).normal(size=20_000), resamples=200)
    assert result.n == 20_000
    assert result.high is not None
    assert abs(result.high) < 0.1


def test_what_cannot_have_an_interval_has_none() -> None:
    assert mean_interval([0.4]) == Interval(0.4, None, None, 1)
    assert not mean_interval([0.4]).above
    assert mean_interval([0.5, 0.5, 0.5]) == Interval(0.5, 0.5, 0.5, 3)
    for wrong in ([], [1.0, float("nan")], [float("inf"), 2.0], [[1.0, 2.0]]):
        with pytest.raises(ValueError, match=r"values|finite"):
            mean_interval(wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="same texts"):
        paired_interval([1.0, 2.0], [1.0])


@pytest.mark.parametrize("data", [[0.0, 1.0], [0.0] * 19 + [1.0], [1e-9, 2e-9, 3e-9], [0.0] * 300 + [1e6]])
def test_lopsided_values_still_give_a_finite_interval_around_the_mean(data: list[float]) -> None:
    result = mean_interval(data)
    assert result.low is not None
    assert result.high is not None
    assert min(data) <= result.low <= result.mean <= result.high <= max(data)


def test_students_quantile_is_scipys() -> None:
    for freedom in (4, 9, 19, 43, 500):
        assert student_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=0.01)
