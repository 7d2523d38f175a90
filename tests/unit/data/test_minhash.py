"""Banding gives pairs of texts a bucket in common as often as it promises, and sketches estimate how alike they are."""

import numpy as np
import pytest

from poetas.data.pipeline import minhash
from poetas.data.pipeline.minhash import BANDS, ROWS, band_keys, estimate, estimate_with, shingles, signature


def sets_sharing(rng, share, pairs):
    """MinHash of pairs of sets, neighbours, with that Jaccard index; different pairs share nothing."""
    size = 300
    common = round(2 * size * share / (1 + share))
    sets = []
    for _ in range(pairs):
        drawn = rng.integers(2**64, size=2 * size - common, dtype=np.uint64)
        sets += [np.sort(drawn[:size]), np.sort(drawn[size - common :])]
    return np.stack([signature(item) for item in sets])


@pytest.mark.parametrize(("share", "least", "most"), [(0.6, 150, 150), (0.4, 142, 150), (0.05, 0, 3)])
def test_pairs_share_a_bucket_as_often_as_the_module_says(share, least, most):
    """With 60 bands of 3: 0.9999995 of those with a Jaccard index of 0.6, 0.98 with 0.4, 0.007 with 0.05."""
    keys = np.stack([band_keys(minima) for minima in sets_sharing(np.random.default_rng(8), share, 150)])
    together = (keys[::2] == keys[1::2]).any(axis=1).sum()
    assert least <= together <= most
    strangers = (keys[:-2:2] == keys[2::2]).any(axis=1).sum()
    assert strangers == 0, "texts that share nothing share a bucket"


@pytest.mark.parametrize("count", [1, 191, 192, 193, 384, 600])
def test_a_signature_is_the_smallest_value_under_each_hash_function(count):
    """As many shingles as are computed at once, one more, and one fewer: none is left out."""
    hashes = shingles("".join(map(chr, range(0x4E00, 0x4E00 + count + 4))))
    assert len(hashes) == count
    factors, terms = minhash._FACTORS[:, 0].tolist(), minhash._TERMS[:, 0].tolist()
    values = [value >> 32 for value in hashes.tolist()]
    smallest = [min((a * value + b) % 2**32 for value in values) for a, b in zip(factors, terms, strict=True)]
    assert len(smallest) == BANDS * ROWS
    assert signature(hashes).tolist() == smallest


@pytest.mark.parametrize("share", [0.0, 0.4, 0.9])
def test_the_low_bytes_are_enough_to_estimate_how_alike_two_texts_are(share):
    sketches = (sets_sharing(np.random.default_rng(9), share, 150) & 255).astype(np.uint8)
    first = np.arange(0, 300, 2)
    estimates = estimate(sketches, first, first + 1)
    assert estimates.mean() == pytest.approx(share, abs=0.01)
    assert np.array_equal(estimate_with(sketches, 0)[1:2], estimates[:1])
