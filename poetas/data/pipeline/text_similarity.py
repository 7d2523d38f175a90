"""Similarity of pairs of texts: their features in, edits, common shingles and containment of each pair out.

Two texts are compared without case, Unicode composition or punctuation. Their similarity is the larger of the
normalised Indel similarity (`rapidfuzz.fuzz.ratio`) and the Jaccard index of their shingles (runs of five
characters): the first measures edits, the second finds moved paragraphs. Containment is the share of the smaller
set of shingles that is in the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from poetas.data.pipeline import minhash
from poetas.i18n import _
from poetas.util.text_normalize import letters_only
from poetas.util.work_progress import report

_ENOUGH_SHINGLES = 40  # a shorter text may be contained in many by coincidence
_UNCERTAIN = 0.15  # four standard deviations of an estimate from 180 hash functions
_ROUNDING = 1e-9  # 0.1 * 60 is slightly below 6 in floats: pairs exactly at the threshold must be kept
_CHUNK = 50_000
_EXACT = 100_000  # pairs whose shingles are counted; of more, the estimate decides
_KEPT_HASHES = 1_000_000  # 8 MB
_EVERY = 500  # texts between two reports
Positions: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]


@dataclass(slots=True)
class ComparableTexts:
    """Texts ready to be compared; about 0.7 kB each beside their letters.

    bare: letters and digits in lower case. length, shingles: int64[n], of each. profiles: uint8[n, 256], bigrams by
    bucket. sketches: uint8[n, 180]. keys: uint32[60, n], bucket in each band. compared, exact: pairs until now.
    """

    texts: tuple[str, ...]
    bare: list[str]
    length: Positions
    shingles: Positions
    profiles: NDArray[np.uint8]
    sketches: NDArray[np.uint8]
    keys: NDArray[np.uint32]
    compared: int = 0
    exact: int = 0
    _kept: int = 0
    _sets: dict[int, NDArray[np.uint64]] = field(default_factory=dict)

    def compare(self, first: Positions, second: Positions, alike: float, contained: float) -> tuple[Scores, Scores]:
        """Similarity and containment of pairs, each 0 where it is certainly below its threshold.

        Containment is not computed where the similarity is enough.
        """
        same, inside = np.zeros(len(first)), np.zeros(len(first))
        for start in range(0, len(first), _CHUNK):
            part = slice(start, start + _CHUNK)
            i, j = first[part], second[part]
            ratios = self._ratios(i, j, alike)
            rest = np.flatnonzero(ratios < alike)
            ratios[rest], inside[start + rest] = self._by_shingles(
                i[rest], j[rest], min(alike, contained), ratios[rest]
            )
            same[part] = ratios
            self.compared += len(i)
            if len(first) > _CHUNK:
                report(_("Comparo textos parecidos"), start / len(first))
        return same, inside

    def _ratios(self, first: Positions, second: Positions, least: float) -> Scores:
        """Indel similarity from 0 to 1, 0 where it is below ``least``.

        Lengths and bigram counts exclude most pairs without false negatives: deleting or inserting one character
        changes the length by one and at most three bigrams.
        """
        total = self.length[first] + self.length[second]
        farthest = (1 - least) * total + _ROUNDING
        possible = np.abs(self.length[first] - self.length[second]) <= farthest
        near = np.flatnonzero(possible)
        distance = np.abs(self.profiles[first[near]].astype(np.int16) - self.profiles[second[near]])
        possible[near] = distance.sum(axis=1, dtype=np.int64) <= 3 * farthest[near]
        ratios = np.zeros(len(first))
        if possible.any():
            queries, choices = ([self.bare[row] for row in side[possible].tolist()] for side in (first, second))
            cutoff = 100 * least - _ROUNDING
            scores = process.cpdist(queries, choices, scorer=fuzz.ratio, score_cutoff=cutoff, dtype=np.float64)
            ratios[possible] = np.asarray(scores) / 100
        return ratios

    def _by_shingles(self, first: Positions, second: Positions, least: float, ratios: Scores) -> tuple[Scores, Scores]:
        """The larger of ``ratios`` and the Jaccard index, and containment, where the estimate allows them."""
        jaccard, inside = ratios.copy(), np.zeros(len(first))
        small = np.minimum(self.shingles[first], self.shingles[second])
        large = np.maximum(self.shingles[first], self.shingles[second])
        # If a share c of the smaller set is in the larger one, the Jaccard index is c small / (large + (1 - c) small).
        needed = least * small / np.maximum(1, large + (1 - least) * small)
        estimates = minhash.estimate(self.sketches, first, second)
        near = np.flatnonzero(estimates >= np.maximum(needed - _UNCERTAIN, minhash.LEAST))
        counted, rest = np.split(near, [max(0, _EXACT - self.exact)])
        self.exact += len(counted)
        for pair in counted.tolist():
            common = minhash.shared(self._set_of(int(first[pair])), self._set_of(int(second[pair])))
            jaccard[pair] = max(jaccard[pair], common / max(1, small[pair] + large[pair] - common))
            inside[pair] = common / small[pair] if small[pair] >= _ENOUGH_SHINGLES else 0.0
        common = estimates[rest] / (1 + estimates[rest]) * (small[rest] + large[rest])
        jaccard[rest] = np.maximum(jaccard[rest], estimates[rest])
        inside[rest] = np.where(small[rest] >= _ENOUGH_SHINGLES, np.minimum(1, common / np.maximum(1, small[rest])), 0)
        return jaccard, inside

    def _set_of(self, row: int) -> NDArray[np.uint64]:
        known = self._sets.get(row)
        if known is None:
            known = minhash.shingles(self.bare[row])
            self._kept += len(known)
            if self._kept > _KEPT_HASHES:
                self._sets.clear()
                self._kept = len(known)
            self._sets[row] = known
        return known


_latest: list[ComparableTexts] = []


def comparable(texts: Sequence[str]) -> ComparableTexts:
    """Compute the features of texts. Those of the texts of the last call are used again: most calls differ in few."""
    asked = tuple(texts)
    if _latest and _latest[0].texts == asked:
        return _latest[0]
    known = {text: row for row, text in enumerate(_latest[0].texts)} if _latest else {}
    sources = np.array([known.get(text, -1) for text in asked], dtype=np.int64)
    count, width = len(asked), minhash.BANDS * minhash.ROWS
    result = ComparableTexts(
        asked,
        [""] * count,
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=np.int64),
        np.zeros((count, 256), dtype=np.uint8),
        np.zeros((count, width), dtype=np.uint8),
        np.zeros((minhash.BANDS, count), dtype=np.uint32),
    )
    old = np.flatnonzero(sources >= 0)
    if len(old):
        earlier, rows = _latest[0], sources[old]
        for row, source in zip(old.tolist(), rows.tolist(), strict=True):
            result.bare[row] = earlier.bare[source]
        result.length[old], result.shingles[old] = earlier.length[rows], earlier.shingles[rows]
        result.profiles[old], result.sketches[old] = earlier.profiles[rows], earlier.sketches[rows]
        result.keys[:, old] = earlier.keys[:, rows]
    fresh = np.flatnonzero(sources < 0).tolist()
    for done, row in enumerate(fresh):
        if done % _EVERY == 0:
            report(_("Leo tus textos para compararlos"), done / len(fresh))
        bare = result.bare[row] = letters_only(asked[row])
        hashes = minhash.shingles(bare)
        minima = minhash.signature(hashes)
        result.length[row], result.shingles[row] = len(bare), len(hashes)
        result.profiles[row], result.sketches[row] = _profile(bare), minima & np.uint32(255)
        result.keys[:, row] = minhash.band_keys(minima)
    _latest[:] = [result]
    return result


def _profile(text: str) -> NDArray[np.uint8]:
    """Histogram of a text's character bigrams, hashed to 256 buckets, at most 255 in each: uint8[256].

    Counts that are cut off differ by less than the true ones: no pair is excluded by that.
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32)
    buckets = (codes[:-1] * np.uint32(31) + codes[1:]) % np.uint32(256)
    return np.minimum(np.bincount(buckets, minlength=256), 255).astype(np.uint8)
