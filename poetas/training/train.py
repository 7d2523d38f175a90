"""Training run from request to result: model, dataset, adapter, Trainer, and the events on the way."""

from __future__ import annotations

from typing import Any

import torch
from transformers import PrinterCallback

from poetas.generation.device import free_memory
from poetas.generation.model import LanguageModel
from poetas.i18n import _
from poetas.jobs.events import Progress
from poetas.jobs.job_context import JobContext, Stopping
from poetas.training.adapter_publication import publish_best
from poetas.training.batching import padded_width
from poetas.training.callback import EventCallback
from poetas.training.checkpoints import Checkpoint, bytes_needed, newest, remove_after, sweep
from poetas.training.distributed import ProcessGroup, rank
from poetas.training.encoded_dataset import EncodedDataset, dataset_notices, encode_dataset
from poetas.training.hardware_plan import HardwarePlan, gpu_count, memory_for_each, plan
from poetas.training.length_grouped_sampler import LengthGroupedSampler
from poetas.training.load_for_training import ReadyModel, adapt, open_model
from poetas.training.lora import count_trained
from poetas.training.memory_check import ModelShape, at_once, check_memory
from poetas.training.process_setup import resident_bytes
from poetas.training.resume_notice import resume_notice
from poetas.training.sample_generation import SampleGeneration
from poetas.training.step_timer import StepTimer
from poetas.training.trainer import LabelSeq2SeqTrainer, LabelTrainer
from poetas.training.trainer_arguments import training_arguments
from poetas.training.training_request import TrainingRequest
from poetas.training.training_result import result_of
from poetas.util.disk_space import need_room


def train(context: JobContext) -> dict[str, Any]:
    """Train as the job's configuration asks, from its last whole checkpoint if there is one, and return the result.

    The best adapter by validation loss is in ``adapter/`` from the first evaluation on. Raises Stopping after a
    checkpoint, LossIsNaN, OutOfMemory, DiskFull, BadTraining, NothingToLearn, and what loading raises.
    """
    request = TrainingRequest.parse(context.config)
    cards = gpu_count()
    roughly = plan(request.training, gpus=cards)
    group = ProcessGroup(roughly.processes)
    memory = memory_for_each(roughly.processes, cards)
    group.start(context.dir, roughly.threads, cards=cards, memory=memory)
    try:
        shares = plan(request.training, gpus=cards, at_once=at_once(request))
        return _train(context, request, shares, group)
    except RuntimeError:
        group.check()  # a process that was lost is the cause of a broken connection
        raise
    finally:
        group.end()


def _train(context: JobContext, request: TrainingRequest, shares: HardwarePlan, group: ProcessGroup) -> dict[str, Any]:
    first = rank() == 0
    tell = context.emit if first else _silent
    tell(Progress(0, 0, _("Cargando el modelo")))
    model, autocast = open_model(request, shares)
    tell(Progress(0, 0, _("Preparando los textos")))
    encoded = encode_dataset(request, model)
    for notice in dataset_notices(encoded):
        if not context.resumed:
            tell(notice)
    group.meet(context.dir)
    start = _checkpoint(context, first=first)
    learner = adapt(
        model,
        request.training,
        request.title,
        autocast,
        items=encoded.train.items,
        shares=shares,
        chosen=start.metadata if start else None,
    )
    context.log.info("steps: %s", learner.how)
    trainer, callback, timer = build(
        context, request, model, encoded, shares, group, learner=learner, autocast=autocast, start=start
    )
    _check_memory(model, encoded, trainer, shares, request)
    if first:
        need_room(context.dir, bytes_needed(count_trained(trainer.model), context.checkpoints))
    if start is not None:
        timer.restore(start.metadata)
        context.log.info("goes on from step %d", start.step)
    if trainer.args.eval_on_start:
        tell(Progress(0, 0, _("Simulacro: midiendo con textos que no estudia")))
    trainer.train(resume_from_checkpoint=str(start.folder) if start else None)
    if callback.stopped:
        raise Stopping(trainer.state.global_step)
    result = {**result_of(trainer, timer, request, encoded, model), "how": learner.how}
    last = newest(context.checkpoints) if first else None
    if last is not None:
        result["best_step"] = publish_best(context.dir, last, trainer.state.best_global_step)
    return result


