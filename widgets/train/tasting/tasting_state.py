"""State of a tasting: a saved one in, validated rows, votes and marks out; and each text's versions, shuffled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from poetas.evaluation.tasting_rubric import Marks, valid_marks
from poetas.evaluation.unlabelled_versions import BASE, REFERENCE, TUNED, Version, same_length, shuffled

_Row = TypeVar("_Row")
NO_FAVOURITE = -1
WRITTEN = (BASE, TUNED)  # versions that models write


@dataclass(frozen=True, slots=True)
class TastingState:
    """What was kept of a tasting. rows, votes, marks: as in `BlindTasting`. round: another order for each."""

    rows: list[dict[str, str]] = field(default_factory=list)
    votes: list[int] = field(default_factory=list)
    marks: list[list[Marks]] = field(default_factory=list)
    round: int = 0

    @classmethod
    def read(cls, kept: Mapping[str, Any], training: str, *, style: bool) -> TastingState:
        """Return the state that a page kept, without what is damaged.

        >>> TastingState.read({"rows": [{"text": "a"}, 3], "votes": [0]}, "", style=False).votes  # nothing is written
        []
        """
        rows, votes, marks, number = (kept.get(key) for key in ("rows", "votes", "marks", "round"))
        known = [row for row in rows if isinstance(row, dict) and "text" in row] if isinstance(rows, list) else []
        number = number if isinstance(number, int) else 0
        versions = versions_of(known, f"{training} {number}", style=style)
        votes = votes if isinstance(votes, list) and not left_of(known) else []
        marks = marks if isinstance(marks, list) else []
        judged = list(zip(votes, versions, strict=False))
        return cls(
            known,
            [vote if isinstance(vote, int) and 0 <= vote < len(shown) else NO_FAVOURITE for vote, shown in judged],
            [
                marks_of(marks[index] if index < len(marks) else [], len(shown), style=style)
                for index, (_vote, shown) in enumerate(judged)
            ],
            number,
        )


def left_of(rows: Sequence[Mapping[str, str]]) -> list[tuple[int, str]]:
    """Return the versions that no model has written yet: (index of the text, writer)."""
    return [(index, who) for index, row in enumerate(rows) for who in WRITTEN if who not in row]


def versions_of(rows: Sequence[Mapping[str, str]], seed: str, *, style: bool) -> list[tuple[Version, ...]]:
    """Return each text's versions, shuffled; those of verse are equally long."""
    shown = []
    for index, row in enumerate(rows):
        versions = {who: str(row.get(who, "")) for who in (REFERENCE, *WRITTEN)}
        shown.append(shuffled(same_length(versions) if style else versions, f"{seed} {index}"))
    return shown


def marks_of(marks: Any, places: int, *, style: bool) -> list[Marks]:
    """Return the valid marks of each place, {} where it has none."""
    given = marks if isinstance(marks, list) else []
    return [valid_marks(given[place] if place < len(given) else {}, style=style) for place in range(places)]


def unseen_first(rows: Sequence[_Row], count: int) -> list[_Row]:
    """Return ``count`` rows of the validation part: its first ones, which other steps show, only where it is small.

    >>> unseen_first(["a", "b", "c", "d"], 2), unseen_first(["a", "b", "c"], 2), unseen_first(["a"], 2)
    (['c', 'd'], ['c', 'a'], ['a'])
    """
    return [*rows[count:], *rows][: min(count, len(rows))]
