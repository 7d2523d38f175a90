"""One measured figure, as it is printed and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import exp, isfinite, log, sqrt
from statistics import mean, median, stdev
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of ours beside a peer's, both measured in the same run.

    ours, peer: in ``unit``; peer is None where there is nothing to compare with. runs: every single measurement.
    notes: 95% intervals, by what they are of.
    """

    name: str
    ours: float
    peer: float | None
    unit: str
    runs: dict[str, list[float]]
    notes: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's."""
        return None if self.peer is None else self.ours / self.peer

    def as_dict(self) -> dict[str, Any]:
        """Return the figure as it is written to JSON, which knows no infinity: what was not measured is null."""
        values = {"ours": self.ours, "peer": self.peer, "ratio": self.ratio}
        kept = {key: value for key, value in values.items() if value is not None and isfinite(value)}
        written = {key: kept[key] if key == "ratio" else round(kept[key], 4) for key in kept}
        return {"name": self.name, **dict.fromkeys(values), **written, "unit": self.unit}

    def line(self) -> str:
        """Return the figure as one line."""
        peer = "–" if self.peer is None else f"{self.peer:.3f}"
        ratio = "–" if self.ratio is None else f"{self.ratio:.3f}"
        return f"{self.name:24} {self.ours:10.3f} {peer:>10} {ratio:>8}  {self.unit:14}"

    def spread(self) -> str:
        """Return how far the single measurements lie apart, a line for each kind."""
        lines = (
            f"  {name}: n={len(runs)}, from {min(runs):.3f} to {max(runs):.3f}" for name, runs in self.runs.items()
        )
        sure = (f"  {name}: between {low:.3f} and {high:.3f} (95 %)" for name, (low, high) in self.notes.items())
        return "\n".join((*lines, *sure))


def paired(name: str, ours: Sequence[float], peer: Sequence[float], unit: str) -> Figure:
    """Return the medians of measurements that were taken in turn, ours first."""
    return Figure(name, median(ours), median(peer), unit, {"ours": list(ours), "peer": list(peer)})


def spread_of_ratio(ours: Sequence[float], peer: Sequence[float]) -> tuple[float, float]:
    """Return the 95% interval of ours / peer from alternating measurements, at least two pairs.

    >>> [round(end, 3) for end in spread_of_ratio([2.0, 4.0], [1.0, 2.0])]
    [2.0, 2.0]
    >>> low, high = spread_of_ratio([1.0, 1.1, 0.9], [1.0, 1.0, 1.0]); low < 1 < high
    True
    """
    logarithms = [log(our / their) for our, their in zip(ours, peer, strict=True)]
    centre, margin = mean(logarithms), 2 * stdev(logarithms) / sqrt(len(logarithms))
    return exp(centre - margin), exp(centre + margin)
