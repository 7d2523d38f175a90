"""Linking of similar texts into groups, band by band of MinHash: features of texts in, `Clusters` out.

Texts that are in one group already are not compared again: in a mass of alike texts each is compared with a few, not
with all. Where a bucket holds too many groups to compare them all, a sample tells how many twins were missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from poetas.data.pipeline import minhash
from poetas.data.pipeline.text_similarity import ComparableTexts, Positions, Scores
from poetas.i18n import _
from poetas.util.work_progress import report

ALL_PAIRS = 500  # texts: of fewer, all pairs are compared
_CROWD, _FEW = 40, 8  # groups in a bucket that are compared all with all, before and after the budget is used up
_WINDOW = 8  # neighbours with which a text of a crowded bucket is compared
_HUBS = 3  # texts of the bucket's largest group with which it is compared besides
_FROM_GROUP = 4  # texts of one group in a bucket that are compared with the other groups
_PER_TEXT = 60  # comparisons for each text, on average, after which no more crowds are compared
_AUDITED, _NEAREST = 300, 40  # texts of the sample, and how many of the others each is compared with
_SEED = 20_240_601
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Clusters:
    """Groups of similar texts.

    group: int64[n], for each text the smallest index in its group. first, second, alike, contained: the pairs that
    connect them (in masses of alike texts not all that there are), sorted. complete: whether all candidates of
    MinHash were compared or connected. missed: share of the texts, in a sample, with a twin in another group; 0 where
    complete.
    """

    group: Positions
    first: Positions
    second: Positions
    alike: Scores
    contained: Scores
    complete: bool = True
    missed: float = 0.0


class Linking:
    """Connects the texts, band by band."""

    def __init__(self, texts: ComparableTexts, alike: float, contained: float) -> None:
        self.texts, self.alike, self.contained = texts, alike, contained
        self.count = len(texts.bare)
        self.group = np.arange(self.count, dtype=np.int64)
        self.links: list[tuple[Positions, Positions, Scores, Scores]] = []
        self.failed = _NONE
        self.budget = _PER_TEXT * self.count
        self.crowded: list[int] = []

    def run(self) -> Clusters:
        """Return the groups."""
        complete, missed = True, 0.0
        if self.count <= ALL_PAIRS:
            first, second = (side.astype(np.int64) for side in np.triu_indices(self.count, k=1))
            self._compare(first, second)
        else:
            self._equal()
            for band in range(minhash.BANDS):
                report(_("Busco textos casi iguales"), band / minhash.BANDS)
                self._band(band)
            complete = not any(self._is_crowded(band) for band in self.crowded)
            missed = 0.0 if complete else self._audit()
        columns = zip(*self.links, strict=True) if self.links else ((_NONE,), (_NONE,), (np.zeros(0),), (np.zeros(0),))
        first, second, same, inside = (np.concatenate(column) for column in columns)
        order = np.lexsort((second, first))
        return Clusters(self.group, first[order], second[order], same[order], inside[order], complete, missed)

    def _equal(self) -> None:
        """Connect the texts with the same letters."""
        seen: dict[str, int] = {}
        pairs = [(seen.setdefault(bare, row), row) for row, bare in enumerate(self.texts.bare)]
        first, second = np.array([pair for pair in pairs if pair[0] != pair[1]], dtype=np.int64).reshape(-1, 2).T
        self._connect(first, second, np.ones(len(first)), np.zeros(len(first)))

    def _band(self, band: int) -> None:
        first, second = self._candidates(band, np.random.default_rng(_SEED + band))
        likely = minhash.estimate(self.texts.sketches, first, second) >= minhash.LEAST
        codes = minhash.distinct(first[likely] * self.count + second[likely])
        if len(self.failed):
            place = np.minimum(np.searchsorted(self.failed, codes), len(self.failed) - 1)
            codes = codes[self.failed[place] != codes]
        self.budget -= len(codes)
        missing = self._compare(codes // self.count, codes % self.count)
        self.failed = minhash.distinct(np.concatenate((self.failed, codes[missing])))

    def _candidates(self, band: int, rng: np.random.Generator) -> tuple[Positions, Positions]:
        """Pairs of texts of different groups that share a bucket: all of them, in crowded buckets some."""
        order, bucket, size, groups = self._buckets(band, rng.permutation(self.count))
        crowded = groups > (_CROWD if self.budget > 0 else _FEW)
        pairs = [_within(order[~crowded], bucket[~crowded], None)]
        if crowded.any():
            self.crowded.append(band)
            if self.budget > 0:
                pairs += _some_within(order[crowded], bucket[crowded], size[crowded], rng)
        left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
        apart = self.group[left] != self.group[right]
        return np.minimum(left, right)[apart], np.maximum(left, right)[apart]

    def _is_crowded(self, band: int) -> bool:
        return bool((self._buckets(band, np.arange(self.count))[3] > _CROWD).any())

    def _buckets(self, band: int, priority: Positions) -> tuple[Positions, Positions, Positions, Positions]:
        """The texts that share a bucket with another group, at most `_FROM_GROUP` of a group, bucket by bucket.

        Returns the texts, the bucket of each, how many of its group are there, and how many groups.
        """
        keys = self.texts.keys[band]
        order = np.lexsort((priority, self.group, keys))
        new_bucket = _changes(keys[order])
        new_group = new_bucket | _changes(self.group[order])
        begin = np.flatnonzero(new_group)
        run, bucket = np.cumsum(new_group) - 1, np.cumsum(new_bucket) - 1
        size = np.diff(np.r_[begin, self.count])[run]
        groups = np.bincount(bucket[new_group])[bucket]
        use = (np.arange(self.count) - begin[run] < _FROM_GROUP) & (groups > 1)
        return order[use], bucket[use], size[use], groups[use]

    def _compare(self, first: Positions, second: Positions) -> NDArray[np.bool_]:
        """Compare pairs and connect the similar ones; return which are not."""
        same, inside = self.texts.compare(first, second, self.alike, self.contained)
        near = (same >= self.alike) | (inside >= self.contained)
        self._connect(first[near], second[near], same[near], inside[near])
        return ~near

    def _connect(self, first: Positions, second: Positions, same: Scores, inside: Scores) -> None:
        if len(first):
            self.links.append((first, second, same, inside))
            self.group = connected(self.group, first, second)

    def _audit(self) -> float:
        """Look for the twins of a sample among all texts; connect those found, and return how many had one."""
        sample = np.random.default_rng(_SEED).permutation(self.count)[:_AUDITED]
        with_twin = 0
        for done, row in enumerate(sample.tolist()):
            if done % 20 == 0:
                report(_("Reviso una muestra"), done / len(sample))
            likeness = minhash.estimate_with(self.texts.sketches, row)
            likeness[self.group == self.group[row]] = 0.0
            near = np.argpartition(-likeness, _NEAREST)[:_NEAREST]
            near = near[likeness[near] >= minhash.LEAST]
            missing = self._compare(np.minimum(near, row), np.maximum(near, row))
            with_twin += not missing.all()
        return with_twin / len(sample)


def _changes(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    """Where a value differs from the one before it; the first one does."""
    return np.r_[True, values[1:] != values[:-1]] if len(values) else np.zeros(0, dtype=bool)


def _within(order: Positions, bucket: Positions, reach: int | None) -> tuple[Positions, Positions]:
    """Each text with the next ``reach`` ones of its bucket (None: with all of them)."""
    pairs: list[tuple[Positions, Positions]] = [(_NONE, _NONE)]
    index, step = np.arange(len(order)), 0
    while len(index) and (reach is None or step < reach):
        step += 1
        index = index[index + step < len(order)]
        index = index[bucket[index] == bucket[index + step]]
        pairs.append((order[index], order[index + step]))
    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return first, second


def _some_within(
    order: Positions, bucket: Positions, size: Positions, rng: np.random.Generator
) -> list[tuple[Positions, Positions]]:
    """Each text with some of its crowded bucket: those of the largest group, and neighbours drawn by lot."""
    mixed = np.lexsort((rng.permutation(len(order)), bucket))
    drawn, place = order[mixed], bucket[mixed]
    largest = order[np.lexsort((-size, bucket))]
    begin = np.flatnonzero(_changes(place))
    number = np.cumsum(_changes(place)) - 1
    pairs = [(largest[(begin + hub)[number]], drawn) for hub in range(_HUBS)]  # there are more than that in each
    return [*pairs, _within(drawn, place, _WINDOW)]


def connected(group: Positions, first: Sequence[int] | Positions, second: Sequence[int] | Positions) -> Positions:
    """Join groups by pairs of texts: for each text the smallest index in its group, int64[n].

    >>> connected(np.arange(5), [0, 1], [1, 3]).tolist()
    [0, 0, 2, 0, 4]
    """
    parent: list[int] = group.tolist()

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for left, right in zip(np.asarray(first).tolist(), np.asarray(second).tolist(), strict=True):
        low, high = sorted((root(left), root(right)))
        parent[high] = low
    joined = np.array(parent, dtype=np.int64)
    while not np.array_equal(joined, joined[joined]):
        joined = joined[joined]
    return joined
