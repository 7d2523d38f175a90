"""Training steps that a graphics card plays back: its work on a shape of batch is recorded once, as a CUDA graph.

A step of a small model is some thousands of small programs of the card, and Python takes longer to start them than the
card to run them. A graph starts them all at once. What is recorded reads its batch from fixed tensors and adds
gradients to fixed ones, so that a recorded step and one done by Python can follow each other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from poetas.training.config import TrainingConfig

Inputs = Mapping[str, torch.Tensor]
GIVEN = ("input_ids", "places", "targets")  # what the card reads of a batch
_MOST = 12  # shapes that are recorded; others are done by Python
_log = logging.getLogger("poetas.job")


class Recording(Protocol):
    """Work that can be done again."""

    def replay(self) -> None:
        """Do it again, on what the same tensors hold now."""


class Recorder(Protocol):
    """What records work. The work has been done once before, on the same tensors' shapes."""

    def record(self, work: Callable[[], torch.Tensor]) -> tuple[Recording, torch.Tensor]:
        """Record it; return the recording, and the tensor that holds the work's result after each replay."""


@dataclass(slots=True)
class _Shape:
    """A shape of batch. seen: how often so far."""

    given: dict[str, torch.Tensor]
    seen: int = 0
    recording: Recording | None = None
    loss: torch.Tensor | None = None


class RecordedSteps:
    """Steps of a model that `label_only_forward` prepared, of one process, without dropout.

    A shape is done by Python when it comes first, recorded when it comes again. Where recording fails, it goes on
    without: `failure` says why.
    """

    def __init__(self, model: Any, recorder: Recorder) -> None:
        self._model, self._recorder = model, recorder
        self._weights = [weight for weight in model.parameters() if weight.requires_grad]
        sizes = [weight.numel() for weight in self._weights]
        self._flat = torch.zeros(sum(sizes), dtype=torch.float32, device=self._weights[0].device)
        self._gradients = [
            part.view_as(weight) for part, weight in zip(torch.split(self._flat, sizes), self._weights, strict=True)
        ]
        self._count = torch.ones((), dtype=torch.float32, device=self._flat.device)
        self._shapes: dict[tuple[int, ...], _Shape] = {}
        self.failure = ""
        self.played = 0  # steps that were played back

    def step(self, inputs: Inputs, count: torch.Tensor | int | None) -> torch.Tensor:
        """Add the gradients of a batch to those of the weights; return its loss. count: labels of the whole step."""
        if self._weights[0].grad is None:  # the optimiser forgets them after each of its steps
            self._flat.zero_()
            for weight, gradient in zip(self._weights, self._gradients, strict=True):
                weight.grad = gradient
        labels = count if count is not None else (inputs["targets"] >= 0).sum()
        self._count.copy_(torch.as_tensor(labels), non_blocking=True)
        key = (*inputs["input_ids"].shape, *inputs["targets"].shape)
        shape = self._shapes.get(key)
        if shape is None:
            shape = self._shapes[key] = _Shape({name: inputs[name].to(self._flat.device).clone() for name in GIVEN})
        else:
            for name in GIVEN:
                shape.given[name].copy_(inputs[name], non_blocking=True)
        shape.seen += 1
        if shape.recording is None and shape.seen > 1 and not self.failure and self._recorded < _MOST:
            self._record(shape)
        if shape.recording is None or shape.loss is None:
            return self.learn(shape.given)
        shape.recording.replay()
        self.played += 1
        return shape.loss.clone()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self._flat.device

    def forget(self) -> None:
        """Forget the gradients, as the optimiser does."""
        for weight in self._weights:
            weight.grad = None

    @property
    def _recorded(self) -> int:
        return sum(shape.recording is not None for shape in self._shapes.values())

    def learn(self, given: Inputs) -> torch.Tensor:
        """Do a step by Python, as `step` does."""
        self._model.train()
        read = {name: given[name] for name in GIVEN}
        loss: torch.Tensor = self._model(**read, num_items_in_batch=self._count)["loss"]
        torch.autograd.backward(loss)
        return loss.detach()

    def _record(self, shape: _Shape) -> None:
        try:
            shape.recording, shape.loss = self._recorder.record(lambda: self.learn(shape.given))
        except Exception as error:  # noqa: BLE001 - whatever cannot be recorded is done by Python
            if isinstance(error, torch.OutOfMemoryError):
                self.failure = "no memory for another recording"
            else:
                self.failure = f"{type(error).__name__}: {error}"[:500]
            _log.warning("steps are not recorded: %s", self.failure)


class CudaRecorder:
    """Recorder of CUDA graphs, which share their memory: they run one after the other."""

    def __init__(self) -> None:
        self._pool = torch.cuda.graph_pool_handle()
        self._stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]

    def record(self, work: Callable[[], torch.Tensor]) -> tuple[Recording, torch.Tensor]:
        """Record; nothing is computed before the first replay."""
        graph, before = torch.cuda.CUDAGraph(), torch.cuda.current_stream()
        torch.cuda.synchronize()
        torch.cuda.empty_cache()  # what the same work took when Python did it: a recording has memory of its own
        try:
            with torch.cuda.graph(graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"):
                result = work()
        finally:  # where a recording fails, torch stays on its stream
            torch.cuda.set_stream(before)
        return graph, result


def recordable(model: Any, *, device: torch.device, config: TrainingConfig, processes: int) -> bool:
    """Tell whether the steps of a run can be recorded at all."""
    learning = [weight for weight in model.parameters() if weight.requires_grad]
    plain = all(weight.dtype == torch.float32 for weight in learning)
    return device.type == "cuda" and plain and not (config.dropout or config.recompute) and processes == 1
