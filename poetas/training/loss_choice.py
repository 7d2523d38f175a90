"""Choice of the form in which the loss of labels is computed: by measuring on a graphics card, the same on a processor.

Blocks of the vocabulary keep memory low, which a processor also gains time from. A graphics card is idle between many
small products: there larger blocks, or none at all, may be faster, which depends on the card and the vocabulary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

import torch

from poetas.generation.device import free_memory
from poetas.training.label_only_forward import Loss
from poetas.training.loss import BLOCK, label_loss

BLOCKS = "blocks"
_REPEATS = 5
_COPIES = 4  # of the logits that a loss may hold at once
_WORTH = 0.96  # of the time of a form that takes less memory: below it, another is chosen


def plain_loss(hidden: torch.Tensor, head: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the whole matrix of logits, as transformers computes it."""
    logits = (hidden.to(head.dtype) @ head.t()).float()
    return torch.nn.functional.cross_entropy(logits, labels, reduction="none")


def whole_loss(hidden: torch.Tensor, head: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """`label_loss` in one block: the gradient comes with the loss, and no logits are kept."""
    return label_loss(hidden, head, labels, block=head.shape[0])


# From the one that takes the least memory to the one that takes the most.
FORMS: Mapping[str, Loss] = {
    BLOCKS: label_loss,
    "large blocks": partial(label_loss, block=16 * BLOCK),
    "whole": whole_loss,
    "plain": plain_loss,
}


@dataclass(frozen=True, slots=True)
class LossChoice:
    """The form that was chosen, and the milliseconds that each took that was tried; {} where none was."""

    name: str = BLOCKS
    times: Mapping[str, float] = field(default_factory=dict)

    @property
    def loss(self) -> Loss:
        """The function."""
        return FORMS[self.name]


def choose_loss(head: torch.Tensor, labels: int, *, autocast: torch.dtype | None, chosen: object = None) -> LossChoice:
    """Choose for an output matrix and so many labels a batch. chosen: the form of an earlier part of the same run.

    >>> choose_loss(torch.zeros(8, 4), 3, autocast=None).name
    'blocks'
    """
    if isinstance(chosen, str) and chosen in FORMS:
        return LossChoice(chosen)
    if head.device.type != "cuda":
        return LossChoice()
    room = free_memory(head.device) // 2
    fits = {name: form for name, form in FORMS.items() if _bytes(name, head, labels) < room}
    return measure_losses(head, labels, fits or {BLOCKS: label_loss}, autocast=autocast)


def measure_losses(
    head: torch.Tensor, labels: int, forms: Mapping[str, Loss], *, autocast: torch.dtype | None
) -> LossChoice:
    """Time each form with its gradient, and choose the fastest; of nearly equal ones the first."""
    generator = torch.Generator(device=head.device).manual_seed(0)
    hidden = torch.randn(labels, head.shape[1], device=head.device, generator=generator).requires_grad_()
    targets = torch.randint(head.shape[0], (labels,), device=head.device, generator=generator)

    def learn(form: Loss) -> None:
        with torch.autocast(head.device.type, dtype=autocast, enabled=autocast is not None):
            torch.autograd.backward(form(hidden, head, targets).sum())

    times = {}
    for name, form in forms.items():
        try:
            times[name] = 1000 * seconds_of(partial(learn, form), head.device)
        except torch.OutOfMemoryError:  # those that take more come later
            break
    name = next(iter(times), BLOCKS)
    for other, taken in times.items():
        if taken < _WORTH * times[name]:
            name = other
    return LossChoice(name, times)


def seconds_of(work: Callable[[], object], device: torch.device, repeats: int = _REPEATS) -> float:
    """Seconds of one call, warm: the fastest of several."""
    work()
    taken = []
    for _ in range(repeats):
        wait_for(device)
        begun = time.perf_counter()
        work()
        wait_for(device)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def wait_for(device: torch.device) -> None:
    """Wait until a device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _bytes(name: str, head: torch.Tensor, labels: int) -> int:
    """Bytes that a form holds at its worst moment."""
    columns = {BLOCKS: BLOCK, "large blocks": 4 * BLOCK}.get(name, head.shape[0])
    return _COPIES * 4 * labels * min(columns, head.shape[0])
