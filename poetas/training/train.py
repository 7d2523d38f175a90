"""A training run from its request to its result: model, examples, adapter, Trainer, and what is told on the way."""

from __future__ import annotations

from typing import Any

import torch
from transformers import PrinterCallback

from poetas.generation.device import free_memory
from poetas.generation.model import LanguageModel
from poetas.i18n import _
from poetas.jobs.context import JobContext, Stopping
from poetas.jobs.events import Progress
from poetas.training.adapter_publication import publish_best, sweep_staging
from poetas.training.batches import LengthGroupedOrder, Padding
from poetas.training.batching import filled_up
from poetas.training.callback import Clock, EventCallback
from poetas.training.checkpoints import Checkpoint, bytes_needed, newest, remove_after, sweep
from poetas.training.distributed import ProcessGroup, rank
from poetas.training.encoded_dataset import EncodedDataset, encode_dataset, notices
from poetas.training.hardware_plan import Plan, plan, present_gpus
from poetas.training.load_for_training import adapt, open_model
from poetas.training.lora import trained
from poetas.training.memory_check import Shape, check_memory
from poetas.training.process_setup import resident
from poetas.training.resume_notice import resume_notice
from poetas.training.sample_generation import SampleGeneration
from poetas.training.trainer import LabelSeq2SeqTrainer, LabelTrainer
from poetas.training.trainer_arguments import arguments
from poetas.training.training_request import TrainingRequest
from poetas.training.training_result import result_of
from poetas.util.disk_space import need_room


def train(context: JobContext) -> dict[str, Any]:
    """Train as the job's configuration asks, from its last whole checkpoint if there is one, and return the result.

    The best adapter by validation loss is in ``adapter/`` from the first evaluation on. Raises Stopping after a
    checkpoint, LossIsNaN, OutOfMemory, DiskFull, BadTraining, NothingToLearn, and what loading raises.
    """
    request = TrainingRequest.parse(context.config)
    shares = plan(request.training, chips=present_gpus())
    group = ProcessGroup(shares.processes)
    group.start(context.dir, shares.threads)
    try:
        return _train(context, request, shares, group)
    except RuntimeError:
        group.check()  # a broken connection is the sign of it, not the cause
        raise
    finally:
        group.end()


def _train(context: JobContext, request: TrainingRequest, shares: Plan, group: ProcessGroup) -> dict[str, Any]:
    first = rank() == 0
    tell = context.emit if first else _silent
    tell(Progress(0, 0, _("Cargando el modelo")))
    model, autocast = open_model(request, shares)
    tell(Progress(0, 0, _("Preparando los textos")))
    material = encode_dataset(request, model)
    for notice in notices(material):
        if not context.resumed:
            tell(notice)
    group.meet(context.dir)
    start = _checkpoint(context, first=first)
    trainer, callback, clock = build(context, request, model, material, shares, group, autocast=autocast, start=start)
    _check_memory(model, material, trainer, shares, request)
    if first:
        need_room(context.dir, bytes_needed(trained(trainer.model), context.checkpoints))
    if start is not None:
        clock.restore(start.metadata)
        context.log.info("goes on from step %d", start.step)
    if trainer.args.eval_on_start:
        tell(Progress(0, 0, _("Simulacro: midiendo con textos que no estudia")))
    trainer.train(resume_from_checkpoint=str(start.folder) if start else None)
    if callback.stopped:
        raise Stopping(trainer.state.global_step)
    result = result_of(trainer, clock, request, material, model)
    last = newest(context.checkpoints) if first else None
    if last is not None:
        result["best_step"] = publish_best(context.dir, last, trainer.state.best_global_step)
    return result


def build(
    context: JobContext,
    request: TrainingRequest,
    model: LanguageModel,
    material: EncodedDataset,
    shares: Plan,
    group: ProcessGroup,
    *,
    autocast: torch.dtype | None,
    start: Checkpoint | None = None,
    limit: int = -1,
) -> tuple[LabelTrainer, EventCallback, Clock]:
    """Put the adapter in place and make the Trainer with its callback.

    start: the checkpoint that it will go on from. limit: steps, -1 for as many as the epochs ask.
    """
    config = request.training
    first = rank() == 0
    tell = context.emit if first else _silent
    adapted = adapt(model, config, request.title, autocast)
    tasting = SampleGeneration(
        model,
        material.rows,
        request.samples if first and config.sample_every else (),
        task=material.task,
        longest=config.longest,
        emit=tell,
        stopping=context.stop_requested,
        autocast=autocast,
    )
    clock = Clock()
    order = LengthGroupedOrder(material.train.lengths, shares.batch, config.seed)
    settings = arguments(
        config,
        shares,
        folder=context.checkpoints,
        rows=len(material.train),
        device=model.device,
        validates=bool(material.validation.items),
        measured_first=start is None or bool(start.metadata.get("due")),
        seq2seq=model.seq2seq,
        limit=limit,
    )

    def ask(since_save: float) -> str:
        late = config.save_minutes and since_save > 60 * config.save_minutes
        return group.agree("stop" if context.stop_requested() else "save" if late else "")

    def pause(step: int) -> None:
        times = -(-step // int(settings.eval_steps or 1))
        if len(tasting) and (times % config.sample_every == 0 or step >= trainer.state.max_steps):
            tell(Progress(step, trainer.state.max_steps, _("Escribiendo los ejemplos otra vez")))
            tasting.write(step)

    make = LabelSeq2SeqTrainer if model.seq2seq else LabelTrainer
    trainer = make(
        model=adapted,
        args=settings,
        train_dataset=material.train,
        eval_dataset=material.validation if material.validation.items else None,
        data_collator=Padding(model.tokenizer.pad_token_id, model.room),
        order=order,
        seal_metadata=lambda: {**clock.totals(), "due": callback.due},
        asked_to_stop=lambda: group.agree("stop" if context.stop_requested() else "") == "stop",
    )
    callback = EventCallback(
        emit=context.emit if first else None,
        ask=ask,
        tokens=lambda: trainer.tokens,
        order=order.set_epoch,
        pause=pause,
        folder=context.dir,
        clock=clock,
        processes=shares.processes,
    )
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(callback)
    return trainer, callback, clock


def _check_memory(
    model: LanguageModel, material: EncodedDataset, trainer: LabelTrainer, shares: Plan, request: TrainingRequest
) -> None:
    """Raise OutOfMemory before the first step of a run that would not fit."""
    on_gpu = model.device.type == "cuda"
    check_memory(
        Shape.of(model.model.config, model.dtype.itemsize),
        rows=min(shares.micro, len(material.train)),
        columns=filled_up(max(material.train.lengths), model.room),
        adapter=trained(trainer.model),
        held=torch.cuda.memory_allocated() if on_gpu else resident(),
        free=free_memory(model.device) // (1 if on_gpu else shares.processes),
        recompute=request.training.recompute,
    )


def _checkpoint(context: JobContext, *, first: bool) -> Checkpoint | None:
    """The checkpoint to go on from; what is not whole is removed, and said where it had been saved."""
    if first:
        sweep(context.checkpoints)
    start = newest(context.checkpoints)
    if first and start is not None:
        remove_after(context.checkpoints, start.step)
        publish_best(context.dir, start)
    if first:
        sweep_staging(context.dir)
    notice = resume_notice(context.dir, start) if first else None
    if notice is not None:
        context.emit(notice)
        context.log.warning(
            "the last save is damaged or gone: after step %d all is done anew", start.step if start else 0
        )
    return start


def _silent(_event: object) -> None:
    """Only the first process tells."""
