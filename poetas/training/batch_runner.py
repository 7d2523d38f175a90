"""Runner of single batches of a training, which measures their time and memory."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import torch

from poetas.generation.model import LanguageModel
from poetas.training.estimate import BatchMeasurement
from poetas.training.label_masking import EncodedExample
from poetas.training.load_for_training import ReadyModel
from poetas.training.loss_choice import wait_for
from poetas.training.process_setup import PeakMemory, resident_bytes
from poetas.training.workload import Batch


class BatchRunner:
    """Runs batches as a training would, without its optimiser. held: bytes before the first."""

    def __init__(self, model: LanguageModel, learner: ReadyModel) -> None:
        self.device = model.device
        self._adapted, self._padding, self._steps = learner.adapted, learner.padding, learner.steps.steps
        for weight in model.model.parameters():  # read each page once: a file that is only mapped takes no memory yet
            weight.detach().view(-1)[:: 2048 // weight.element_size()].sum()
        self._peak = PeakMemory()
        self.held = self._now()

    def trial(self, items: Sequence[EncodedExample]) -> BatchMeasurement:
        """Train on a batch twice: the first time its shape is new. One that is recorded is new twice."""
        made = self._padding(items)
        rows, columns = made["input_ids"].shape
        batch = Batch(rows, columns, len(made["targets"]) if "targets" in made else sum(item.learnt for item in items))
        self._restart()
        new = [timed(lambda: self._learn(items), self.device) for _ in range(1 if self._steps is None else 2)]
        warm = min(*new, timed(lambda: self._learn(items), self.device))
        return BatchMeasurement(batch, sum(new) - warm * (len(new) - 1), warm, self._highest())

    def judge(self, items: Sequence[EncodedExample]) -> None:
        """Measure the loss of a batch."""
        self._adapted.eval()
        with torch.no_grad():
            self._loss(items)

    def shape(self, items: Sequence[EncodedExample]) -> int:
        """Bytes that stay behind after a batch of a new, smaller shape."""
        before = self._now()
        self._learn(items)
        return max(0, self._now() - before)

    def _learn(self, items: Sequence[EncodedExample]) -> None:
        self._adapted.train()
        if self._steps is None:
            torch.autograd.backward(self._loss(items))
        else:
            self._steps.step(self._batch(items), None)

    def _loss(self, items: Sequence[EncodedExample]) -> torch.Tensor:
        loss: torch.Tensor = self._adapted(**self._batch(items))["loss"]
        float(loss.detach())  # waits for a GPU
        return loss

    def _batch(self, items: Sequence[EncodedExample]) -> dict[str, torch.Tensor]:
        return {name: value.to(self.device) for name, value in self._padding(items).items()}

    def _restart(self) -> None:
        self._peak.restart()
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()

    def _highest(self) -> int:
        return int(torch.cuda.max_memory_allocated()) if self.device.type == "cuda" else self._peak.bytes

    def _now(self) -> int:
        return int(torch.cuda.memory_allocated()) if self.device.type == "cuda" else resident_bytes()


def timed(work: Callable[[], object], device: torch.device) -> float:
    """Seconds that a piece of work takes, until the device has done it."""
    wait_for(device)
    begun = time.perf_counter()
    work()
    wait_for(device)
    return time.perf_counter() - begun
