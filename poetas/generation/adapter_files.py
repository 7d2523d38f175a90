"""Validation of an adapter's folder against the model in memory, before PEFT loads it.

A folder may come from anywhere, and PEFT does what a description says before it sees a weight: it makes layers of any
size, runs patterns, and for some kinds (PiSSA, OLoRA, CorDA, LoftQ) changes the base. So the description that PEFT is
given is written here, from the few keys that plain LoRA needs, once the file is known to hold just those layers.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from safetensors import SafetensorError, safe_open

from poetas.generation.errors import adapter_not_finite, bad_adapter
from poetas.models.safetensors_stream import read_header
from poetas.util.files import inside, parse_json

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_USED = frozenset({"r", "lora_alpha", "use_rslora", "fan_in_fan_out", "target_modules"})
# Keys that only training reads: where it came from, and how its first weights were made.
_IGNORED = frozenset(
    {"peft_type", "task_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision", "inference_mode"}
    | {"lora_dropout", "init_lora_weights", "loftq_config", "eva_config", "corda_config", "lora_ga_config"}
)
_HARMLESS = (True, False, "gaussian", "orthogonal", "eva")  # beginnings that leave the base as it is
_FLOATS = ("F32", "F16", "BF16")
_ROOT, _DOWN, _UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
_STRONGEST = 1e6  # alpha, where 8 to 64 are usual


def check_adapter(folder: Path) -> dict[str, Any]:
    """Read an adapter's configuration and check that it is a whole LoRA adapter. Raises BadAdapter."""
    for name in (CONFIG, WEIGHTS):
        if not inside(folder, folder / name):
            raise bad_adapter(f"{name} is a link that leads out of its folder")
    try:
        described = parse_json((folder / CONFIG).read_bytes())
    except (OSError, ValueError) as error:
        raise bad_adapter(f"{CONFIG}: {error}") from error
    if not isinstance(described, dict) or described.get("peft_type") != "LORA":
        raise bad_adapter(f"{CONFIG} describes no LoRA adapter")
    if not (folder / WEIGHTS).is_file():
        raise bad_adapter(f"there is no {WEIGHTS}")
    return described


def plan_adapter(folder: Path, model: Any) -> LoraConfig:
    """Describe a folder's adapter for PEFT: its layers are those of ``model``, and no weight of it will change.

    Raises BadAdapter, before anything is allocated.
    """
    described = check_adapter(folder)
    try:
        plan = _plain_lora(described)
        _check_weights(folder, plan, model)
    except (OSError, ValueError, SafetensorError) as error:
        raise bad_adapter(str(error)) from error
    check_finite(folder)
    return plan


def check_finite(folder: Path) -> None:
    """Raise BadAdapter where a weight is NaN or infinity, or the weights cannot be read."""
    try:
        not_finite = _not_finite(folder)
    except (OSError, ValueError, SafetensorError) as error:
        raise bad_adapter(str(error)) from error
    if not_finite:
        raise adapter_not_finite(f"NaN or infinity in {not_finite}")


def _plain_lora(described: dict[str, Any]) -> LoraConfig:
    for key, value in described.items():
        if key not in _USED | _IGNORED and key in _defaults() and not _neutral(key, value):
            raise ValueError(f"{CONFIG}: {key} is {str(value)[:80]}, which is not plain LoRA")
    start = described.get("init_lora_weights", True)
    if not any(start is item or (isinstance(start, str) and start == item) for item in _HARMLESS):
        raise ValueError(f"{CONFIG}: init_lora_weights is {str(start)[:80]}, which changes the base")
    rank, alpha, layers = described.get("r"), described.get("lora_alpha"), described.get("target_modules")
    if type(rank) is not int or rank < 1:
        raise ValueError(f"{CONFIG}: r is {str(rank)[:80]}")
    if not isinstance(alpha, int | float) or not 0 < alpha <= _STRONGEST:
        raise ValueError(f"{CONFIG}: lora_alpha is {str(alpha)[:80]}")
    if not isinstance(layers, list) or not layers or not all(isinstance(name, str) and name for name in layers):
        raise ValueError(f"{CONFIG}: target_modules is no list of names")
    flags = {key: described.get(key, False) for key in ("use_rslora", "fan_in_fan_out")}
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise ValueError(f"{CONFIG}: {flags}")
    options: dict[str, Any] = {"r": rank, "lora_alpha": alpha, "target_modules": layers, **flags}
    return LoraConfig(**options, init_lora_weights=False, inference_mode=True)


def _check_weights(folder: Path, plan: LoraConfig, model: Any) -> None:
    """Raise ValueError where the file does not hold two factors for each layer that PEFT will put one around."""
    slots = {name: entry.slot for name, entry in read_header(folder / WEIGHTS).items()}
    names = {name.removeprefix(_ROOT).removesuffix(_DOWN).removesuffix(_UP) for name in slots}
    ends = tuple(f".{item}" for item in plan.target_modules or ())
    modules = {name: item for name, item in model.named_modules() if f".{name}".endswith(ends)}
    if astray := sorted(names ^ modules.keys()):
        raise ValueError(f"made for another model, or not whole: {astray[:3]}")
    if astray := sorted(slots.keys() ^ {f"{_ROOT}{name}{end}" for name in names for end in (_DOWN, _UP)}):
        raise ValueError(f"not two factors for each layer: {astray[:3]}")
    for name, module in modules.items():
        down, up = slots[f"{_ROOT}{name}{_DOWN}"], slots[f"{_ROOT}{name}{_UP}"]
        sides = sorted(getattr(getattr(module, "weight", None), "shape", ()))  # GPT-2's Conv1D stores the transpose
        matches = [len(item.shape) for item in (down, up)] == [2, 2] and sorted((down.shape[1], up.shape[0])) == sides
        if not matches or not down.shape[0] == up.shape[1] == plan.r:
            raise ValueError(f"{name}: factors of {down.shape} and {up.shape} for {sides} at rank {plan.r}")
        if not {down.dtype, up.dtype} <= set(_FLOATS):
            raise ValueError(f"{name}: {down.dtype}, {up.dtype}")


def _not_finite(folder: Path) -> str | None:
    """Return the name of the first tensor that holds NaN or infinity, or None; one tensor is in memory at a time."""
    with safe_open(folder / WEIGHTS, framework="pt") as file:
        return next((name for name in file.keys() if not torch.isfinite(file.get_tensor(name)).all()), None)  # noqa: SIM118 - no mapping


@cache
def _defaults() -> dict[str, Any]:
    defaults: dict[str, Any] = LoraConfig().to_dict()  # type: ignore[no-untyped-call]
    return defaults


def _neutral(key: str, value: Any) -> bool:
    return not value or value == _defaults()[key]
