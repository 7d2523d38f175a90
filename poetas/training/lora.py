"""LoRA adapter of a model in training: added around every linear layer, saved and read back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from peft.tuners.lora import LoraLayer
from safetensors.torch import load_file, save_file

from poetas.generation.adapter_files import CONFIG, WEIGHTS
from poetas.training.config import TrainingConfig
from poetas.util.files import write_json

ADAPTER = "default"


def add_adapter(model: Any, config: TrainingConfig, *, name: str, seq2seq: bool, autocast: bool) -> PeftModel:
    """Put a fresh adapter around every linear layer of ``model`` but its output head, and freeze all the rest.

    It starts as no change at all (one of its two factors is zero), in float32. name: of the base model, written into
    the adapter's description instead of a path of this machine. autocast: whether products are computed in bfloat16.
    """
    torch.manual_seed(config.seed)
    described = LoraConfig(
        r=config.lora_rank,
        lora_alpha=config.lora_alpha,
        lora_dropout=config.dropout,
        target_modules="all-linear",
        task_type=TaskType.SEQ_2_SEQ_LM if seq2seq else TaskType.CAUSAL_LM,
    )
    adapted = get_peft_model(model, described, adapter_name=ADAPTER)
    adapted.peft_config[ADAPTER].base_model_name_or_path = name
    if autocast:
        for layer in adapted.modules():
            if isinstance(layer, LoraLayer):  # otherwise each layer turns its input to float32, and back at once
                layer.cast_input_dtype_enabled = False
    return adapted


def count_trained(model: PeftModel) -> int:
    """How many weights learn."""
    return sum(weight.numel() for weight in model.parameters() if weight.requires_grad)


def write_adapter(model: PeftModel, folder: Path) -> None:
    """Write the adapter's two files into a folder that exists."""
    state = {name: weight.detach().cpu().contiguous() for name, weight in _state(model).items()}
    save_file(state, folder / WEIGHTS, metadata={"format": "pt"})
    described = model.peft_config[ADAPTER].to_dict()
    described["inference_mode"] = True
    write_json(folder / CONFIG, {key: _plain(value) for key, value in described.items()}, mode=0o600)


def read_adapter(model: PeftModel, folder: Path) -> None:
    """Put a saved adapter's weights into the one in place. Raises ValueError where they do not belong together."""
    state = load_file(folder / WEIGHTS)
    present = _state(model)
    if {name: value.shape for name, value in state.items()} != {name: value.shape for name, value in present.items()}:
        raise ValueError("the saved adapter is of another shape")
    set_peft_model_state_dict(model, state)


def _state(model: PeftModel) -> dict[str, torch.Tensor]:
    """The adapter's weights. The embeddings are frozen; left to itself, PEFT asks the Hub whether they changed."""
    state: dict[str, torch.Tensor] = get_peft_model_state_dict(model, save_embedding_layers=False)
    return state


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, set) else value
