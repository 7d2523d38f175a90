"""Gain of a class from the questionnaire before an app to the one after it: whole, by concept, by item.

A questionnaire that was handed in has a row of each of its items, also of those left blank, which are not right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from poetas.course.class_result_types import Gain, Share
from poetas.evaluation.bootstrap import mean_interval
from poetas.evaluation.proportion_intervals import difference, paired_difference

Answers = Mapping[str, Any]


def whole_gain(both: Sequence[tuple[Answers, Answers]], size: int) -> Gain:
    """Compare the right answers of each person."""
    before, after = ([sum(row["right"] for row in pair[side].values()) for pair in both] for side in (0, 1))
    interval = None
    if both and size:
        interval = mean_interval([(last - first) / size for first, last in zip(before, after, strict=True)])
    return Gain("", Share(sum(before), size * len(both)), Share(sum(after), size * len(both)), interval)


def concept_gain(both: Sequence[tuple[Answers, Answers]], concept: str) -> Gain:
    """Compare the answers about a concept of those who were asked about it both times."""
    pairs = []
    for sittings in both:
        rights = [[row["right"] for row in sitting.values() if row["concept"] == concept] for sitting in sittings]
        if all(rights):
            pairs.append((rights[0][0], rights[1][0]))
    before, after = [first for first, _last in pairs], [last for _first, last in pairs]
    return Gain(concept, Share.of(before), Share.of(after), paired_difference(before, after) if pairs else None)


def item_gain(sittings: Sequence[tuple[Answers | None, Answers | None]], item: str) -> Gain:
    """Compare those who were asked an item before with those who were asked it after: they are different persons."""
    before, after = (
        [pair[side][item]["right"] for pair in sittings if (pair[side] or {}).get(item) is not None]  # type: ignore[index]
        for side in (0, 1)
    )
    return Gain(item, Share.of(before), Share.of(after), difference(before, after) if before and after else None)
