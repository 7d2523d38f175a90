"""Speed and memory of a graphics card: the usual recipe beside ours, the matrix product's peak, forms of the loss."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, TaskType, get_peft_model
from torch import nn
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    DataCollatorForSeq2Seq,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from benchmarks.card_runs import tidy
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.device import native_bfloat16
from poetas.generation.prompt_templates import PromptStyle
from poetas.generation.tokenizer_loading import load_tokenizer
from poetas.training.config import TrainingConfig
from poetas.training.loss_choice import FORMS, LossChoice, measure_losses, seconds_of
from poetas.training.row_encoding import Examples, encode_rows
from poetas.training.training_request import find_model

ROOM = 4096
EDGE = 8192  # rows and columns of the matrices whose product says what a card can do


@dataclass(frozen=True, slots=True)
class Pace:
    """Tokens a second, padding not counted, and bytes at the highest point: in tensors, and taken from the card."""

    tokens_per_second: float
    allocated: int
    reserved: int


class _Clock(TrainerCallback):
    """Seconds of the steps, until the card has done them, as `poetas.training.callback` measures ours."""

    def __init__(self, device: torch.device) -> None:
        self.seconds = self._begun = 0.0
        self._device = device

    def on_step_begin(self, *_given: Any, **_more: Any) -> None:
        """Note the time."""
        self._begun = time.perf_counter()

    def on_step_end(self, *_given: Any, **_more: Any) -> None:
        """Add the step, once the card has done it."""
        if self._device.type == "cuda":
            torch.cuda.synchronize(self._device)
        self.seconds += time.perf_counter() - self._begun


def examples(model: Path, dataset: Path, longest: int) -> Examples:
    """The training texts of a dataset as token ids."""
    rows = PreparedDataset.open(dataset).rows("train")
    return encode_rows(
        load_tokenizer(model), PromptStyle.of("plain", "es"), rows, task="summary", longest=longest, room=ROOM
    )


def usual_recipe(model: Path, dataset: Path, folder: Path, config: TrainingConfig, device: torch.device) -> Pace:
    """Train with transformers and PEFT as their guides say.

    `Trainer`, LoRA on all linear layers, bfloat16 where the card has it, batches padded to their longest text, the
    loss of the whole logits. The same texts, batch, epochs, rank and rate.
    """
    encoded = examples(find_model(str(model)), dataset, config.longest)
    items = [{"input_ids": item.input_ids, "labels": item.labels} for item in encoded.items]
    tokenizer = load_tokenizer(model)
    tokenizer.padding_side = "right"
    able = native_bfloat16(device)
    dtype = torch.bfloat16 if able else torch.float32
    plain: Any = AutoModelForCausalLM.from_pretrained(model, dtype=dtype, local_files_only=True)
    lora = LoraConfig(
        r=config.lora_rank, lora_alpha=config.lora_alpha, target_modules="all-linear", task_type=TaskType.CAUSAL_LM
    )
    _restart(device)
    clock = _Clock(device)
    trainer = Trainer(
        model=get_peft_model(plain.to(device), lora),
        args=TrainingArguments(
            output_dir=str(folder),
            per_device_train_batch_size=config.batch_size,
            num_train_epochs=config.epochs,
            learning_rate=config.learning_rate,
            bf16=able,
            use_cpu=device.type == "cpu",
            save_strategy="no",
            logging_steps=10,
            report_to="none",
            disable_tqdm=True,
        ),
        train_dataset=items,
        data_collator=DataCollatorForSeq2Seq(tokenizer, pad_to_multiple_of=8),
        callbacks=[clock],
    )
    trainer.train()
    return Pace(config.epochs * sum(encoded.lengths) / clock.seconds, *_peaks(device))


def our_pace(run: Callable[[], dict[str, Any]], device: torch.device) -> tuple[Pace, dict[str, Any]]:
    """Run one of our trainings; return its pace and its result. What choosing took from the card counts as well."""
    _restart(device)
    result = run()
    allocated, reserved = _peaks(device)
    reserved = max(reserved, int(result["how"]["choosing_mb"] * 1e6))
    return Pace(result["tokens_per_second"], allocated, reserved), result


def peak(device: torch.device, *, small: bool) -> tuple[float, str]:
    """Operations a second of a large matrix product, in the type that trainings use there, and its name."""
    edge = 256 if small else EDGE
    dtype = torch.bfloat16 if native_bfloat16(device) else torch.float32
    left, right = (_random(edge, edge, device).to(dtype) for _ in range(2))
    return 2 * edge**3 / seconds_of(lambda: left @ right, device), str(dtype).removeprefix("torch.")


def operations(model: Path, dataset: Path, config: TrainingConfig) -> float:
    """Operations of a training for each token: frozen layers forward and backward, and the head where labels are.

    The adapter's own, attention and what is computed for padding are not counted.
    """
    encoded = examples(model, dataset, config.longest)
    with torch.device("meta"):
        shape = AutoModelForCausalLM.from_config(_config(model))  # type: ignore[no-untyped-call]
    head = shape.get_output_embeddings()
    layers: int = sum(
        part.weight.numel() for part in shape.modules() if isinstance(part, nn.Linear) and part is not head
    )
    return 4.0 * (layers + int(head.weight.numel()) * sum(encoded.labels) / sum(encoded.lengths))


def loss_forms(model: Path, labels: int, device: torch.device) -> LossChoice:
    """Time our forms of the loss, and torch's own `linear_cross_entropy` where it has one, on a random head."""
    config = _config(model)
    able = native_bfloat16(device)
    head = _random(config.vocab_size, config.hidden_size, device).to(torch.bfloat16 if able else torch.float32)
    ours = measure_losses(head, labels, FORMS, autocast=torch.bfloat16 if able else None)
    theirs = getattr(nn.functional, "linear_cross_entropy", None)
    if theirs is None:
        return ours
    forms = {"torch": partial(_theirs, theirs, None)}
    if hasattr(nn, "LinearCrossEntropyOptions"):
        forms["torch, in chunks"] = partial(_theirs, theirs, nn.LinearCrossEntropyOptions())
    others: dict[str, float] = {}
    for name, form in forms.items():
        try:
            others |= measure_losses(head, labels, {name: form}, autocast=None).times
        except (RuntimeError, TypeError, ValueError) as error:
            print(f"  {name}: {type(error).__name__}: {str(error)[:100]}")
    return LossChoice(ours.name, {**ours.times, **others})


def _theirs(form: Any, options: Any, hidden: torch.Tensor, head: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    losses: torch.Tensor = form(hidden.to(head.dtype), head, labels, reduction="none", options=options)
    return losses


def _random(rows: int, columns: int, device: torch.device) -> torch.Tensor:
    """Random numbers, by a generator of their own: a recording that failed leaves the card's own unusable."""
    generator = torch.Generator(device=device).manual_seed(rows)
    return torch.randn(rows, columns, device=device, generator=generator)


def _config(model: Path) -> Any:
    return AutoConfig.from_pretrained(model, local_files_only=True)


def _restart(device: torch.device) -> None:
    tidy()
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)


def _peaks(device: torch.device) -> tuple[int, int]:
    if device.type != "cuda":
        return 0, 0
    return int(torch.cuda.max_memory_allocated(device)), int(torch.cuda.max_memory_reserved(device))
