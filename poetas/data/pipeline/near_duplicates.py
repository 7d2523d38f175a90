"""Near-duplicate detection: texts in; groups of similar ones, and repeated ones, out. Linear in the number of texts.

`text_similarity` says when two texts are similar, `text_linking` which pairs are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from poetas.data.pipeline.text_linking import ALL_PAIRS, Clusters, Linking
from poetas.data.pipeline.text_similarity import ComparableTexts, Positions, comparable
from poetas.i18n import _
from poetas.util.work_progress import report

__all__ = ["ALL_PAIRS", "SHORT", "TOGETHER", "Clusters", "cluster", "repeated"]

TOGETHER = 0.9  # two texts at least this similar must be in the same split
SHORT = 60  # characters: two verses that differ in one word are different texts
_MASS = 64  # texts of a group that are compared all with all to find the repeated ones
_PER_TEXT = 60  # comparisons for each text of a larger group, on average; what is left then is kept
_BLOCK = 1_000
_NEVER = 2.0  # a containment that no pair has


def cluster(texts: Sequence[str], *, alike: float = TOGETHER, contained: float = TOGETHER) -> Clusters:
    """Group the texts with at least this similarity or containment, also through others.

    >>> cluster(["El río creció anoche.", "El pan sube.", "el río creció, anoche"]).group.tolist()
    [0, 1, 0]
    """
    return _cluster(tuple(texts), alike, contained)


@lru_cache(maxsize=1)  # a page splits the same texts again with each move of a slider
def _cluster(texts: tuple[str, ...], alike: float, contained: float) -> Clusters:
    return Linking(comparable(texts), alike, contained).run()


def repeated(texts: Sequence[str], alike: float) -> list[int]:
    """Indices to drop so that no two remaining texts are that similar; of two, the earlier is kept.

    Of texts shorter than `SHORT` only those with the same letters are repeated.

    >>> repeated(["El río creció anoche.", "El pan sube.", "el río creció, anoche"], 0.95)
    [2]
    """
    groups = cluster(texts, alike=min(alike, TOGETHER)).group
    ready = comparable(texts)
    seen: set[str] = set()
    dropped: set[int] = set()
    long: dict[int, list[int]] = {}
    for index, bare in enumerate(ready.bare):
        if bare in seen:
            dropped.add(index)
        elif len(texts[index]) >= SHORT:
            long.setdefault(int(groups[index]), []).append(index)
        seen.add(bare)
    small = [rows for rows in long.values() if 1 < len(rows) <= _MASS]
    pairs = [(row, other) for rows in small for place, other in enumerate(rows) for row in rows[:place]]
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    same, _inside = ready.compare(first, second, alike, _NEVER)
    earlier: dict[int, list[int]] = {}
    for row, other in zip(first[same >= alike].tolist(), second[same >= alike].tolist(), strict=True):
        earlier.setdefault(other, []).append(row)
    for row, similar in sorted(earlier.items()):
        if any(previous not in dropped for previous in similar):
            dropped.add(row)
    for rows in long.values():
        if len(rows) > _MASS:
            dropped.update(_repeated_in_mass(ready, np.array(rows), alike))
    return sorted(dropped)


def _repeated_in_mass(ready: ComparableTexts, rows: Positions, alike: float) -> list[int]:
    """The repeated texts of a large group: each is compared with the kept ones, those like most others first."""
    kept: dict[int, int] = {}  # and how many are like it
    dropped: list[int] = []
    budget = _PER_TEXT * len(rows)

    def remaining(rest: Positions, row: int) -> Positions:
        nonlocal budget
        budget -= len(rest)
        same, _inside = ready.compare(np.full(len(rest), row), rest, alike, _NEVER)
        like = same >= alike
        dropped.extend(rest[like].tolist())
        kept[row] = kept.get(row, 0) + int(like.sum())
        return rest[~like]

    for start in range(0, len(rows), _BLOCK):
        report(_("Busco textos casi iguales"), start / len(rows))
        rest = rows[start : start + _BLOCK]
        for row in sorted(kept, key=lambda kept_row: -kept[kept_row]):
            if len(rest) and budget > 0:
                rest = remaining(rest, row)
        while len(rest) and budget > 0:
            rest = remaining(rest[1:], int(rest[0]))
    return dropped
