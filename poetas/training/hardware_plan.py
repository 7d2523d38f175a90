"""Hardware plan of a run: mixed precision and number of processes, by rules that tests try without a GPU.

The hardware is detected in `generation.device`; the rules that follow from it are here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Literal

import torch

from poetas.environment import cores
from poetas.generation.device import choose_device, free_memory, native_bfloat16, thread_limit
from poetas.training.config import AT_ONCE, TrainingConfig, parts_of

Bits = Literal["bfloat16", "float32"]
AGREED = "POETAS_CARD_MEMORY"  # bytes of a graphics card for each process of a run, as the first one counted them


@dataclass(frozen=True, slots=True)
class Hardware:
    """What a rule looks at. kind: "cuda", "mps", "cpu". native: multiplies bfloat16 in hardware. memory: bytes free."""

    kind: str
    native: bool
    memory: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Precision:
    """weights: how the frozen model is held. autocast: how products are computed, None as the weights are."""

    weights: Bits
    autocast: Bits | None
    why: str

    @property
    def dtype(self) -> torch.dtype:
        """The weights' type."""
        return torch.bfloat16 if self.weights == "bfloat16" else torch.float32


# Compute capability of NVIDIA's chips from which bfloat16 is multiplied in hardware: Ampere (A100, RTX 30, L4, H100).
# Before it: T4 7.5, V100 7.0, P100 6.0. They have fast float16, which overflows in Gemma and T5 and is never used here.
AMPERE = (8, 0)


def native_on_cuda(capability: tuple[int, int]) -> bool:
    """Tell whether an NVIDIA chip of that compute capability multiplies bfloat16 in hardware.

    >>> native_on_cuda((7, 5)), native_on_cuda((8, 9))
    (False, True)
    """
    return capability >= AMPERE


def choose_precision(chip: Hardware, weights: int, asked: str = "") -> Precision:
    """Choose how to hold a model whose weights take ``weights`` bytes in bfloat16. The adapter is always float32.

    asked: "bfloat16", "float32", or "" to choose. Never float16.

    >>> choose_precision(Hardware("cuda", native=False, memory=15 * 10**9, name="Tesla T4"), 536_000_000).weights
    'float32'
    >>> choose_precision(Hardware("cpu", native=True, memory=2 * 10**9), 536_000_000).weights
    'bfloat16'
    """
    if asked == "float32":
        return Precision("float32", None, "asked for")
    if asked == "bfloat16":
        return Precision("bfloat16", "bfloat16", "asked for")
    if chip.native:
        return Precision("bfloat16", "bfloat16", "the chip multiplies bfloat16")
    if 2 * weights > chip.memory // 2:
        return Precision("bfloat16", "bfloat16", "memory is short: slow, but it fits")
    return Precision("float32", None, "the chip does not multiply bfloat16, and float16 overflows")


@dataclass(frozen=True, slots=True)
class HardwarePlan:
    """How a batch is shared among processes.

    processes: that train together. micro: texts at once in each. accumulate: parts that a batch is seen in. threads:
    of each process, for its matrix products.
    """

    processes: int
    micro: int
    accumulate: int
    threads: int

    @property
    def batch(self) -> int:
        """Texts behind one step: the product of the three."""
        return self.processes * self.micro * self.accumulate


def plan(config: TrainingConfig, *, gpus: int = 0, workers: int = 0, at_once: int = AT_ONCE) -> HardwarePlan:
    """Share a batch among processes: a step of one process is the batch that was asked for, of several nearly so.

    gpus: GPUs of this machine, one process each. workers: physical cores (0 = ask, and keep to ``OMP_NUM_THREADS``).
    at_once: tokens that a process sees at once. More processes than texts in a batch would idle: there are at most as
    many.

    >>> plan(TrainingConfig(batch_size=8), gpus=2, workers=8)
    HardwarePlan(processes=2, micro=2, accumulate=2, threads=4)
    >>> plan(TrainingConfig(batch_size=1), gpus=4, workers=2).processes
    1
    """
    limit = workers or thread_limit()
    workers = workers or cores()
    processes = max(1, min(config.processes or max(1, gpus), config.batch_size))
    share = max(1, round(config.batch_size / processes))
    parts = parts_of(share, config, at_once)
    return HardwarePlan(processes, share // parts, parts, max(1, min(workers // processes, limit)))


def detect_hardware(device: torch.device) -> Hardware:
    """Describe the device that is here."""
    if device.type == "cuda":
        native = native_on_cuda(torch.cuda.get_device_capability(device))
        memory = agreed_memory() or free_memory(device)
        return Hardware("cuda", native, memory, torch.cuda.get_device_name(device))
    return Hardware(device.type, native_bfloat16(device), free_memory(device))


def agreed_memory() -> int:
    """Bytes of a graphics card that each process of a run may take; 0 where nothing was agreed on.

    What is free changes while the others load: each by itself would cut a batch into other parts, and wait forever.
    """
    given = os.environ.get(AGREED, "")
    return int(given) if given.isdigit() else 0


def memory_for_each(processes: int, cards: int) -> int:
    """Bytes of a graphics card for each of so many processes, counted before they start; 0 where there is no card."""
    if not cards:
        return 0
    return free_memory(choose_device()) // -(-processes // cards)


def gpu_count() -> int:
    """How many GPUs can train together."""
    return torch.cuda.device_count() if choose_device().type == "cuda" else 0


__all__ = [
    "Hardware",
    "HardwarePlan",
    "Precision",
    "agreed_memory",
    "choose_device",
    "choose_precision",
    "detect_hardware",
    "gpu_count",
    "memory_for_each",
    "native_on_cuda",
    "plan",
]
