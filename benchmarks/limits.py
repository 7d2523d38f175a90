"""What is promised of each figure: the most that it may be."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.figure import Figure


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most``: of the ratio where there is a peer, else of our own figure, in its unit.

    >>> Limit(1.5).kept(Figure("page:x", 3.0, 2.0, "seconds", {})), Limit(250).kept(Figure("mb", 251.0, None, "MB", {}))
    (True, False)
    """

    most: float

    def kept(self, figure: Figure) -> bool:
        """Tell whether a figure is within it; what is no number is not."""
        value = figure.ours if figure.ratio is None else figure.ratio
        return value <= self.most


# By the name before the colon. The same figures stand in docs/house.md, under "at most".
LIMITS = {"page": Limit(1.5), "overhead": Limit(1.02), "kernel_mb": Limit(250.0)}


def limit_of(name: str) -> Limit:
    """Return the limit of a figure by its name; raises KeyError where nothing is promised of it."""
    return LIMITS[name.partition(":")[0]]
