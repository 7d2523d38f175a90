"""Loading of a base model for training: device, precision, label-only forward, fast norms and a fresh adapter."""

from __future__ import annotations

import torch
from peft import PeftModel

from poetas.data.pipeline.language import guess_language
from poetas.data.storage.dataset_store import PreparedDataset
from poetas.generation.errors import model_not_ready
from poetas.generation.model import LanguageModel, load_model
from poetas.models.model_store import is_whole
from poetas.training.config import TrainingConfig
from poetas.training.distributed import rank
from poetas.training.fast_rmsnorm import use_fast_norms
from poetas.training.hardware_plan import HardwarePlan, choose_device, choose_precision, detect_hardware
from poetas.training.label_only_forward import use_label_only_forward
from poetas.training.lora import add_adapter
from poetas.training.training_request import TrainingRequest


def open_model(request: TrainingRequest, shares: HardwarePlan) -> tuple[LanguageModel, torch.dtype | None]:
    """Load the base model where and how it should be trained; return it, and the type of its products (None: its own).

    Raises ModelNotReady, OutOfMemory, BrokenModel.
    """
    if not is_whole(request.model):
        raise model_not_ready(request.title)
    if torch.cuda.is_available():
        torch.cuda.set_device(rank() % torch.cuda.device_count())
    chip = detect_hardware(choose_device())
    weights = (request.model / "model.safetensors").stat().st_size
    precision = choose_precision(chip, weights, request.training.precision)
    dataset = PreparedDataset.open(request.dataset)
    language = request.language or guess_language(row["text"] for row in dataset.rows("train"))
    model = load_model(request.model, dtype=precision.dtype, language=language)
    torch.set_num_threads(shares.threads)
    return model, torch.bfloat16 if precision.autocast else None


def adapt(model: LanguageModel, config: TrainingConfig, title: str, autocast: torch.dtype | None) -> PeftModel:
    """Make a loaded model ready to learn: lean norms, a loss for labels alone, and a fresh adapter."""
    use_fast_norms(model.model)
    use_label_only_forward(model.model, seq2seq=model.seq2seq, autocast=autocast)
    return add_adapter(model.model, config, name=title, seq2seq=model.seq2seq, autocast=autocast is not None)
