"""Device and precision of a model, chosen from the hardware that is present.

bfloat16 where the chip multiplies it natively, since it is then several times faster; float32 elsewhere, unless
memory is short. Never float16: Gemma and T5 overflow in it, and a model that fits these machines fits in float32.
"""

from __future__ import annotations

import os

import torch

from poetas.environment import cores, machine
from poetas.errors import PoetasError, explain
from poetas.generation.errors import does_not_fit

# What a process takes beside the weights, once libraries are loaded: activations, caches, a margin. Bytes.
SPARE = 350_000_000
DEVICE = "POETAS_DEVICE"


def choose_device(asked: str = "") -> torch.device:
    """Return the device asked for, or the best that is here: CUDA, Apple's MPS, CPU. Raises RuntimeError if absent.

    ``POETAS_DEVICE`` asks for one, such as ``cpu`` beside a graphics card that is of no use.
    """
    asked = asked or os.environ.get(DEVICE, "")
    if asked:
        return torch.empty(0, device=asked).device
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def open_card() -> torch.device:
    """Return the graphics card after a first small work of it. Raises PoetasError: there is none, or it is full."""
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]  # where `is_available` says no more than no
        device = torch.device("cuda", torch.cuda.current_device())
        torch.ones(8, 8, device=device).mm(torch.ones(8, 8, device=device)).sum().item()
    except (RuntimeError, AssertionError) as error:  # an AssertionError where torch was built without CUDA
        explanation = explain(error)
        refusal = PoetasError(explanation.what)
        refusal.explanation = explanation
        raise refusal from error
    return device


def native_bfloat16(device: torch.device) -> bool:
    """Tell whether the device multiplies bfloat16 in hardware (a T4 only imitates it, slowly)."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type != "cpu":
        return False
    able = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return any(able.get(name, False) for name in ("amx_bf16", "avx512_bf16", "bf16"))


def free_memory(device: torch.device) -> int:
    """Bytes that are free for a model on the device (MPS and CPU share the machine's)."""
    if device.type == "cuda":
        free, total = torch.cuda.mem_get_info(device)
        held, kept = torch.cuda.memory_allocated(device), torch.cuda.memory_reserved(device)
        return free_on_card(free, total, held=held, kept=kept, share=_share(device))
    return machine().memory_free


def free_on_card(free: int, total: int, *, held: int, kept: int, share: float = 1.0) -> int:
    """Bytes of a graphics card that this process can still take.

    free, total: of the card, as its driver counts. held: in tensors. kept: by torch, tensors included, which gives none
    of it back. share: of the card that this process may take.

    >>> free_on_card(10, 16, held=2, kept=5), free_on_card(10, 16, held=2, kept=5, share=0.5)
    (13, 6)
    """
    return max(0, min(free + kept - held, int(share * total) - held))


def _share(device: torch.device) -> float:
    """The limit of `torch.cuda.set_per_process_memory_fraction`; torch before 2.8 does not say it."""
    ask = getattr(torch.cuda, "get_per_process_memory_fraction", None)
    return 1.0 if ask is None else float(ask(device))


def choose_dtype(device: torch.device, weights: int, *, free: int, title: str = "") -> torch.dtype:
    """Choose between bfloat16 and float32 for ``weights`` bytes of bfloat16. Raises OutOfMemory where neither fits.

    free: bytes that may be used.
    """
    if free < weights + SPARE:
        raise does_not_fit(title, weights + SPARE, free)
    if native_bfloat16(device) or free < 2 * weights + SPARE:
        return torch.bfloat16
    return torch.float32


def thread_limit() -> int:
    """Return how many threads a process may take: ``OMP_NUM_THREADS`` where it is set, else the physical cores."""
    variable = os.environ.get("OMP_NUM_THREADS", "")
    return int(variable) if variable.isdigit() and int(variable) else cores()


def use_cores() -> int:
    """Let torch use as many threads as `thread_limit` allows; return how many."""
    count = thread_limit()
    if torch.get_num_threads() != count:
        torch.set_num_threads(count)
    return count
