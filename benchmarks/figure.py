"""One measured figure, as it is printed and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of ours beside a peer's, both measured in the same run.

    ours, peer: in ``unit``; peer is None where there is nothing to compare with. runs: every single measurement.
    """

    name: str
    ours: float
    peer: float | None
    unit: str
    runs: dict[str, list[float]]

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's."""
        return None if self.peer is None else self.ours / self.peer

    def as_dict(self) -> dict[str, Any]:
        """Return the figure as it is written to JSON."""
        told = asdict(self)
        return {**told, "ours": round(self.ours, 4), "peer": self.peer and round(self.peer, 4), "ratio": self.ratio}

    def line(self) -> str:
        """Return the figure as one line."""
        peer = "–" if self.peer is None else f"{self.peer:.3f}"
        ratio = "–" if self.ratio is None else f"{self.ratio:.3f}"
        return f"{self.name:24} {self.ours:10.3f} {peer:>10} {ratio:>8}  {self.unit}"


def paired(name: str, ours: Sequence[float], peer: Sequence[float], unit: str) -> Figure:
    """Return the medians of measurements that were taken in turn, ours first."""
    return Figure(name, median(ours), median(peer), unit, {"ours": list(ours), "peer": list(peer)})
