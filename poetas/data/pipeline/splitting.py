"""Which texts to study from, which for rehearsal, which for the exam: near-identical ones always on the same side."""

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
from poetas.data.pipeline.pipeline_errors import TooFewRows
from poetas.data.pipeline.similarity import TOGETHER, groups, near_pairs
from poetas.i18n import _, ngettext, number

FEWEST = 3
ENOUGH_TO_TELL = 40  # texts in the exam: below, an interval on a difference of ROUGE rarely excludes zero
ENOUGH_TO_LEARN = 60
SEED = 7
_ONE = 1e-5


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """How to split. Fractions of the texts (they are made to sum 1); seed: another one deals the texts another way.

    alike: from what likeness on two texts stay together. Raises ValueError for fractions that cannot be.

    >>> SplitPlan(8, 1, 1).train
    0.8
    """

    train: float = 0.65
    validation: float = 0.10
    test: float = 0.25
    seed: int = SEED
    alike: float = TOGETHER

    def __post_init__(self) -> None:
        shares = (self.train, self.validation, self.test)
        if not all(isfinite(share) and share >= 0 for share in shares) or self.train == 0:
            raise ValueError(f"not fractions: {shares}")
        whole = sum(shares)
        for part, share in zip(PARTS, shares, strict=True):
            # Rounded, and left alone when they come back from a record: the same plan, the same sizes.
            object.__setattr__(self, part, round(share if abs(whole - 1) < _ONE else share / whole, 6))

    def as_dict(self) -> dict[str, Any]:
        """The fields, ready for JSON."""
        shares = {part: getattr(self, part) for part in PARTS}
        return {**shares, "seed": self.seed, "alike": self.alike}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> SplitPlan:
        """Put a plan together again. Raises ValueError, KeyError, TypeError."""
        train, validation, test = (float(value[part]) for part in PARTS)
        return cls(train, validation, test, seed=int(value["seed"]), alike=float(value["alike"]))


@dataclass(frozen=True, slots=True)
class Split:
    """Which position went where. kept_together: groups of near-identical texts; grouped: the texts in them."""

    parts: Mapping[str, NDArray[np.int64]]
    kept_together: int
    grouped: int
    notices: tuple[ReadingNotice, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Texts in each part."""
        return {part: len(places) for part, places in self.parts.items()}


def split(texts: Sequence[str], plan: SplitPlan) -> Split:
    """Deal texts to the three parts.

    The order of dealing comes from a hash of the seed and each text, not from its row: sorting the file, or adding
    rows to it, leaves the others mostly where they were. Every part gets a text. Raises TooFewRows.
    """
    pairs = near_pairs(texts, alike=plan.alike, contained=plan.alike)
    linked = groups(len(texts), pairs)
    members: dict[int, list[int]] = {}
    for place, name in enumerate(linked.tolist()):
        members.setdefault(name, []).append(place)
    if len(members) < FEWEST:
        raise TooFewRows(len(members), FEWEST)
    wanted = _sizes(len(texts), plan)
    dealt: dict[str, list[int]] = {part: [] for part in PARTS}
    keys = {name: min(_key(plan.seed, texts[place]) for place in places) for name, places in members.items()}
    order = sorted(members, key=lambda name: (-len(members[name]), keys[name]))
    for at, name in enumerate(order):
        dealt[_part_for(dealt, wanted, groups_left=len(order) - at)].extend(members[name])
    together = [places for places in members.values() if len(places) > 1]
    parts = {part: np.array(sorted(places), dtype=np.int64) for part, places in dealt.items()}
    grouped = sum(map(len, together))
    notices = _notices({part: len(places) for part, places in parts.items()}, wanted, complete=pairs.complete)
    return Split(parts, len(together), grouped, notices)


def _key(seed: int, text: str) -> bytes:
    return hashlib.blake2b(f"{seed}\n{text}".encode(), digest_size=16).digest()


def _sizes(count: int, plan: SplitPlan) -> dict[str, int]:
    test = max(1, round(count * plan.test))
    validation = max(1, round(count * plan.validation))
    return {"train": max(1, count - test - validation), "validation": validation, "test": test}


def _part_for(dealt: Mapping[str, Sequence[int]], wanted: Mapping[str, int], *, groups_left: int) -> str:
    """The part that lacks most; an empty one where there are only as many groups left as empty parts."""
    empty = [part for part in PARTS if not dealt[part]]
    choice = empty if len(empty) >= groups_left else PARTS
    return max(choice, key=lambda part: wanted[part] - len(dealt[part]))


def _notices(counts: Mapping[str, int], wanted: Mapping[str, int], *, complete: bool) -> tuple[ReadingNotice, ...]:
    notices: list[ReadingNotice] = []
    if counts["test"] < ENOUGH_TO_TELL:
        told = ngettext("Con {n} texto para el examen", "Con {n} textos para el examen", counts["test"])
        sentence = _("{told} se puede probar, pero no afirmar que el modelo mejoró: hacen falta unos {enough}.")
        filled = sentence.format(told=told.format(n=number(counts["test"])), enough=number(ENOUGH_TO_TELL))
        notices.append(ReadingNotice("few-test", filled))
    if counts["train"] < ENOUGH_TO_LEARN:
        told = ngettext("Con {n} texto para estudiar", "Con {n} textos para estudiar", counts["train"])
        sentence = _("{told} el modelo va a aprender poco. Sirve para ver cómo es el camino.")
        notices.append(ReadingNotice("few-train", sentence.format(told=told.format(n=number(counts["train"])))))
    total = sum(counts.values())
    if any(abs(counts[part] - wanted[part]) > max(1, 0.02 * total) for part in PARTS):
        sentence = _("El reparto no quedó justo como lo pediste: hay muchos textos casi iguales que van juntos.")
        notices.append(ReadingNotice("uneven", sentence))
    if not complete:
        sentence = _("Hay muchísimos textos muy parecidos: comparé los más cercanos, no todos con todos.")
        notices.append(ReadingNotice("not-all-compared", sentence))
    return tuple(notices)
