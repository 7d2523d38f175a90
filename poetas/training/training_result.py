"""Result of a finished training run, as the job's ``result.json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import torch

from poetas.environment import peak_rss_mb
from poetas.generation.model import LanguageModel
from poetas.training.encoded_dataset import EncodedDataset
from poetas.training.lora import count_trained
from poetas.training.step_timer import StepTimer
from poetas.training.trainer import LabelTrainer
from poetas.training.training_request import TrainingRequest


def result_of(
    trainer: LabelTrainer, timer: StepTimer, request: TrainingRequest, encoded: EncodedDataset, model: LanguageModel
) -> dict[str, Any]:
    """Return the result of a finished run.

    steps, best_step (of the lowest validation loss; without one, the last), best_loss (None without validation texts),
    first_loss (before the first step), seconds (of the whole run),
    parted (texts in windows), words {learnt, masked, lost} of the training texts, tokens_per_second,
    peak_memory_mb (of the GPU where there is one), peak_rss_mb, losses {training, validation}: [[step, loss]].
    """
    log = trainer.state.log_history
    training = [[int(entry["step"]), float(entry["loss"])] for entry in log if "loss" in entry]
    validation = [[int(entry["step"]), float(entry["eval_loss"])] for entry in log if "eval_loss" in entry]
    validation = [[step, loss] for step, loss in validation if loss == loss]  # noqa: PLR0124 - not NaN
    best = min((pair for pair in validation if pair[0]), key=lambda pair: pair[1], default=None)
    on_gpu = model.device.type == "cuda"
    return {
        "steps": trainer.state.global_step,
        "best_step": trainer.state.best_global_step or trainer.state.global_step,
        "best_loss": best[1] if best else None,
        "first_loss": next((loss for step, loss in validation if step == 0), None),
        "seconds": round(timer.total, 1),
        "training_seconds": round(timer.seconds, 1),
        "tokens": timer.tokens,
        "tokens_per_second": round(timer.tokens / timer.seconds, 1) if timer.seconds else 0.0,
        "peak_memory_mb": round(torch.cuda.max_memory_allocated() / 1e6 if on_gpu else peak_rss_mb(), 1),
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "losses": {"training": training, "validation": validation},
        "adapter": "adapter",
        "trained_weights": count_trained(trainer.model),
        "examples": {"train": len(encoded.train), "validation": len(encoded.validation)},
        "shortened": encoded.train.shortened,
        "left_out": encoded.train.dropped,
        "parted": encoded.train.parted,
        "words": asdict(encoded.train.words),
        "model": request.title,
        "task": encoded.task,
        "language": encoded.language,
        "training": request.training.to_dict(),
        "device": model.device.type,
        "precision": str(model.dtype).removeprefix("torch."),
    }
