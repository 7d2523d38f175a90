"""Limits of the benchmark figures: the largest or smallest value that each may have."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from benchmarks.figure import Figure


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most``, at least ``least``: of the ratio where there is a peer, else of our own figure, in its unit.

    >>> Limit(1.5).kept(Figure("page:x", 3.0, 2.0, "seconds", {})), Limit(250).kept(Figure("mb", 251.0, None, "MB", {}))
    (True, False)
    >>> str(Limit(1.5)), str(Limit(least=40))
    ('at most 1.5', 'at least 40')
    """

    most: float = inf
    least: float = -inf

    def __str__(self) -> str:
        """Say it in words."""
        if self.least == -inf:
            return "said, not promised" if self.most == inf else f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.most == inf else f"from {self.least:g} to {self.most:g}"

    def kept(self, figure: Figure) -> bool:
        """Tell whether a figure is within it; what is no number is not."""
        value = figure.ours if figure.ratio is None else figure.ratio
        return self.least <= value <= self.most


# Keyed by the whole name, or by its part before the colon. docs/house.md lists the same figures under "promised".
LIMITS = {
    "page": Limit(1.3),
    "overhead": Limit(1.02),
    "kernel_mb": Limit(170.0),
    "alike": Limit(3.0),
    "split_slider": Limit(0.3),
    "health:seconds": Limit(30.0),
    "health:mb": Limit(500.0),
    "health:repair_mb": Limit(500.0),
    "generation:speed": Limit(least=4.5),  # times the tokens a second of generate in float32
    "generation:speed_bf16": Limit(least=1.8),
    "generation:agreement": Limit(least=0.98),
    "generation:first_token": Limit(0.7),
    "generation:bars": Limit(100.0),
    "generation:bandwidth_fraction": Limit(least=0.0),  # how far it is from what the memory allows: said, not promised
    "gpu:card": Limit(),
    "gpu:seconds": Limit(360.0),
    "gpu:losses_float32": Limit(1e-3),
    "gpu:losses_bfloat16": Limit(0.02),
    "gpu:resume": Limit(1e-4),
    "gpu:events": Limit(least=1),
    "gpu:texts": Limit(least=1),
    "gpu:stream": Limit(least=1),
    "gpu:probabilities": Limit(1e-4),
    "gpu:speed:usual": Limit(least=1.5),
    "gpu:memory:usual": Limit(0.5),
    "gpu:peak_fraction": Limit(least=0.0),
    "gpu:loss:plain": Limit(1.05),
    "gpu:loss:torch": Limit(),
    "gpu:promised_seconds": Limit(1.25, 0.75),
    "gpu:promised_memory": Limit(1.2, 0.8),
    "gpu:no_bfloat16": Limit(least=1),
    "gpu:15_gb": Limit(least=1),
    "gpu:6_gb": Limit(least=1),
    "gpu:out_of_memory": Limit(least=1),
    "gpu:two_processes": Limit(1e-3),
    "gpu:card_lost": Limit(least=1),
    "demo:seconds": Limit(300.0),  # on 2 cores with bf16, as the memory
    "demo:peak_mb": Limit(1900.0),
    "demo:texts": Limit(least=40),
    "demo:rouge1_low": Limit(least=0.1),  # zero is not in the interval, not even rounded to what is shown of it
}


def limit_of(name: str) -> Limit:
    """Return the limit of a figure by its name; raises KeyError where it has none."""
    return LIMITS[name] if name in LIMITS else LIMITS[name.partition(":")[0]]
