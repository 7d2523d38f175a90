"""Dry run: a few real training steps, from a small batch to the largest one, to estimate time and memory of the run.

The adapter trained here is discarded. The largest batch is tried only if the smaller ones say that it fits.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from peft import PeftModel
from torch import nn

from poetas.generation.device import free_memory
from poetas.generation.model import LanguageModel
from poetas.i18n import _
from poetas.jobs.events import Progress
from poetas.jobs.job_context import JobContext, Stopping
from poetas.training.batching import by_length
from poetas.training.collator import PaddingCollator
from poetas.training.encoded_dataset import EncodedDataset, encode_dataset
from poetas.training.estimate import BatchMeasurement, Measurement, estimate
from poetas.training.fallback_configs import fallback_configs
from poetas.training.hardware_plan import plan
from poetas.training.label_masking import EncodedExample
from poetas.training.load_for_training import adapt, open_model
from poetas.training.lora import count_trained, write_adapter
from poetas.training.process_setup import PeakMemory, resident_bytes
from poetas.training.row_encoding import Examples
from poetas.training.sample_generation import SampleGeneration
from poetas.training.training_request import TrainingRequest
from poetas.training.workload import Batch, SplitLengths

MOST_TRIALS = 3


def dry_run(context: JobContext) -> dict[str, Any]:
    """Run a few steps of the training that the job's configuration asks for.

    Returns ``measurement`` (for `estimate.Measurement.from_dict`), ``seconds``, ``memory``, ``free``, ``fits``,
    ``steps``, ``parts`` of the run asked for, and ``offers`` where it does not fit. Raises what training raises.
    """
    begun = time.monotonic()
    request = TrainingRequest.parse(context.config)
    _tell(context, 0, _("Cargando el modelo"))
    model, autocast = open_model(request, plan(request.training))
    encoded = encode_dataset(request, model)
    adapted = adapt(model, request.training, request.title, autocast)
    if request.training.recompute:
        model.model.activation_checkpointing_enable({"use_reentrant": False})
    measurement = _measure(context, request, model, encoded, adapted, autocast, time.monotonic() - begun)
    predicted = estimate(measurement, request.training)
    return {
        "measurement": measurement.to_dict(),
        "seconds": predicted.seconds,
        "memory": predicted.memory,
        "free": predicted.free,
        "fits": predicted.fits,
        "steps": predicted.steps,
        "parts": dict(predicted.parts),
        "offers": []
        if predicted.fits
        else [offer.to_dict() for offer in fallback_configs(measurement, request.training)],
    }


class _BatchRunner:
    """Runs batches of the dry run and measures their time and memory."""

    def __init__(self, model: LanguageModel, adapted: PeftModel) -> None:
        self.device = model.device
        self._adapted = adapted
        self._padding = PaddingCollator(int(model.tokenizer.pad_token_id), model.room)
        for weight in model.model.parameters():  # read each page once: a file that is only mapped takes no memory yet
            weight.detach().view(-1)[:: 2048 // weight.element_size()].sum()
        self._peak = PeakMemory()
        self.held = self._now()

    def trial(self, items: Sequence[EncodedExample]) -> BatchMeasurement:
        """Train on a batch twice: the first time its shape is new."""
        ids = self._padding(items)["input_ids"]
        batch = Batch(ids.shape[0], ids.shape[1], sum(label >= 0 for item in items for label in item.labels))
        self._restart()
        cold, warm = (timed(lambda: self._learn(items)) for _ in range(2))
        return BatchMeasurement(batch, cold, min(cold, warm), self._highest())

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
        torch.autograd.backward(self._loss(items))

    def _loss(self, items: Sequence[EncodedExample]) -> torch.Tensor:
        batch = {name: value.to(self.device) for name, value in self._padding(items).items()}
        loss: torch.Tensor = self._adapted(**batch)["loss"]
        float(loss.detach())  # waits for a GPU
        return loss

    def _restart(self) -> None:
        self._peak.restart()
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()

    def _highest(self) -> int:
        return int(torch.cuda.max_memory_allocated()) if self.device.type == "cuda" else self._peak.bytes

    def _now(self) -> int:
        return int(torch.cuda.memory_allocated()) if self.device.type == "cuda" else resident_bytes()


def timed(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _measure(
    context: JobContext,
    request: TrainingRequest,
    model: LanguageModel,
    encoded: EncodedDataset,
    adapted: PeftModel,
    autocast: torch.dtype | None,
    starting: float,
) -> Measurement:
    runner = _BatchRunner(model, adapted)
    free = free_memory(model.device) + runner.held
    trials: list[BatchMeasurement] = []
    tried: list[EncodedExample] = []
    for number, items in enumerate(_sizes(encoded.train, request.training.micro_batch)):
        _tell(context, number, _("Ensayando con tus textos más largos"))
        if trials and _estimated_memory(trials, items, runner.held) > free:
            break
        trials.append(runner.trial(items))
        tried = items
    _tell(context, MOST_TRIALS, _("Midiendo y guardando"))
    adapting = [weight for weight in adapted.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(adapting, lr=0.0)
    update = min(timed(lambda: _update(optimiser, adapting)) for _ in range(2))
    optimiser.zero_grad()
    head = model.model.get_output_embeddings()
    return Measurement(
        trials=tuple(trials),
        held=runner.held,
        frozen=_linear_weights(model.model, head),
        head=head.weight.numel(),
        trained_a_rank=count_trained(adapted) // request.training.lora_rank,
        rank=request.training.lora_rank,
        evaluating=min(1.0, timed(lambda: runner.judge(tried)) / trials[-1].warm),
        update=update,
        sampling=_time_samples(context, request, model, encoded, autocast),
        starting=starting,
        saving=_time_saving(context, adapted),
        shape=runner.shape([min(encoded.train.items, key=lambda item: len(item.input_ids))]),
        free=free,
        room=model.room,
        samples=len(request.samples),
        recompute=request.training.recompute,
        train=_corpus(encoded.train, request.training.longest),
        validation=_corpus(encoded.validation, request.training.longest),
    )


def _tell(context: JobContext, done: int, note: str) -> None:
    if context.stop_requested():
        raise Stopping(None)
    context.emit(Progress(done, MOST_TRIALS + 1, note))


def _sizes(examples: Examples, micro: int) -> Iterator[list[EncodedExample]]:
    """Batches from small to large: a text of median length alone, the longest alone, the longest together."""
    order = by_length(examples.lengths)
    yield [examples[order[len(order) // 2]]]
    yield [examples[order[0]]]
    if micro > 1:
        yield [examples[order[index % len(order)]] for index in range(micro)]


def _estimated_memory(trials: Sequence[BatchMeasurement], items: Sequence[EncodedExample], held: int) -> float:
    """Bytes that a batch would take, by the highest bytes a token of those that were tried."""
    tokens = len(items) * max(len(item.input_ids) for item in items)
    return held + max((trial.peak - held) / trial.batch.tokens for trial in trials) * tokens


def _update(optimiser: torch.optim.Optimizer, weights: Sequence[nn.Parameter]) -> None:
    nn.utils.clip_grad_norm_(weights, 1.0)
    optimiser.step()


def _linear_weights(model: nn.Module, head: nn.Module) -> int:
    """Weights that every token is multiplied with; the adapter's own are counted apart."""
    return sum(
        layer.weight.numel()
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Linear) and layer is not head and ".lora_" not in name
    )


def _time_samples(
    context: JobContext,
    request: TrainingRequest,
    model: LanguageModel,
    encoded: EncodedDataset,
    autocast: torch.dtype | None,
) -> float:
    """Seconds to write the samples once; 0 where none are asked for."""
    if not request.samples:
        return 0.0
    samples = SampleGeneration(
        model,
        encoded.rows,
        request.samples,
        task=encoded.task,
        longest=request.training.longest,
        emit=lambda _event: None,
        stopping=context.stop_requested,
        autocast=autocast,
    )
    return timed(lambda: samples.write(0))


def _time_saving(context: JobContext, adapted: PeftModel) -> float:
    """Seconds of a checkpoint: the adapter, its copy, and the optimiser's two moments, each as large again."""
    folder = context.checkpoints
    taken = timed(lambda: write_adapter(adapted, folder))
    shutil.rmtree(folder)
    return 4 * taken


def _corpus(examples: Examples, longest: int) -> SplitLengths:
    kept = [text - item.truncated for text, item in zip(examples.texts, examples.items, strict=True)]
    rest = [length - text for length, text in zip(examples.lengths, kept, strict=True)]
    rows = examples.rows if examples.windows else ()
    return SplitLengths.of(examples.texts, rest, examples.labels, rows, longest)
