"""Seeded train/validation/test split: texts in, row indices of each split out; near-duplicates are never separated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from poetas.data.dataset_schema import PARTS
from poetas.data.formats.base import ReadingNotice
from poetas.data.pipeline.near_duplicates import TOGETHER, groups, near_pairs
from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.exam_size import few_texts
from poetas.i18n import _, ngettext, number

FEWEST = 3
ENOUGH_TO_LEARN = 60
SEED = 7
_TOLERANCE = 1e-5


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Parameters of a split: fractions of the texts (normalised to sum 1) and the seed.

    alike: texts at least this similar stay in one split. allow_twins: whether they may be separated where nearly all
    texts are so similar that there would be no split. Raises ValueError for impossible fractions.

    >>> SplitPlan(8, 1, 1).train
    0.8
    """

    train: float = 0.65
    validation: float = 0.10
    test: float = 0.25
    seed: int = SEED
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
    distinct = list(dict.fromkeys(texts))
    pairs = near_pairs(distinct, alike=plan.alike, contained=plan.alike)
    linked = groups(len(distinct), pairs).tolist()
    twins = len(set(linked)) < FEWEST
    if twins and (len(distinct) < FEWEST or not plan.allow_twins):
        raise TooFewRows(len(distinct), FEWEST, groups=len(set(linked)))
    group_of = dict(zip(distinct, range(len(distinct)) if twins else linked, strict=True))
    members: dict[int, list[int]] = {}
    for index, text in enumerate(texts):
        members.setdefault(group_of[text], []).append(index)
    sizes = _sizes(len(texts), plan)
    assigned: dict[str, list[int]] = {part: [] for part in PARTS}
    keys = {group: min(_key(plan.seed, texts[index]) for index in indices) for group, indices in members.items()}
    order = sorted(members, key=lambda group: (-len(members[group]), keys[group]))
    for done, group in enumerate(order):
        assigned[_part_for(assigned, sizes, groups_left=len(order) - done)].extend(members[group])
    together = [indices for indices in members.values() if len(indices) > 1]
    parts = {part: np.array(sorted(indices), dtype=np.int64) for part, indices in assigned.items()}
    grouped = sum(map(len, together))
    notices = _notices(
        {part: len(indices) for part, indices in parts.items()},
        sizes,
        complete=pairs.complete,
        style=style,
        twins=twins,
    )
    return Split(parts, len(together), grouped, notices, twins)


def count_groups(texts: Sequence[str], alike: float = TOGETHER) -> int:
    """How many groups of near-duplicates there are among the texts, single texts included.

    >>> count_groups(["El río creció.", "el río creció", "Sube el pan."])
    2
    """
    distinct = list(dict.fromkeys(texts))
    return len(set(groups(len(distinct), near_pairs(distinct, alike=alike, contained=alike)).tolist()))


def _key(seed: int, text: str) -> bytes:
    return hashlib.blake2b(f"{seed}\n{text}".encode(), digest_size=16).digest()


def _sizes(count: int, plan: SplitPlan) -> dict[str, int]:
    test = max(1, round(count * plan.test))
    validation = max(1, round(count * plan.validation))
    return {"train": max(1, count - test - validation), "validation": validation, "test": test}


def _part_for(assigned: Mapping[str, Sequence[int]], sizes: Mapping[str, int], *, groups_left: int) -> str:
    """The split that lacks most texts; an empty one where only as many groups are left as empty splits."""
    empty = [part for part in PARTS if not assigned[part]]
    choice = empty if len(empty) >= groups_left else PARTS
    return max(choice, key=lambda part: sizes[part] - len(assigned[part]))


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
