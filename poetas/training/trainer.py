"""`transformers.Trainer` as it is used here: exact means over labels, an order that can be resumed, sealed saves."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import SequentialSampler
from transformers import Seq2SeqTrainer, Trainer
from transformers.trainer_utils import EvalLoopOutput

from poetas.training.batches import LengthGroupedOrder
from poetas.training.checkpoints import seal, sweep_after_save
from poetas.training.errors import loss_is_nan
from poetas.training.lora import read_adapter, write_adapter


class LabelTrainer(Trainer):
    """A Trainer for a model that `forward.lighten` has prepared.

    order: of the training examples. seal_metadata: called at every save for what the checkpoint's seal should hold.
    asked_to_stop: the same answer in every process; a long evaluation is then left unfinished.
    """

    model: Any

    def __init__(
        self,
        *,
        order: LengthGroupedOrder,
        seal_metadata: Callable[[], dict[str, Any]],
        asked_to_stop: Callable[[], bool],
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.order = order
        self.tokens = 0  # seen by this process in this run
        self._seal_metadata = seal_metadata
        self._parent = Path(self.args.output_dir or "")
        self._asked_to_stop = asked_to_stop

    def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> torch.Tensor:
        """Do a step, or raise LossIsNaN before the optimiser can spread what is no number."""
        self.tokens += int(inputs["attention_mask"].sum()) + self._apart(inputs)
        loss: torch.Tensor = super().training_step(model, inputs, num_items_in_batch)
        if not bool(torch.isfinite(loss)):
            raise loss_is_nan(self.state.global_step + 1, float(self.args.learning_rate))
        return loss

    def _apart(self, inputs: dict[str, Any]) -> int:  # noqa: ARG002 - only seq2seq has labels apart
        return 0

    def evaluation_loop(self, dataloader: Any, *_: Any, metric_key_prefix: str = "eval", **__: Any) -> EvalLoopOutput:
        """Measure the mean loss over all labels of the split (not the mean of the batches' means), in nats.

        NaN where a stop left it unfinished. No chance is drawn, so that what is trained after it is the same with it
        and without it.
        """
        self.model.eval()
        loss, labels, rows = 0.0, 0, 0
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            for batch in dataloader:
                found = self.model(**self._prepare_inputs(batch))
                told = self.accelerator.gather_for_metrics((found["row_loss"].double(), found["row_labels"]))
                loss, labels, rows = loss + float(told[0].sum()), labels + int(told[1].sum()), rows + len(told[0])
                self.control = self.callback_handler.on_prediction_step(self.args, self.state, self.control)
                if self._asked_to_stop():
                    loss = float("nan")
                    break
                if not math.isfinite(loss):
                    raise loss_is_nan(self.state.global_step, float(self.args.learning_rate))
        return EvalLoopOutput(np.empty(0), None, {f"{metric_key_prefix}_loss": loss / max(1, labels)}, rows)

    def _evaluate(self, trial: Any, ignore_keys_for_eval: Any, skip_scheduler: bool = False) -> dict[str, float]:  # noqa: FBT001, FBT002 - as the base class
        metrics: dict[str, float] = super()._evaluate(trial, ignore_keys_for_eval, skip_scheduler)
        late = skip_scheduler and self.state.global_step  # at the beginning of a resumed run: a stop had left it out
        if late and self._determine_best_metric(metrics, trial):
            self.control = self.callback_handler.on_save(self.args, self.state, self.control)
        return metrics

    def floating_point_ops(self, inputs: dict[str, Any]) -> int:  # noqa: ARG002 - as the base class has it
        """Not counted: nothing here uses it, and counting walks over all weights at every step."""
        return 0

    def _get_train_sampler(self, *_: Any) -> LengthGroupedOrder:
        return self.order

    def _get_eval_sampler(self, dataset: Any) -> SequentialSampler:
        return SequentialSampler(dataset)  # sorted by length already

    def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:  # noqa: ARG002 - as the base class
        if self.args.should_save:
            folder = Path(output_dir or self._parent)
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_adapter(self.model, folder)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        read_adapter(model or self.model, Path(resume_from_checkpoint))

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        super()._save_checkpoint(model, trial)
        self.accelerator.wait_for_everyone()  # each process writes its own random state
        if self.args.should_save:
            seal(self._parent / f"checkpoint-{self.state.global_step}", self._seal_metadata())
            sweep_after_save(self._parent, self.state.global_step, self.state.best_global_step)


class LabelSeq2SeqTrainer(LabelTrainer, Seq2SeqTrainer):
    """The same for models in which an encoder reads and a decoder writes."""

    def _apart(self, inputs: dict[str, Any]) -> int:
        return int((inputs["labels"] >= 0).sum())
