"""What temperature, top-k and top-p do, held against transformers' own implementation."""

from __future__ import annotations

import time
from itertools import product

import numpy as np
import pytest
import torch
from transformers import TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper

from poetas.errors import PoetasError
from poetas.generation.sampling import GenerationSettings, distribution, likeliest, log_softmax, softmax

VOCABULARY = 5000


def transformers_probabilities(logits: np.ndarray, temperature: float, top_k: int, top_p: float) -> np.ndarray:
    scores = torch.tensor(logits, dtype=torch.float64)[None]
    scores = TemperatureLogitsWarper(temperature)(None, scores) if temperature != 1 else scores
    scores = TopKLogitsWarper(top_k)(None, scores) if top_k else scores
    scores = TopPLogitsWarper(top_p)(None, scores) if top_p < 1 else scores
    return torch.softmax(scores, -1)[0].numpy()


@pytest.fixture(scope="module", params=[0.3, 3.0, 12.0])
def logits(request: pytest.FixtureRequest) -> np.ndarray:
    return (np.random.default_rng(1).standard_normal(VOCABULARY) * request.param).astype(np.float32)


def test_probabilities_equal_those_of_transformers(logits: np.ndarray) -> None:
    temperatures, ks, ps = [0.05, 0.7, 1.0, 2.0, 10.0], [0, 1, 50, 4999, 100_000], [0.01, 0.5, 0.9, 0.999, 1.0]
    for temperature, top_k, top_p in product(temperatures, ks, ps):
        where = f"temperature {temperature}, top_k {top_k}, top_p {top_p}"
        ours = distribution(logits, temperature, top_k, top_p)
        theirs = transformers_probabilities(logits, temperature, min(top_k, VOCABULARY), top_p)
        assert np.abs(ours.probabilities - theirs).max() < 1e-9, where
        # The same tokens are left, but for probabilities that underflow to zero.
        assert ((theirs > 1e-300) <= ours.kept).all(), where
        assert ((ours.probabilities > 1e-300) <= (theirs > 0)).all(), where
        assert ours.probabilities.sum() == pytest.approx(1, abs=1e-12), where
        assert not ours.probabilities[~ours.kept].any(), where


def test_top_k_keeps_all_that_are_level_with_the_last_one_as_transformers_does() -> None:
    logits = np.array([2.0, 1.0, 1.0, 1.0, 0.0], dtype=np.float32)
    assert distribution(logits, 1, 2, 1).kept.tolist() == [True, True, True, True, False]
    assert np.allclose(distribution(logits, 1, 2, 1).probabilities, transformers_probabilities(logits, 1, 2, 1))


def test_top_p_keeps_the_token_that_crosses_the_share_and_always_one() -> None:
    logits = np.log(np.array([0.5, 0.3, 0.2]))
    assert distribution(logits, 1, 0, 0.6).kept.tolist() == [True, True, False]
    assert distribution(logits, 1, 0, 0.4).kept.tolist() == [True, False, False]
    level = distribution(np.zeros(10, dtype=np.float32), 1, 0, 1e-300)
    assert level.kept.tolist() == [True] + [False] * 9


def test_temperature_zero_bets_all_on_the_first_of_the_likeliest() -> None:
    result = distribution(np.array([0.0, 3.0, 3.0], dtype=np.float32), temperature=0)
    assert result.probabilities.tolist() == [0, 1, 0]
    assert result.draw(np.random.default_rng(0)) == 1


def test_softmax_is_exact_where_naive_exponentials_overflow() -> None:
    logits = np.array([1e4, 1e4 - 1, -1e4], dtype=np.float32)
    expected = np.array([1, np.exp(-1), 0]) / (1 + np.exp(-1))
    assert np.abs(softmax(logits) - expected).max() < 1e-15
    assert log_softmax(logits)[2] == pytest.approx(-2e4 - np.log(1 + np.exp(-1)))


def test_minus_infinity_is_never_drawn() -> None:
    result = distribution(np.array([-np.inf, 0.0, 0.0], dtype=np.float32), 1, 0, 0.99)
    assert result.probabilities.tolist() == [0, 0.5, 0.5]
    assert not result.kept[0]


def test_draws_follow_the_probabilities_and_repeat_with_the_seed() -> None:
    result = distribution(np.log(np.array([0.1, 0.6, 0.3])))
    draws = [result.draw(np.random.default_rng(7)) for _ in range(3)]
    assert len(set(draws)) == 1
    rng = np.random.default_rng(7)
    counts = np.bincount([result.draw(rng) for _ in range(20_000)], minlength=3) / 20_000
    assert np.abs(counts - [0.1, 0.6, 0.3]).max() < 0.015


def test_likeliest_agrees_with_a_full_sort_and_breaks_ties_by_id() -> None:
    values = np.random.default_rng(3).integers(0, 50, 1000).astype(np.float32)
    full = np.lexsort((np.arange(1000), -values))
    for count in (1, 10, 200, 1000, 5000):
        assert likeliest(values, count).tolist() == full[:count].tolist()
    assert likeliest(values, 0).tolist() == []


def test_no_number_is_a_card_and_not_a_wrong_bar() -> None:
    for bad in (np.nan, np.inf):
        with pytest.raises(PoetasError) as caught:
            distribution(np.array([0.0, bad], dtype=np.float32))
        assert caught.value.explanation.code == "no-sense"
    with pytest.raises(PoetasError):
        distribution(np.full(3, -np.inf, dtype=np.float32))


@pytest.mark.parametrize(
    "values",
    [
        {"temperature": -0.1},
        {"temperature": 11},
        {"temperature": float("nan")},
        {"top_k": -1},
        {"top_p": 0},
        {"top_p": 1.1},
        {"max_tokens": 0},
        {"max_tokens": 10**6},
        {"seed": -1},
        {"seed": "x"},
        {"heat": 1},
        {"top_k": None},
    ],
)
def test_settings_out_of_range_are_refused_with_a_card(values: dict[str, object]) -> None:
    with pytest.raises(PoetasError) as caught:
        GenerationSettings.read(values)
    assert caught.value.explanation.code == "bad-settings"
    assert caught.value.explanation.remedy


def test_a_real_vocabulary_is_reshaped_faster_than_a_slider_moves() -> None:
    logits = (np.random.default_rng(0).standard_normal(262_144) * 3).astype(np.float32)
    for settings in ((1.0, 0, 1.0), (0.7, 50, 0.9), (2.0, 0, 0.95)):
        taken = []
        for _ in range(5):
            start = time.process_time()
            distribution(logits, *settings)
            taken.append(time.process_time() - start)
        assert min(taken) < 0.08  # 0.02 here; the page redraws each quarter of a second
