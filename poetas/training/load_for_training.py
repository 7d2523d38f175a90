"""Loading of a base model for training: device, precision, label-only forward, lean layers and a fresh adapter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from peft import PeftModel

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.errors import model_not_ready
from poetas.generation.model import LanguageModel, load_model
from poetas.models.model_store import is_whole
from poetas.training.batching import ShapeGrid
from poetas.training.causal_attention import use_causal_attention
from poetas.training.collator import PaddingCollator
from poetas.training.config import TrainingConfig
from poetas.training.distributed import rank
from poetas.training.fast_gated_mlp import use_fast_gated_mlps
from poetas.training.fast_rmsnorm import use_fast_norms
from poetas.training.hardware_plan import HardwarePlan, choose_device, choose_precision, detect_hardware, gpu_count
from poetas.training.label_masking import EncodedExample
from poetas.training.label_only_forward import use_label_only_forward
from poetas.training.lora import add_adapter
from poetas.training.loss_choice import LossChoice, choose_loss
from poetas.training.recorded_steps import recordable
from poetas.training.step_choice import StepChoice, choose_steps, usual_batch, usual_labels
from poetas.training.training_request import TrainingRequest


def open_model(request: TrainingRequest, shares: HardwarePlan) -> tuple[LanguageModel, torch.dtype | None]:
    """Load the base model where and how it should be trained; return it, and the type of its products (None: its own).

    Raises ModelNotReady, OutOfMemory, BrokenModel.
    """
    if not is_whole(request.model):
        raise model_not_ready(request.title)
    if gpu_count():
        torch.cuda.set_device(rank() % torch.cuda.device_count())
    chip = detect_hardware(choose_device())
    weights = (request.model / "model.safetensors").stat().st_size
    precision = choose_precision(chip, weights, request.training.precision)
    dataset = PreparedDataset.open(request.dataset)
    language = request.language or guess_language(row["text"] for row in dataset.rows("train"))
    model = load_model(request.model, dtype=precision.dtype, language=language)
    torch.set_num_threads(shares.threads)
    return model, torch.bfloat16 if precision.autocast else None


@dataclass(frozen=True, slots=True)
class ReadyModel:
    """A loaded model with its fresh adapter, and how its steps are done.

    padding: makes its batches. choosing: bytes that a graphics card gave at most while that was measured.
    """

    adapted: PeftModel
    loss: LossChoice
    steps: StepChoice
    padding: PaddingCollator
    choosing: int = 0

    @property
    def chosen(self) -> dict[str, str]:
        """What a resumed run should do the same way."""
        return {"loss": self.loss.name, "steps": self.steps.name}

    @property
    def how(self) -> dict[str, object]:
        """What was chosen, and the milliseconds of each way that was tried."""
        times = {**self.loss.times, **self.steps.times}
        return {**self.chosen, "ms": times, "failure": self.steps.failure, "choosing_mb": round(self.choosing / 1e6, 1)}


def adapt(
    model: LanguageModel,
    config: TrainingConfig,
    title: str,
    autocast: torch.dtype | None,
    *,
    items: Sequence[EncodedExample],
    shares: HardwarePlan,
    chosen: Mapping[str, object] | None = None,
) -> ReadyModel:
    """Make a loaded model ready to learn: lean layers, attention without a mask, a loss for labels alone, an adapter.

    items: that it will learn from. chosen: `ReadyModel.chosen` of an earlier part of the same run.
    """
    before = chosen or {}
    alone = shares.processes == 1
    head = model.model.get_output_embeddings().weight
    labels = usual_labels(items, shares.micro)
    loss = choose_loss(head, labels, autocast=autocast, chosen=before.get("loss")) if alone else LossChoice()
    use_fast_norms(model.model)
    use_fast_gated_mlps(model.model)
    if not model.seq2seq:
        use_causal_attention(model.model)
    lean = use_label_only_forward(model.model, seq2seq=model.seq2seq, autocast=autocast, loss=loss.loss)
    adapted = add_adapter(model.model, config, name=title, seq2seq=model.seq2seq, autocast=autocast is not None)

    def padding(grid: ShapeGrid) -> PaddingCollator:
        return PaddingCollator(int(model.tokenizer.pad_token_id), model.room, grid=grid, located=lean)

    able = lean and recordable(adapted, device=model.device, config=config, processes=shares.processes)
    steps = choose_steps(adapted, padding, usual_batch(items, shares.micro), able=able, chosen=before.get("steps"))
    choosing = 0
    if model.device.type == "cuda":  # what measuring took is not what learning takes
        choosing = torch.cuda.max_memory_reserved(model.device)
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(model.device)
    return ReadyModel(adapted, loss, steps, padding(steps.grid), choosing)
