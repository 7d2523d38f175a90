"""Seeded train/validation/test split: texts in, row indices of each split out; near-duplicates are never separated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.data.dataset_schema import PARTS
from poetas.data.formats.base import ReadingNotice
from poetas.data.pipeline.near_duplicates import TOGETHER, cluster
from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.exam_size import ENOUGH_TO_LEARN, FEWEST_TO_SPLIT, SPLIT_SEED, TEST_SHARE, VALIDATION_SHARE, few_texts
from poetas.i18n import _, ngettext, number

FEWEST = FEWEST_TO_SPLIT

_TOLERANCE = 1e-5
_NOTHING_TOGETHER = 2.0  # a similarity that no two texts have
_MANY_MISSED = 0.01  # share of a sample with a twin that was not found: as many exam texts may have one


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Parameters of a split: fractions of the texts (normalised to sum 1) and the seed.

    alike: texts at least this similar stay in one split. allow_twins: whether they may be separated where nearly all
    texts are so similar that there would be no split. Raises ValueError for impossible fractions.

    >>> SplitPlan(8, 1, 1).train
    0.8
    """

    train: float = 1 - VALIDATION_SHARE - TEST_SHARE
    validation: float = VALIDATION_SHARE
    test: float = TEST_SHARE
    seed: int = SPLIT_SEED
    alike: float = TOGETHER
    allow_twins: bool = False

    def __post_init__(self) -> None:
        shares = (self.train, self.validation, self.test)
        if not all(isfinite(share) and share >= 0 for share in shares) or self.train == 0:
            raise ValueError(f"not fractions: {shares}")
        whole = sum(shares)
        for part, share in zip(PARTS, shares, strict=True):
            # Rounded, and kept as they are when read from a record: the same plan gives the same sizes.
            object.__setattr__(self, part, round(share if abs(whole - 1) < _TOLERANCE else share / whole, 6))

    def as_dict(self) -> dict[str, Any]:
        """The fields, ready for JSON."""
        shares = {part: getattr(self, part) for part in PARTS}
        return {**shares, "seed": self.seed, "alike": self.alike, "allow_twins": self.allow_twins}


@dataclass(frozen=True, slots=True)
class Split:
    """Row indices of each split.

    kept_together: groups of near-duplicates; grouped: the texts in them. twins: whether near-duplicates are in several
    splits, because nearly all texts are; an exam with them measures nothing.
    """

    parts: Mapping[str, NDArray[np.int64]]
    kept_together: int
    grouped: int
    notices: tuple[ReadingNotice, ...]
    twins: bool = False

    @property
    def counts(self) -> dict[str, int]:
        """Texts in each part."""
        return {part: len(indices) for part, indices in self.parts.items()}


def split(texts: Sequence[str], plan: SplitPlan, *, style: bool = False) -> Split:
    """Assign texts to the three splits.

    The order of assignment is a hash of the seed and each text, not its row: sorting the file, or adding rows to it,
    leaves most other texts in their splits. Every split gets a text. Rows of one text are never separated. style:
    whether the texts are for a style, which decides how many an exam needs. Raises TooFewRows.
    """
    grouping = _grouping(tuple(texts), plan.seed, plan.alike)
    twins = len(grouping.sizes) < FEWEST
    if twins and (grouping.distinct < FEWEST or not plan.allow_twins):
        raise TooFewRows(grouping.distinct, FEWEST, groups=len(grouping.sizes))
    if twins:
        grouping = _grouping(tuple(texts), plan.seed, _NOTHING_TOGETHER)
    sizes = _sizes(len(texts), plan)
    place = _assigned(grouping.sizes.tolist(), sizes)[grouping.rank]
    parts = {part: np.flatnonzero(place == index) for index, part in enumerate(PARTS)}
    together = grouping.sizes[grouping.sizes > 1]
    notices = _notices(
        {part: len(indices) for part, indices in parts.items()},
        sizes,
        complete=grouping.complete or not grouping.missed,
        style=style,
        twins=twins or grouping.missed >= _MANY_MISSED,
    )
    return Split(parts, len(together), int(together.sum()), notices, twins or grouping.missed >= _MANY_MISSED)


