"""A LoRA adapter with random weights for the tiny model, in PEFT's own format. Brings torch along."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from peft import LoraConfig, get_peft_model

from poetas.generation.model import load_model


def make_adapter(
    model_folder: Path, folder: Path, seed: int = 0, layers: str | list[str] = "all-linear", spread: float = 0.3
) -> Path:
    """Write a LoRA adapter of the tiny model that visibly changes what it says."""
    weights = sha256((model_folder / "model.safetensors").read_bytes()).hexdigest()
    key = (weights, seed, layers if isinstance(layers, str) else tuple(layers), spread)
    if key not in _made:
        _made[key] = (model_folder, _files(model_folder, seed, layers, spread))
    base, files = _made[key]
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content.replace(str(base).encode(), str(model_folder).encode()))
    return folder


# By weights, seed, layers and spread: the model's folder, and the adapter's files. Many tests ask for the same.
_made: dict[tuple[object, ...], tuple[Path, dict[str, bytes]]] = {}


def _files(model_folder: Path, seed: int, layers: str | list[str], spread: float) -> dict[str, bytes]:
    model = load_model(model_folder, device="cpu", dtype=torch.float32).model
    torch.manual_seed(seed)
    tuned = get_peft_model(model, LoraConfig(r=4, lora_alpha=8, target_modules=layers, task_type="CAUSAL_LM"))
    for name, weight in tuned.named_parameters():
        if "lora_B" in name:
            weight.data = torch.randn_like(weight) * spread
    with TemporaryDirectory() as folder:
        tuned.save_pretrained(folder)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}
