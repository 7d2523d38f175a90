"""Banding proposes the pairs that it promises to, and of too many the likeliest."""

import numpy as np
import pytest

from poetas.data.pipeline import minhash
from poetas.data.pipeline.minhash import candidates, signature


def sets_sharing(chance, share, pairs):
    """Signatures of pairs of sets, neighbours, with that Jaccard index; different pairs share nothing."""
    size = 300
    common = round(2 * size * share / (1 + share))
    sets = []
    for _ in range(pairs):
        drawn = chance.integers(2**64, size=2 * size - common, dtype=np.uint64)
        sets += [np.sort(drawn[:size]), np.sort(drawn[size - common :])]
    return np.stack([signature(item) for item in sets]), np.array([len(item) for item in sets])


def proposed(signatures, sizes):
    first, second, complete = candidates(signatures, sizes)
    assert np.all(first < second)
    return set(zip(first.tolist(), second.tolist(), strict=True)), complete


@pytest.mark.parametrize(("share", "least", "most"), [(0.6, 150, 150), (0.4, 142, 150), (0.05, 0, 3)])
def test_pairs_are_proposed_as_often_as_the_module_says(share, least, most):
    """With 60 bands of 3: 0.9999995 of those with a Jaccard index of 0.6, 0.98 with 0.4, 0.007 with 0.05."""
    result, complete = proposed(*sets_sharing(np.random.default_rng(8), share, 150))
    assert complete
    pairs = {(index, index + 1) for index in range(0, 300, 2)}
    assert least <= len(result & pairs) <= most
    assert result <= pairs


def test_in_a_bucket_that_is_no_crowd_every_pair_is_proposed():
    result, complete = proposed(np.zeros((50, 180), dtype=np.uint32), np.arange(50))
    assert complete
    assert len(result) == 50 * 49 / 2


def test_in_a_crowd_each_text_meets_those_nearest_in_length_and_it_is_said(monkeypatch):
    monkeypatch.setattr(minhash, "_CROWD", 60)
    sizes = np.array([*range(0, 80, 2), *range(1, 80, 2)])
    result, complete = proposed(np.zeros((80, 180), dtype=np.uint32), sizes)
    assert not complete
    assert {abs(int(sizes[item] - sizes[other])) for item, other in result} == set(range(1, 31))


@pytest.mark.parametrize(("copies", "others"), [(6, 9), (9, 40)], ids=["at the end", "at every band"])
def test_of_too_many_pairs_the_likeliest_are_kept_and_it_is_said(monkeypatch, copies, others):
    monkeypatch.setattr(minhash, "MOST_PAIRS", 15)
    signatures, sizes = sets_sharing(np.random.default_rng(9), 0.4, others)
    twins = np.repeat(signatures[:1], copies, axis=0)  # of them, any two are the same
    result, complete = proposed(np.concatenate((signatures[2:], twins)), np.r_[sizes[2:], np.repeat(300, copies)])
    assert not complete
    assert len(result) == 15
    assert all(one >= 2 * others - 2 for one, _other in result), "a pair of twins gave way to a pair that is less alike"
