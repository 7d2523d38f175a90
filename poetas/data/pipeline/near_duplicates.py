"""Near-duplicate detection: texts in, pairs above a similarity threshold out; seconds for 20,000 texts.

Two texts are compared without case, Unicode composition or punctuation. Their similarity is the larger of the
normalised Indel similarity (`rapidfuzz.fuzz.ratio`) and the Jaccard index of their shingles (runs of five
characters): the first measures edits, the second finds moved paragraphs. Containment is the share of the smaller
set of shingles that is in the other. Up to `ALL_PAIRS` texts all pairs are compared by edits; above, only the
candidates of MinHash.
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
TOGETHER = 0.9  # two texts at least this similar must be in the same split
_ENOUGH_SHINGLES = 40  # a shorter text may be contained in many by coincidence
_UNCERTAIN = 0.15  # four standard deviations of an estimate from 180 hash functions
_ROUNDING = 1e-9  # 0.1 * 60 is slightly below 6 in floats: pairs exactly at the threshold must be kept
_CHUNK = 50_000
_NONE = np.zeros(0, dtype=np.int64)
_Positions: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of similar texts.

    first, second: int64[n], indices, first < second, sorted. alike, contained: float64[n], from 0 to 1.
    complete: whether every candidate of MinHash was compared (false only for masses of boilerplate).
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
    """Find the pairs with at least this similarity or containment.

    >>> pairs = near_pairs(["El río creció anoche.", "El pan sube.", "el río creció, anoche"])
    >>> pairs.first.tolist(), pairs.second.tolist()
    ([0], [2])
    """
    return _near_pairs(tuple(texts), alike, contained)


@lru_cache(maxsize=2)  # a page splits the same texts again with each move of a slider
def _near_pairs(texts: tuple[str, ...], alike: float, contained: float) -> Pairs:
    bare = [letters_only(text) for text in texts]
    sets = [minhash.shingles(text) for text in bare]
    if not bare:
        return Pairs(_NONE, _NONE, np.zeros(0), np.zeros(0))
    signatures = np.stack([minhash.signature(hashes) for hashes in sets])
    profiles = np.stack([_profile(text) for text in bare])
    complete = True
    if len(bare) <= ALL_PAIRS:
        first, second = (side.astype(np.int64) for side in np.triu_indices(len(bare), k=1))
    else:
        first, second, complete = minhash.candidates(signatures, np.array([len(hashes) for hashes in sets]))
    kept = [(_NONE, _NONE, np.zeros(0), np.zeros(0))]
    for start in range(0, len(first), _CHUNK):
        i, j = first[start : start + _CHUNK], second[start : start + _CHUNK]
        same = _ratios(bare, profiles, i, j, alike)
        jaccard, inside = _by_shingles(sets, signatures, i, j, min(alike, contained))
        same = np.maximum(same, jaccard)
        keep = (same >= alike) | (inside >= contained)
        kept.append((i[keep], j[keep], same[keep], inside[keep]))
    i, j, same, inside = (np.concatenate(column) for column in zip(*kept, strict=True))
    return Pairs(i, j, same, inside, complete)


def _profile(text: str) -> NDArray[np.int32]:
    """Histogram of a text's character bigrams, hashed to 256 buckets: int32[256]."""
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    buckets = (codes[:-1] * np.uint32(31) + codes[1:]) % np.uint32(256)
    return np.bincount(buckets, minlength=256).astype(np.int32)


def _ratios(
    bare: Sequence[str], profiles: NDArray[np.int32], first: _Positions, second: _Positions, least: float
) -> NDArray[np.float64]:
    """Indel similarity from 0 to 1, 0 where it is below ``least``.

    Lengths and bigram counts exclude most pairs without false negatives: deleting or inserting one character changes
    the length by one and at most three bigrams.
    """
    length = np.array([len(text) for text in bare])
    total = length[first] + length[second]
    farthest = (1 - least) * total + _ROUNDING
    possible = np.abs(length[first] - length[second]) <= farthest
    near = np.flatnonzero(possible)
    distance = np.abs(profiles[first[near]] - profiles[second[near]]).sum(axis=1, dtype=np.int64)
    possible[near] = distance <= 3 * farthest[near]
    ratios = np.zeros(len(first))
    if possible.any():
        queries, choices = ([bare[index] for index in side[possible].tolist()] for side in (first, second))
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
    """Jaccard index and containment, exact where the MinHash estimate allows them, else 0."""
    jaccard, inside = np.zeros(len(first)), np.zeros(len(first))
    sizes = np.array([len(hashes) for hashes in sets])
    small, large = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
    # If a share c of the smaller set is in the larger one, the Jaccard index is c small / (large + (1 - c) small).
    needed = least * small / np.maximum(1, large + (1 - least) * small) - _UNCERTAIN
    near = np.flatnonzero(minhash.estimate(signatures, first, second) >= np.maximum(needed, minhash.LEAST))
    for pair in near.tolist():
        left, right = sets[first[pair]], sets[second[pair]]
        common = minhash.shared(left, right)
        smaller = min(len(left), len(right))
        jaccard[pair] = common / max(1, len(left) + len(right) - common)
        inside[pair] = common / smaller if smaller >= _ENOUGH_SHINGLES else 0.0
    return jaccard, inside


def groups(count: int, pairs: Pairs) -> NDArray[np.int64]:
    """Connected components of the pairs: for each text the smallest index in its group, int64[count].

    >>> linked = Pairs(np.array([0, 1]), np.array([1, 3]), np.ones(2), np.ones(2))
    >>> groups(5, linked).tolist()
    [0, 0, 2, 0, 4]
    """
    parent = list(range(count))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, second in zip(pairs.first.tolist(), pairs.second.tolist(), strict=True):
        low, high = sorted((root(first), root(second)))
        parent[high] = low
    return np.array([root(index) for index in range(count)], dtype=np.int64)


def repeated(count: int, pairs: Pairs, alike: float) -> list[int]:
    """Indices to drop so that no two remaining texts are that similar; of two, the earlier one is kept.

    >>> repeated(3, Pairs(np.array([0, 1]), np.array([1, 2]), np.array([0.99, 0.96]), np.zeros(2)), 0.95)
    [1]
    """
    earlier: dict[int, list[int]] = {}
    use = pairs.alike >= alike
    for first, second in zip(pairs.first[use].tolist(), pairs.second[use].tolist(), strict=True):
        earlier.setdefault(second, []).append(first)
    dropped: set[int] = set()
    for index in range(count):
        if any(similar not in dropped for similar in earlier.get(index, ())):
            dropped.add(index)
    return sorted(dropped)
