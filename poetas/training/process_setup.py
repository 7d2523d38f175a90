"""Environment of a training process, set before torch is loaded, and its resident memory.

Seen with gemma3-270m on a CPU: oneDNN compiles some 35 small programs for every shape of batch, 30 MB in all, and
keeps 1,024 of them, so that texts of 20 different lengths took 0.7 GB that no tensor held. Batches padded to a
multiple of 16 and the limit below keep that under 0.2 GB and cost no measurable time.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from poetas.environment import peak_rss_mb

KEPT_PROGRAMS = 192


def prepare_process(threads: int = 0) -> None:
    """Set what torch and its libraries read from the environment when loaded. threads: 0 = their own choice."""
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", str(KEPT_PROGRAMS))
    os.environ.setdefault("GOMP_SPINCOUNT", "3000")  # as in generation: an idle thread does not burn a shared core
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("ACCELERATE_DISABLE_RICH", "1")
    if threads:
        os.environ["OMP_NUM_THREADS"] = str(threads)


class PeakMemory:
    """The highest resident memory of this process since the last `restart`, in bytes.

    Where the system cannot restart the count (all but Linux), the highest since the process began.

    >>> PeakMemory().bytes > 1_000_000
    True
    """

    def __init__(self, *, restart: bool = True) -> None:
        if restart:
            self.restart()

    def restart(self) -> None:
        """Reset the peak to what is resident now."""
        if sys.platform == "linux":
            with suppress(OSError):  # a container that hides it
                Path("/proc/self/clear_refs").write_text("5", "ascii")

    @property
    def bytes(self) -> int:
        """The peak so far."""
        return int(peak_rss_mb() * 1e6)


def resident_bytes() -> int:
    """Resident memory of this process now, in bytes."""
    return int(psutil.Process().memory_info().rss)