def build(
    context: JobContext,
    request: TrainingRequest,
    model: LanguageModel,
    encoded: EncodedDataset,
    shares: HardwarePlan,
    group: ProcessGroup,
    *,
    learner: ReadyModel,
    autocast: torch.dtype | None,
    start: Checkpoint | None = None,
    limit: int = -1,
) -> tuple[LabelTrainer, EventCallback, StepTimer]:
    """Make the Trainer of a model that was made ready, with its callback.

    start: the checkpoint that it will go on from. limit: steps, -1 for as many as the epochs ask.
    """
    config = request.training
    first = rank() == 0
    tell = context.emit if first else _silent
    samples = SampleGeneration(
        model,
        encoded.rows,
        request.samples if first and config.sample_every else (),
        task=encoded.task,
        longest=config.longest,
        emit=tell,
        stopping=context.stop_requested,
        autocast=autocast,
    )
    timer = StepTimer()
    order = LengthGroupedSampler(encoded.train.lengths, shares.batch, config.seed)
    settings = training_arguments(
        config,
        shares,
        folder=context.checkpoints,
        rows=len(encoded.train),
        device=model.device,
        validates=bool(encoded.validation.items),
        measured_first=start is None or bool(start.metadata.get("due")),
        cards=gpu_count(),
        seq2seq=model.seq2seq,
        limit=limit,
    )

    def ask(since_save: float) -> str:
        late = config.save_minutes and since_save > 60 * config.save_minutes
        return group.agree("stop" if context.stop_requested() else "save" if late else "")

    def pause(step: int) -> None:
        times = -(-step // int(settings.eval_steps or 1))
        if len(samples) and (times % config.sample_every == 0 or step >= trainer.state.max_steps):
            tell(Progress(step, trainer.state.max_steps, _("Escribiendo los ejemplos otra vez")))
            samples.write(step)

    make = LabelSeq2SeqTrainer if model.seq2seq else LabelTrainer
    trainer = make(
        model=learner.adapted,
        args=settings,
        train_dataset=encoded.train,
        eval_dataset=encoded.validation if encoded.validation.items else None,
        data_collator=learner.padding,
        order=order,
        seal_metadata=lambda: {**timer.totals(), **learner.chosen, "due": callback.due},
        asked_to_stop=lambda: group.agree("stop" if context.stop_requested() else "") == "stop",
        steps=learner.steps.steps,
    )
    callback = EventCallback(
        emit=context.emit if first else None,
        ask=ask,
        tokens=lambda: trainer.tokens,
        order=order.set_epoch,
        pause=pause,
        folder=context.dir,
        timer=timer,
        processes=shares.processes,
    )
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(callback)
    return trainer, callback, timer


def _check_memory(
    model: LanguageModel,
    encoded: EncodedDataset,
    trainer: LabelTrainer,
    shares: HardwarePlan,
    request: TrainingRequest,
) -> None:
    """Raise OutOfMemory before the first step of a run that would not fit."""
    on_gpu = model.device.type == "cuda"
    check_memory(
        ModelShape.of(model.model.config, model.dtype.itemsize),
        rows=min(shares.micro, len(encoded.train)),
        columns=padded_width(max(encoded.train.lengths), model.room),
        adapter=count_trained(trainer.model),
        held=torch.cuda.memory_allocated() if on_gpu else resident_bytes(),
        free=free_memory(model.device) // -(-shares.processes // max(1, gpu_count())),
        recompute=request.training.recompute,
    )


def _checkpoint(context: JobContext, *, first: bool) -> Checkpoint | None:
    """Return the checkpoint to resume from; remove damaged ones, with a notice where a saved one is lost."""
    if first:
        sweep(context.checkpoints)
    start = newest(context.checkpoints)
    if first and start is not None:
        remove_after(context.checkpoints, start.step)
        publish_best(context.dir, start)
    notice = resume_notice(context.dir, start) if first else None
    if notice is not None:
        context.emit(notice)
        context.log.warning(
            "the last checkpoint is damaged or gone: resuming after step %d", start.step if start else 0
        )
    return start


def _silent(_event: object) -> None:
    """Discard an event: only the first process emits them."""
