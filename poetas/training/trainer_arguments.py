"""`transformers.TrainingArguments` from a `TrainingConfig`: learning-rate schedule, gradient accumulation, clipping."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import torch
from transformers import Seq2SeqTrainingArguments, TrainingArguments

from poetas.training.config import TrainingConfig
from poetas.training.hardware_plan import HardwarePlan

# transformers before 5.20 or so has another name for computing activations again.
RECOMPUTING = "activation" if hasattr(TrainingArguments, "activation_checkpointing") else "gradient"
REENTRANT = {"use_reentrant": False}


def recompute_activations(model: Any) -> None:
    """Let a model of transformers compute activations again in the backward pass, without a Trainer."""
    getattr(model, f"{RECOMPUTING}_checkpointing_enable")(REENTRANT)


def steps_an_epoch(rows: int, shares: HardwarePlan) -> int:
    """Optimiser steps in one pass over ``rows`` examples.

    >>> steps_an_epoch(120, HardwarePlan(processes=2, micro=2, accumulate=2, threads=1))
    15
    """
    return math.ceil(math.ceil(rows / (shares.micro * shares.processes)) / shares.accumulate)


def training_arguments(
    config: TrainingConfig,
    shares: HardwarePlan,
    *,
    folder: Path,
    rows: int,
    device: torch.device,
    validates: bool,
    measured_first: bool,
    cards: int = 0,
    seq2seq: bool = False,
    limit: int = -1,
) -> TrainingArguments:
    """Make the Trainer's arguments.

    folder: of the checkpoints. rows: training examples. validates: whether there is a validation split. measured_first:
    whether to evaluate before the first step. cards: graphics cards; NCCL serves one process on each, gloo any number.
    limit: steps, -1 for whole epochs.
    """
    every = max(1, round(config.evaluate_every * steps_an_epoch(rows, shares)))
    options: dict[str, Any] = {
        "output_dir": str(folder),
        "per_device_train_batch_size": shares.micro,
        "per_device_eval_batch_size": 2 * shares.micro,  # no gradients: half the memory a text
        "gradient_accumulation_steps": shares.accumulate,
        "num_train_epochs": config.epochs,
        "max_steps": limit,
        "learning_rate": config.learning_rate,
        "lr_scheduler_type": "linear",
        "warmup_steps": config.warmup,  # below 1 it is a share of the steps
        "weight_decay": config.weight_decay,
        "max_grad_norm": config.clip,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,  # a NaN is an end here, not something to average away
        "eval_strategy": "steps" if validates else "no",
        "eval_steps": every,
        "eval_on_start": validates and measured_first and limit < 0,
        "save_strategy": "steps" if limit < 0 else "no",
        "save_steps": every,
        "metric_for_best_model": "eval_loss" if validates else None,
        "greater_is_better": False,
        "seed": config.seed,
        "use_cpu": device.type == "cpu",
        "ddp_backend": "gloo" if shares.processes > max(1, cards) else None,
        "remove_unused_columns": False,
        "label_names": ["labels"],
        "dataloader_pin_memory": device.type == "cuda",
        f"{RECOMPUTING}_checkpointing": config.recompute,
        f"{RECOMPUTING}_checkpointing_kwargs": REENTRANT if config.recompute else None,
        "report_to": "none",
        "disable_tqdm": True,
    }
    made = (Seq2SeqTrainingArguments if seq2seq else TrainingArguments)(**options)
    use_one_gpu(made)
    return made


def use_one_gpu(arguments: TrainingArguments) -> None:
    """Keep the Trainer of a process from wrapping the model in `torch.nn.DataParallel` over all GPUs."""
    if arguments.n_gpu > 1:
        arguments._n_gpu = 1  # noqa: SLF001 - see poetas.util.private_apis
