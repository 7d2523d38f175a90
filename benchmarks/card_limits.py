"""Cards that a graphics card is not: with less memory, without bfloat16."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import torch

from benchmarks.card_runs import tidy
from poetas.training import hardware_plan, load_for_training, memory_check, train

GB = 10**9


@contextmanager
def as_on(card: torch.device, memory: float, *, native: bool) -> Iterator[None]:
    """Until the end of the block, the card has no more memory than that, and says whether it multiplies bfloat16.

    A processor says both as well, and more than that is asked of it where it imitates what it does not multiply.
    """
    real = hardware_plan.detect_hardware

    def detected(device: torch.device) -> Any:
        chip = real(device)
        if chip.kind == "cuda":
            return replace(chip, native=chip.native and native)
        return replace(chip, native=native, memory=int(memory))

    with (
        patch.object(load_for_training, "detect_hardware", detected),
        patch.object(memory_check, "detect_hardware", detected),
    ):
        if card.type == "cpu":
            free = int(memory)
            with patch.object(train, "free_memory", lambda _device: free) if memory < GB else patch.dict("os.environ"):
                yield
            return
        tidy()
        torch.cuda.set_per_process_memory_fraction(_share_of(memory, card), card)
        try:
            yield
        finally:
            torch.cuda.set_per_process_memory_fraction(1.0, card)


def _share_of(bytes_wanted: float, device: torch.device) -> float:
    """The share of a card that so many bytes are."""
    return min(1.0, bytes_wanted / torch.cuda.get_device_properties(device).total_memory)
