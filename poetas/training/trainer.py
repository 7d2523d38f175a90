"""Subclasses of `transformers.Trainer`: loss as the exact mean over labels, resumable order, sealed checkpoints.

The private methods that are overridden stand in `poetas.util.private_apis`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import Seq2SeqTrainer, Trainer
from transformers.trainer_utils import EvalLoopOutput

from poetas.training.checkpoints import seal, sweep_after_save
from poetas.training.distributed import shared_device, wait_for_all
from poetas.training.errors import loss_is_nan
from poetas.training.length_grouped_sampler import LengthGroupedSampler
from poetas.training.lora import read_adapter, write_adapter
from poetas.training.recorded_steps import RecordedSteps
from poetas.util.heap_trim import give_back_heap

# Batches of many lengths leave holes in the heap: the demo's training took 1,880 to 1,940 MB, and 1,782 to 1,803 MB
# with the holes given back every 8 or 20 steps. Giving them back at every step doubles the time that the system takes.
_STEPS_A_TRIM = 10


class LabelTrainer(Trainer):
    """A Trainer for a model prepared by `label_only_forward.use_label_only_forward`.

    order: of the training examples. seal_metadata: called at every save for what the checkpoint's seal should hold.
    asked_to_stop: the same answer in every process; a long evaluation is then left unfinished. steps: that a graphics
    card plays back, None where there are none.
    """

    model: Any

    def __init__(
        self,
        *,
        order: LengthGroupedSampler,
        seal_metadata: Callable[[], dict[str, Any]],
        asked_to_stop: Callable[[], bool],
        steps: RecordedSteps | None = None,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.order = order
        self.tokens = 0  # seen by this process in this run
        self._seal_metadata = seal_metadata
        self._parent = Path(self.args.output_dir or "")
        self._asked_to_stop = asked_to_stop
        self._evaluated = False
        self._steps = steps
        self._until_trim = _STEPS_A_TRIM

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        """Do a step, or raise LossIsNaN before the optimiser can spread what is no number."""
        self._trim()
        self.tokens += int(inputs["attention_mask"].sum()) + self._apart(inputs)
        loss: torch.Tensor = (
            super().training_step(model, inputs, num_items_in_batch)
            if self._steps is None
            else self._steps.step(inputs, num_items_in_batch)
        )
        if not bool(torch.isfinite(loss)):
            raise loss_is_nan(self.state.global_step + 1, float(self.args.learning_rate))
        return loss

    def _trim(self) -> None:
        """Give the heap's holes back now and then; a graphics card has an allocator of its own."""
        self._until_trim -= 1
        if not self._until_trim and self.args.device.type == "cpu":
            give_back_heap()
            self._until_trim = _STEPS_A_TRIM

    def _apart(self, inputs: dict[str, Any]) -> int:  # noqa: ARG002 - only seq2seq has labels apart
        return 0

    def evaluation_loop(self, dataloader: Any, *_: Any, metric_key_prefix: str = "eval", **__: Any) -> EvalLoopOutput:
        """Measure the mean loss over all labels of the split (not the mean of the batches' means), in nats.

        NaN where a stop left it unfinished. The random state is restored afterwards, so that training goes on as if
        nothing had been evaluated.
        """
        self.model.eval()
        loss, labels, rows = 0.0, 0, 0
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            for batch in dataloader:
                sums = self.model(**{name: value.to(self.args.device) for name, value in batch.items()})
                place = shared_device(self.args.device)
                own = (sums["row_loss"].to(place).double(), sums["row_labels"].to(place))
                row_loss, row_labels = self.accelerator.gather_for_metrics(own)
                loss, labels, rows = loss + float(row_loss.sum()), labels + int(row_labels.sum()), rows + len(row_loss)
                self.control = self.callback_handler.on_prediction_step(self.args, self.state, self.control)
                if self._asked_to_stop():
                    loss = float("nan")
                    break
                if not math.isfinite(loss):
                    raise loss_is_nan(self.state.global_step, float(self.args.learning_rate))
        return EvalLoopOutput(np.empty(0), None, {f"{metric_key_prefix}_loss": loss / max(1, labels)}, rows)

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """Evaluate; where a stop had left the evaluation of the resumed step out, compare it with the best now.

        After any other evaluation the Trainer compares by itself.
        """
        resumed = bool(self.args.eval_on_start and not self._evaluated and self.state.global_step)
        self._evaluated = True
        metrics: dict[str, float] = super().evaluate(*args, **kwargs)
        best, loss = self.state.best_metric, metrics.get("eval_loss", math.nan)
        if resumed and (loss < best if best is not None else math.isfinite(loss)):
            self.state.best_metric, self.state.best_global_step = loss, self.state.global_step
            self.control = self.callback_handler.on_save(self.args, self.state, self.control)
        return metrics

    def floating_point_ops(self, inputs: dict[str, Any]) -> int:  # noqa: ARG002 - as the base class has it
        """Not counted: nothing here uses it, and counting walks over all weights at every step."""
        return 0

    def _get_train_sampler(self, *_: Any) -> LengthGroupedSampler:
        return self.order

    def save_model(self, output_dir: str | None = None, _internal_call: bool = False) -> None:  # noqa: FBT001, FBT002 - as the base class
        """Write the adapter's two files into ``output_dir``; the base model is frozen and not saved."""
        if self.args.should_save:
            folder = Path(output_dir or self._parent)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_adapter(self.model, folder)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        read_adapter(model or self.model, Path(resume_from_checkpoint))

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        wait_for_all(self.args.device)  # each process writes its own random state
        if self.args.should_save:
            seal(self._parent / f"checkpoint-{self.state.global_step}", self._seal_metadata())
            sweep_after_save(self._parent, self.state.global_step, self.state.best_global_step)


class LabelSeq2SeqTrainer(LabelTrainer, Seq2SeqTrainer):
    """The same for models in which an encoder reads and a decoder writes."""

    def _apart(self, inputs: dict[str, Any]) -> int:
        return int((inputs["labels"] >= 0).sum())
