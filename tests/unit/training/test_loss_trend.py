"""The trend of a run on simulated curves: no alarm for noise, and an alarm where losses rise."""

import numpy as np
import pytest

from poetas.training.loss_trend import Trend, loss_trend
from poetas.training.smoothing import smoothed

RUNS, EVERY = 60, 6  # simulated runs, steps between two evaluations
ALARMS = {Trend.MEMORISING, Trend.STEP_TOO_LARGE}


def learns(x):
    return 1.6 + 1.6 * np.exp(-4 * x)


def memorised(x):
    return 1.9 + 1.3 * np.exp(-6 * x) + 0.8 * np.maximum(0, x - 0.35)


def explodes(x):
    return 2.2 + 1.5 * np.maximum(0, x - 0.2)


CURVES = {  # (training, validation) by share of the run
    "learns": (learns, learns),
    "stands still": (lambda x: 2.0 + 0 * x, lambda x: 2.1 + 0 * x),
    "memorises": (lambda x: learns(x) - 0.9 * x, memorised),
    "explodes": (explodes, explodes),
}


def seen(kind, evaluations, seed):
    """The trends of one run, as they are decided at each evaluation; 15 % and 0.5 % of noise."""
    rng = np.random.default_rng(seed)
    steps, measured = np.arange(1, evaluations * EVERY + 1), np.arange(evaluations + 1) * EVERY
    training, validation = CURVES[kind]
    losses = training(steps / steps[-1]) * (1 + 0.15 * rng.standard_normal(len(steps)))
    evaluated = validation(measured / steps[-1]) * (1 + 0.005 * rng.standard_normal(len(measured)))
    known = (
        dict(zip(steps.tolist(), losses.tolist(), strict=True)),
        dict(zip(measured.tolist(), evaluated.tolist(), strict=True)),
    )
    ends = measured[1:].tolist()
    return [loss_trend(*({step: loss for step, loss in part.items() if step <= end} for part in known)) for end in ends]


@pytest.mark.parametrize(
    ("kind", "alarms", "last"),
    [
        ("learns", (0.0, 0.02), set()),
        ("stands still", (0.0, 0.05), set()),
        ("memorises", (0.98, 1.0), {Trend.MEMORISING}),
        ("explodes", (0.98, 1.0), {Trend.STEP_TOO_LARGE}),
    ],
)
@pytest.mark.parametrize("evaluations", [4, 10])
def test_noise_raises_no_alarm_and_losses_that_rise_do(kind, alarms, last, evaluations):
    runs = [seen(kind, evaluations, seed) for seed in range(RUNS)]
    assert alarms[0] <= np.mean([not ALARMS.isdisjoint(trends) for trends in runs]) <= alarms[1]
    assert np.mean([bool(last) <= (trends[-1] in last) for trends in runs]) >= 0.9


@pytest.mark.parametrize(
    ("training", "validation", "trend"),
    [
        ({}, {}, Trend.UNKNOWN),
        ({1: 3.0, 2: 9.0}, {0: 3.0}, Trend.UNKNOWN),
        ({1: 3.0}, {0: 3.0, 1: 3.5}, Trend.LEARNING),  # a single evaluation above the best says nothing
        ({1: 3.0, 2: float("inf")}, {0: 3.0}, Trend.STEP_TOO_LARGE),
        ({1: 3.0}, {0: 3.0, 1: float("nan")}, Trend.STEP_TOO_LARGE),
        (dict(enumerate([2.0] * 8 + [9.0] * 8)), {}, Trend.STEP_TOO_LARGE),
        (dict(enumerate([2.0] * 4 + [9.0] * 4)), {}, Trend.UNKNOWN),  # too short to say
    ],
)
def test_short_runs_and_losses_that_are_no_number(training, validation, trend):
    assert loss_trend(training, validation) is trend


def test_smoothing_removes_noise_keeps_the_level_and_never_changes_the_past():
    rng = np.random.default_rng(0)
    noisy = 2 + 0.3 * rng.standard_normal(200)
    averages = smoothed(noisy, 20)
    assert averages[40:].std() < noisy.std() / 2
    assert abs(averages[40:].mean() - 2) < 0.05
    assert averages[0] == pytest.approx(noisy[0])
    assert np.array_equal(smoothed(noisy[:90], 20), averages[:90])
    assert np.array_equal(smoothed(noisy, 1), noisy)
    assert np.isnan(smoothed(np.array([np.nan, 1.0]), 5)).tolist() == [True, False]
