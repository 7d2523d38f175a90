"""Which texts are near-identical, in seconds for 20,000 of them.

Two texts are compared without case, accents' composition or punctuation. Their likeness is the larger of the
normalised Indel similarity (`rapidfuzz.fuzz.ratio`) and the Jaccard index of their shingles (runs of five
characters): the first sees edits, the second sees moved paragraphs. One contains the other as far as its shingles
are among the other's. Up to `ALL_PAIRS` texts no similarity by edits is missed, whatever MinHash
says; above, only the pairs that it proposes are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from poetas.data.pipeline import minhash
from poetas.util.text_normalize import letters_only

ALL_PAIRS = 500
TOGETHER = 0.9  # from this likeness on two texts must not be on two sides of a split
_ENOUGH_SHINGLES = 40  # a shorter text is contained in many by chance
_UNCERTAIN = 0.15  # four standard deviations of an estimate from 180 orders
_ROUNDING = 1e-9  # a tenth of 60 comes out below 6: two texts that are just alike must not be lost to that
_CHUNK = 50_000
_NONE = np.zeros(0, dtype=np.int64)
_Positions: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of texts that are alike.

    first, second: int64[n], positions, first < second, in order. alike, contained: float64[n], from 0 to 1.
    complete: whether every pair that MinHash proposed was compared (it is false for masses of boilerplate only).
    """

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    alike: NDArray[np.float64]
    contained: NDArray[np.float64]
    complete: bool = True

    def where(self, chosen: Sequence[bool]) -> Pairs:
        """Only the chosen pairs."""
        use = np.array(chosen, dtype=bool)
        return Pairs(self.first[use], self.second[use], self.alike[use], self.contained[use], self.complete)


def near_pairs(texts: Sequence[str], *, alike: float = TOGETHER, contained: float = TOGETHER) -> Pairs:
    """Find the pairs that are at least so much alike, or of which one contains so much of the other.

    >>> pairs = near_pairs(["El río creció anoche.", "El pan sube.", "el río creció, anoche"])
    >>> pairs.first.tolist(), pairs.second.tolist()
    ([0], [2])
    """
    return _near_pairs(tuple(texts), alike, contained)


@lru_cache(maxsize=2)  # a page deals the same texts again with each move of a slider
def _near_pairs(texts: tuple[str, ...], alike: float, contained: float) -> Pairs:
    bare = [letters_only(text) for text in texts]
    sets = [minhash.shingles(text) for text in bare]
    if not bare:
        return Pairs(_NONE, _NONE, np.zeros(0), np.zeros(0))
    signatures = np.stack([minhash.signature(one) for one in sets])
    profiles = np.stack([_profile(text) for text in bare])
    complete = True
    if len(bare) <= ALL_PAIRS:
        first, second = (side.astype(np.int64) for side in np.triu_indices(len(bare), k=1))
    else:
        first, second, complete = minhash.candidates(signatures, np.array([len(one) for one in sets]))
    found = [(_NONE, _NONE, np.zeros(0), np.zeros(0))]
    for start in range(0, len(first), _CHUNK):
        i, j = first[start : start + _CHUNK], second[start : start + _CHUNK]
        same = _ratios(bare, profiles, i, j, alike)
        jaccard, inside = _by_shingles(sets, signatures, i, j, min(alike, contained))
        same = np.maximum(same, jaccard)
        keep = (same >= alike) | (inside >= contained)
        found.append((i[keep], j[keep], same[keep], inside[keep]))
    i, j, same, inside = (np.concatenate(column) for column in zip(*found, strict=True))
    return Pairs(i, j, same, inside, complete)


def _profile(text: str) -> NDArray[np.int32]:
    """How often each pair of neighbouring letters stands in a text, in 256 drawers: int32[256]."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    drawers = (codes[:-1] * np.uint32(31) + codes[1:]) % np.uint32(256)
    return np.bincount(drawers, minlength=256).astype(np.int32)


def _ratios(
    bare: Sequence[str], profiles: NDArray[np.int32], first: _Positions, second: _Positions, least: float
) -> NDArray[np.float64]:
    """Indel similarity from 0 to 1, 0 where it is below ``least``.

    Lengths and counts of letter pairs rule most pairs of texts out, and none that is alike: taking one character out
    or putting one in changes the length by one, and takes away or adds at most three letter pairs.
    """
    length = np.array([len(text) for text in bare])
    total = length[first] + length[second]
    farthest = (1 - least) * total + _ROUNDING
    possible = np.abs(length[first] - length[second]) <= farthest
    look = np.flatnonzero(possible)
    distance = np.abs(profiles[first[look]] - profiles[second[look]]).sum(axis=1, dtype=np.int64)
    possible[look] = distance <= 3 * farthest[look]
    ratios = np.zeros(len(first))
    if possible.any():
        queries, choices = ([bare[at] for at in side[possible].tolist()] for side in (first, second))
        scores = process.cpdist(
            queries, choices, scorer=fuzz.ratio, score_cutoff=100 * least - _ROUNDING, dtype=np.float64
        )
        ratios[possible] = np.asarray(scores) / 100
    return ratios


def _by_shingles(
    sets: Sequence[NDArray[np.uint64]],
    signatures: NDArray[np.uint32],
    first: _Positions,
    second: _Positions,
    least: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Jaccard index and containment, exact where MinHash finds them possible, else 0."""
    jaccard, inside = np.zeros(len(first)), np.zeros(len(first))
    sizes = np.array([len(one) for one in sets])
    small, large = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
    # If a share c of the smaller set is in the larger one, the Jaccard index is c small / (large + (1 - c) small).
    needed = least * small / np.maximum(1, large + (1 - least) * small) - _UNCERTAIN
    look = np.flatnonzero(minhash.estimate(signatures, first, second) >= np.maximum(needed, minhash.LEAST))
    for at in look.tolist():
        one, other = sets[first[at]], sets[second[at]]
        common = minhash.shared(one, other)
        smaller = min(len(one), len(other))
        jaccard[at] = common / max(1, len(one) + len(other) - common)
        inside[at] = common / smaller if smaller >= _ENOUGH_SHINGLES else 0.0
    return jaccard, inside


def groups(count: int, pairs: Pairs) -> NDArray[np.int64]:
    """Give texts that are linked by pairs the same number: the smallest position in their group, int64[count].

    >>> linked = Pairs(np.array([0, 1]), np.array([1, 3]), np.ones(2), np.ones(2))
    >>> groups(5, linked).tolist()
    [0, 0, 2, 0, 4]
    """
    parent = list(range(count))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for one, other in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return np.array([root(at) for at in range(count)], dtype=np.int64)


def repeated(count: int, pairs: Pairs, alike: float) -> list[int]:
    """Positions to drop so that no two that are left are so much alike; of two, the earlier one stays.

    >>> repeated(3, Pairs(np.array([0, 1]), np.array([1, 2]), np.array([0.99, 0.96]), np.zeros(2)), 0.95)
    [1]
    """
    earlier: dict[int, list[int]] = {}
    use = pairs.alike >= alike
    for one, other in zip(pairs.first[use].tolist(), pairs.second[use].tolist(), strict=True):
        earlier.setdefault(other, []).append(one)
    dropped: set[int] = set()
    for at in range(count):
        if any(one not in dropped for one in earlier.get(at, ())):
            dropped.add(at)
    return sorted(dropped)
