"""Measured cost of each system of an evaluation: seconds in all, seconds a text, and peak memory while it wrote."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from poetas.training.process_setup import PeakMemory
from poetas.util.heap_trim import give_back_heap


@dataclass(slots=True)
class CostMeter:
    """What the systems took in this process.

    seconds: of each system, text by text and all. per_text: seconds a text, of those that were written now (an
    evaluation that goes on after a stop finds some written already). memory_mb: peak resident memory, or that of the
    GPU where the model is on one. highest_rss_mb: peak resident memory of the process, of before as well.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    per_text: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    highest_rss_mb: float = 0.0
    _peak: PeakMemory = field(default_factory=lambda: PeakMemory(restart=False))

    @contextmanager
    def measure(self, system: str, texts: int, *, device: str = "cpu") -> Iterator[None]:
        """Measure what is done inside. texts: how many are written there.

        >>> meter = CostMeter()
        >>> with meter.measure("lead1", 4): pass
        >>> sorted(meter.as_dict()), meter.memory_mb["lead1"] > 1
        (['highest_rss_mb', 'memory_mb', 'per_text', 'phases'], True)
        """
        self.highest_rss_mb = max(self.highest_rss_mb, self._peak.bytes / 1e6)
        _restart(self._peak, device)
        begun = time.perf_counter()
        yield
        spent = time.perf_counter() - begun
        self.highest_rss_mb = max(self.highest_rss_mb, self._peak.bytes / 1e6)
        self.seconds[system] = round(spent, 1)
        self.memory_mb[system] = round(_peak_bytes(self._peak, device) / 1e6, 1)
        if texts:
            self.per_text[system] = round(spent / texts, 4)

    def as_dict(self) -> dict[str, Any]:
        """Return the fields of an evaluation's result."""
        return {
            "phases": self.seconds,
            "per_text": self.per_text,
            "memory_mb": self.memory_mb,
            "highest_rss_mb": self.highest_rss_mb,
        }


def _restart(peak: PeakMemory, device: str) -> None:
    give_back_heap()  # what another system freed is no cost of this one
    peak.restart()
    if device == "cuda":
        import torch  # noqa: PLC0415 - only where a model was loaded on a GPU

        torch.cuda.reset_peak_memory_stats()


def _peak_bytes(peak: PeakMemory, device: str) -> int:
    if device == "cuda":
        import torch  # noqa: PLC0415

        return int(torch.cuda.max_memory_allocated())
    return peak.bytes
