"""Dry run: a few real training steps, from a small batch to the largest one, to estimate time and memory of the run.

The adapter trained here is discarded. The largest batch is tried only if the smaller ones say that it fits.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from peft import PeftModel
from torch import nn

from poetas.generation.device import free_memory
from poetas.generation.model import LanguageModel
from poetas.i18n import _
from poetas.jobs.events import Progress
from poetas.jobs.job_context import JobContext, Stopping
from poetas.training.batch_runner import BatchRunner, timed
from poetas.training.batching import by_length
from poetas.training.encoded_dataset import EncodedDataset, encode_dataset
from poetas.training.estimate import BatchMeasurement, Measurement, estimate
from poetas.training.fallback_configs import fallback_configs
from poetas.training.hardware_plan import plan
from poetas.training.label_masking import EncodedExample
from poetas.training.load_for_training import ReadyModel, adapt, open_model
from poetas.training.lora import count_trained, write_adapter
from poetas.training.memory_check import at_once
from poetas.training.row_encoding import Examples
from poetas.training.sample_generation import SampleGeneration
from poetas.training.trainer_arguments import recompute_activations
from poetas.training.training_request import TrainingRequest
from poetas.training.workload import SplitLengths

MOST_TRIALS = 3
# Seconds that the Trainer takes for a step beside the model's and the optimiser's: callbacks, schedule, log, events. A
# guess that was not measured; only beside a graphics card is a step short enough for it to count.
BOOKKEEPING = 0.005


def dry_run(context: JobContext) -> dict[str, Any]:
    """Run a few steps of the training that the job's configuration asks for.

    Returns ``measurement`` (for `estimate.Measurement.from_dict`), ``seconds``, ``memory``, ``free``, ``fits``,
    ``steps``, ``parts`` of the run asked for, and ``offers`` where it does not fit. Raises what training raises.
    """
    begun = time.monotonic()
    request = TrainingRequest.parse(context.config)
    _tell(context, 0, _("Cargando el modelo"))
    seen = at_once(request)
    shares = plan(replace(request.training, processes=1), at_once=seen)
    model, autocast = open_model(request, shares)
    encoded = encode_dataset(request, model)
    learner = adapt(model, request.training, request.title, autocast, items=encoded.train.items, shares=shares)
    if request.training.recompute:
        recompute_activations(model.model)
    starting = time.monotonic() - begun
    measured = _measure(context, request, model, encoded, learner, autocast, shares.micro)
    measurement = replace(measured, starting=starting, at_once=seen)
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


def _measure(
    context: JobContext,
    request: TrainingRequest,
    model: LanguageModel,
    encoded: EncodedDataset,
    learner: ReadyModel,
    autocast: torch.dtype | None,
    micro: int,
) -> Measurement:
    adapted = learner.adapted
    runner = BatchRunner(model, learner)
    free = free_memory(model.device) + runner.held
    trials: list[BatchMeasurement] = []
    tried: list[EncodedExample] = []
    for number, items in enumerate(_sizes(encoded.train, micro)):
        _tell(context, number, _("Ensayando con los textos más largos"))
        if trials and _estimated_memory(trials, items, runner.held) > free:
            break
        trials.append(runner.trial(items))
        tried = items
    _tell(context, MOST_TRIALS, _("Midiendo una corrección"))
    adapting = [weight for weight in adapted.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(adapting, lr=0.0)
    update = min(timed(lambda: _update(optimiser, adapting), model.device) for _ in range(2))
    optimiser.zero_grad()
    head = model.model.get_output_embeddings()
    return Measurement(
        trials=tuple(trials),
        held=runner.held,
        frozen=_linear_weights(model.model, head),
        head=head.weight.numel(),
        trained_a_rank=count_trained(adapted) // request.training.lora_rank,
        rank=request.training.lora_rank,
        evaluating=min(1.0, timed(lambda: runner.judge(tried), model.device) / trials[-1].warm),
        update=update,
        sampling=_time_samples(context, request, model, encoded, autocast),
        starting=0.0,
        saving=_time_saving(context, adapted, model.device),
        shape=runner.shape([min(encoded.train.items, key=lambda item: len(item.input_ids))]),
        free=free,
        room=model.room,
        samples=len(request.samples),
        recompute=request.training.recompute,
        train=_corpus(encoded.train, request.training.longest),
        validation=_corpus(encoded.validation, request.training.longest),
        grid=learner.steps.grid,
        bookkeeping=BOOKKEEPING if model.device.type == "cuda" else 0.0,
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
    return timed(lambda: samples.write(0), model.device)


def _time_saving(context: JobContext, adapted: PeftModel, device: torch.device) -> float:
    """Seconds of a checkpoint: the adapter, its copy, and the optimiser's two moments, each as large again."""
    folder = context.checkpoints
    taken = timed(lambda: write_adapter(adapted, folder), device)
    shutil.rmtree(folder)
    return 4 * taken


def _corpus(examples: Examples, longest: int) -> SplitLengths:
    kept = [text - item.truncated for text, item in zip(examples.texts, examples.items, strict=True)]
    rest = [length - text for length, text in zip(examples.lengths, kept, strict=True)]
    rows = examples.rows if examples.windows else ()
    return SplitLengths.of(examples.texts, rest, examples.labels, rows, longest)
