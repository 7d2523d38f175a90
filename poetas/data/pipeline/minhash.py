"""MinHash and banding: proposing the pairs of texts that may share many shingles, without comparing all of them.

Broder, "On the resemblance and containment of documents" (1997). With 60 bands of 3 a pair with Jaccard index 0.6 is
proposed with probability 0.9999995, 0.4 with 0.98, 0.05 with 0.007. Two texts nine tenths alike by words lie about 0.7.
Everything is seeded by constants: the same texts always give the same pairs, on any machine.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SHINGLE = 5
BANDS, ROWS = 60, 3
LEAST = 0.25  # estimated Jaccard index below which a proposed pair is let go
MOST_PAIRS = 300_000
_WINDOW = 30  # in a crowded bucket each text is compared with so many that are nearest to it in length
_CROWD = 500
_BLOCK = 50_000
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio, odd: spreads neighbouring numbers
_RAW = (np.random.PCG64(20_240_601).random_raw(2 * BANDS * ROWS) >> np.uint64(32)).astype(np.uint32)
_FACTORS, _TERMS = _RAW[: BANDS * ROWS] | np.uint32(1), _RAW[BANDS * ROWS :]  # odd: x -> a x + b is one to one


def shingles(text: str) -> NDArray[np.uint64]:
    """Hashes of the runs of five characters of a text, sorted, each once: uint64[n].

    >>> len(shingles("hola mundo")), len(shingles("sol"))
    (6, 1)
    """
    codes = np.frombuffer(text.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    width = min(SHINGLE, len(codes))
    if not width:
        return np.zeros(0, dtype=np.uint64)
    total = np.zeros(len(codes) - width + 1, dtype=np.uint64)
    for at in range(width):
        total = total * _MIX + codes[at : at + len(total)]
    total ^= total >> np.uint64(29)
    total *= _MIX
    return distinct(total ^ (total >> np.uint64(32)))


_Number = TypeVar("_Number", np.uint64, np.int64)


def distinct(values: NDArray[_Number]) -> NDArray[_Number]:
    """The values in order, each once; numpy's own ``unique`` goes through a table of hashes, much slower for millions.

    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    return ordered[np.r_[True, ordered[1:] != ordered[:-1]]] if len(ordered) else ordered


def signature(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """MinHash of a set: the smallest value under each of 180 orders, uint32[180]."""
    if not len(hashes):
        return np.zeros(BANDS * ROWS, dtype=np.uint32)
    # 32 bits: processors multiply eight such numbers at once, and far fewer than 2**32 shingles meet in a dataset.
    short = (hashes >> np.uint64(32)).astype(np.uint32)
    low = np.full(BANDS * ROWS, np.iinfo(np.uint32).max, dtype=np.uint32)
    for start in range(0, len(short), 256):  # a piece of the table that stays in the processor's cache
        table = short[start : start + 256, None] * _FACTORS
        table += _TERMS
        np.minimum(low, table.min(axis=0), out=low)
    return low


def candidates(
    signatures: NDArray[np.uint32], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], bool]:
    """Pairs (first < second) worth comparing, in order, and whether none was left out for lack of time.

    Where masses of boilerplate make too many of them, those that look most alike are taken.

    signatures: uint32[n, 180]. sizes: int64[n], how many shingles each text has.
    """
    count = len(sizes)
    found = np.zeros(0, dtype=np.int64)
    complete = True
    for band in range(BANDS):
        keys = signatures[:, band * ROWS : (band + 1) * ROWS].astype(np.uint64)
        mixed = (keys[:, 0] * _MIX + keys[:, 1]) * _MIX + keys[:, 2]
        fresh, whole = _bucket_pairs(mixed, sizes, count)
        complete &= whole
        fresh = fresh[estimate(signatures, fresh // count, fresh % count) >= LEAST]
        found = distinct(np.concatenate((found, fresh)))
        if len(found) > 2 * MOST_PAIRS:
            found, complete = _likeliest(signatures, found), False
    if len(found) > MOST_PAIRS:
        found, complete = _likeliest(signatures, found), False
    return found // count, found % count, complete


def _likeliest(signatures: NDArray[np.uint32], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    count = len(signatures)
    likeness = estimate(signatures, pairs // count, pairs % count)
    return np.sort(pairs[np.argsort(-likeness, kind="stable")[:MOST_PAIRS]])


def _bucket_pairs(keys: NDArray[np.uint64], sizes: NDArray[np.int64], count: int) -> tuple[NDArray[np.int64], bool]:
    order = np.lexsort((sizes, keys))
    ordered = keys[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(ordered)]
    largest = int((ends - starts).max())
    pairs: list[NDArray[np.int64]] = []
    reach = min(largest - 1, _CROWD)
    end_of = np.repeat(ends, ends - starts)
    crowded = np.repeat(ends - starts > _CROWD, ends - starts)
    at = np.arange(len(ordered))
    for step in range(1, reach + 1):  # each text with the one ``step`` places further in its bucket
        ok = at + step < end_of[at]
        if step == _WINDOW + 1:
            ok &= ~crowded[at]
        at = at[ok]
        one, other = order[at], order[at + step]
        pairs.append(np.minimum(one, other) * count + np.maximum(one, other))
    joined = distinct(np.concatenate(pairs)) if pairs else np.zeros(0, dtype=np.int64)
    return joined, largest <= _CROWD


def estimate(
    signatures: NDArray[np.uint32], first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Estimated Jaccard index of each pair: the share of orders with the same smallest value, float64[pairs]."""
    parts = [
        (signatures[first[at : at + _BLOCK]] == signatures[second[at : at + _BLOCK]]).mean(axis=1)
        for at in range(0, len(first), _BLOCK)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def shared(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> int:
    """How many hashes two sets have in common.

    >>> shared(shingles("hola mundo"), shingles("hola mundos"))
    6
    """
    small, large = (one, other) if len(one) <= len(other) else (other, one)
    if not len(small):
        return 0
    spots = np.searchsorted(large, small)
    spots[spots == len(large)] = 0
    return int(np.count_nonzero(large[spots] == small))
