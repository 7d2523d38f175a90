"""A LoRA adapter with random weights for the tiny model, in PEFT's own format. Brings torch along."""

from __future__ import annotations

from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model

from poetas.generation.model import load_model


def make_adapter(
    model_folder: Path, folder: Path, seed: int = 0, layers: str | list[str] = "all-linear", spread: float = 0.3
) -> Path:
    """Write a LoRA adapter of the tiny model that visibly changes what it says."""
    model = load_model(model_folder, device="cpu", dtype=torch.float32).model
    torch.manual_seed(seed)
    tuned = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules=layers, task_type="CAUSAL_LM"))
    for name, weight in tuned.named_parameters():
        if "lora_B" in name:
            weight.data = torch.randn_like(weight) * spread
    tuned.save_pretrained(str(folder))
    return folder