@dataclass(frozen=True, slots=True)
class _Grouping:
    """Groups of rows in the order of their assignment: the largest first, then by the hash of the seed and their texts.

    rank: int64[rows], the place of each row's group in that order. sizes: int64[groups], rows. distinct: texts.
    """

    rank: NDArray[np.int64]
    sizes: NDArray[np.int64]
    distinct: int
    complete: bool
    missed: float


@lru_cache(maxsize=4)  # a slider of the shares asks for the same groups again and again
def _grouping(texts: tuple[str, ...], seed: int, alike: float) -> _Grouping:
    distinct = {text: index for index, text in enumerate(dict.fromkeys(texts))}
    clusters = cluster(tuple(distinct), alike=alike, contained=alike) if alike <= 1 else None
    group = clusters.group if clusters is not None else np.arange(len(distinct))
    names, of_text = np.unique(group, return_inverse=True)
    of_row = of_text[np.fromiter((distinct[text] for text in texts), dtype=np.int64, count=len(texts))]
    sizes = np.bincount(of_row, minlength=len(names))
    lowest = [b"\xff" * 17] * len(names)
    for name, text in zip(of_text.tolist(), distinct, strict=True):
        lowest[name] = min(lowest[name], _key(seed, text))
    order = sorted(range(len(names)), key=lambda name: (-sizes[name], lowest[name]))
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    complete, missed = (True, 0.0) if clusters is None else (clusters.complete, clusters.missed)
    return _Grouping(rank[of_row], sizes[order], len(distinct), complete, missed)


def _assigned(groups: Sequence[int], sizes: Mapping[str, int]) -> NDArray[np.int64]:
    """The part of each group: the one that lacks most texts; an empty one where no more groups are left than those."""
    lacking = [sizes[part] for part in PARTS]
    empty = set(range(len(PARTS)))
    result: list[int] = []
    left = len(groups)
    for size in groups:
        choice = max(sorted(empty), key=lacking.__getitem__) if len(empty) >= left else lacking.index(max(lacking))
        lacking[choice] -= size
        empty.discard(choice)
        result.append(choice)
        left -= 1
    return np.array(result, dtype=np.int64)


def count_groups(texts: Sequence[str], alike: float = TOGETHER) -> int:
    """How many groups of near-duplicates there are among the texts, single texts included.

    >>> count_groups(["El río creció.", "el río creció", "Sube el pan."])
    2
    """
    distinct = list(dict.fromkeys(texts))
    return len(np.unique(cluster(distinct, alike=alike, contained=alike).group))


def _key(seed: int, text: str) -> bytes:
    return hashlib.blake2b(f"{seed}\n{text}".encode(), digest_size=16).digest()


def _sizes(count: int, plan: SplitPlan) -> dict[str, int]:
    test = max(1, round(count * plan.test))
    validation = max(1, round(count * plan.validation))
    return {"train": max(1, count - test - validation), "validation": validation, "test": test}


def _notices(
    counts: Mapping[str, int], sizes: Mapping[str, int], *, complete: bool, style: bool, twins: bool
) -> tuple[ReadingNotice, ...]:
    notices: list[ReadingNotice] = []
    if twins:
        sentence = _(
            "Casi todos tus textos se parecen muchísimo: en el examen va a haber gemelos de lo estudiado. Sirve para "
            "ver cómo es el camino, pero la nota no va a decir nada."
        )
        notices.append(ReadingNotice("twins", sentence))
    if few := few_texts(counts["test"], style=style):
        notices.append(ReadingNotice("few-test", few))
    if counts["train"] < ENOUGH_TO_LEARN:
        phrase = ngettext("Con {n} texto para estudiar", "Con {n} textos para estudiar", counts["train"])
        sentence = _("{phrase} el modelo va a aprender poco. Sirve para ver cómo es el camino.")
        notices.append(ReadingNotice("few-train", sentence.format(phrase=phrase.format(n=number(counts["train"])))))
    total = sum(counts.values())
    if any(abs(counts[part] - sizes[part]) > max(1, 0.02 * total) for part in PARTS):
        sentence = _("El reparto no quedó justo como lo pediste: hay muchos textos casi iguales que van juntos.")
        notices.append(ReadingNotice("uneven", sentence))
    if not complete:
        sentence = _("Hay muchísimos textos muy parecidos: comparé los más cercanos, no todos con todos.")
        notices.append(ReadingNotice("not-all-compared", sentence))
    return tuple(notices)
