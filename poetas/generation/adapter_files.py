"""Validation of an adapter's folder against the model in memory, before PEFT loads it.

A folder may come from anywhere, and PEFT does what a description says before it sees a weight: it makes layers of any
size, runs patterns, and for some kinds (PiSSA, OLoRA, CorDA, LoftQ) changes the base. So the description that PEFT is
given is written here, from the few keys that plain LoRA needs, once the file is known to hold just those layers.
"""

from __future__ import annotations

from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

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
# The norm of a factor, and of what two of them add to a layer. Adam moves a weight by the learning rate in a step: 5e-3
# at most, so by 100 in 20,000 steps, which makes norms of 1e5 and 1e10 in the largest of layers.
_LARGEST = 1e12


def check_adapter(folder: Path) -> dict[str, Any]:
    """Read an adapter's configuration and check that it is a whole LoRA adapter. Raises BadAdapter."""
    if not inside(folder.parent, folder):
        raise bad_adapter("the folder is a link that leads elsewhere")
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
    check_numbers(folder, described)
    return plan


def check_numbers(folder: Path, described: dict[str, Any]) -> None:
    """Raise BadAdapter where a number is none, or what no training gives, or the weights cannot be read.

    A weight of 1e30 is finite, and the text that is written with it is not.
    """
    try:
        scale = _scale(described)
        norms = _norms(folder)
    except (OSError, ValueError, SafetensorError) as error:
        raise bad_adapter(str(error)) from error
    for name, norm in norms.items():
        change = scale * norm * norms.get(f"{name.removesuffix(_DOWN)}{_UP}", 1.0) if name.endswith(_DOWN) else norm
        if not max(norm, change) <= _LARGEST:  # NaN as well
            raise adapter_not_finite(f"{name}: a norm of {norm:g}, and a change of {change:g}")


def _scale(described: dict[str, Any]) -> float:
    """What an adapter's changes are multiplied by. Raises ValueError for a bad rank, BadAdapter for a bad alpha."""
    rank, alpha = described.get("r"), described.get("lora_alpha")
    if type(rank) is not int or rank < 1:
        raise ValueError(f"{CONFIG}: r is {str(rank)[:80]}")
    if isinstance(alpha, bool) or not isinstance(alpha, int | float) or not 0 < alpha <= _STRONGEST:
        raise adapter_not_finite(f"{CONFIG}: lora_alpha is {str(alpha)[:80]}")
    return float(alpha / (sqrt(rank) if described.get("use_rslora") else rank))


def _plain_lora(described: dict[str, Any]) -> LoraConfig:
    for key, value in described.items():
        if key not in _USED | _IGNORED and key in _defaults() and not _neutral(key, value):
            raise ValueError(f"{CONFIG}: {key} is {str(value)[:80]}, which is not plain LoRA")
    start = described.get("init_lora_weights", True)
    if not any(start is item or (isinstance(start, str) and start == item) for item in _HARMLESS):
        raise ValueError(f"{CONFIG}: init_lora_weights is {str(start)[:80]}, which changes the base")
    _scale(described)
    layers = described.get("target_modules")
    if not isinstance(layers, list) or not layers or not all(isinstance(name, str) and name for name in layers):
        raise ValueError(f"{CONFIG}: target_modules is no list of names")
    flags = {key: described.get(key, False) for key in ("use_rslora", "fan_in_fan_out")}
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise ValueError(f"{CONFIG}: {flags}")
    options: dict[str, Any] = {key: described[key] for key in ("r", "lora_alpha", "target_modules")} | flags
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


def _norms(folder: Path) -> dict[str, float]:
    """Return the norm of each tensor, NaN or infinity where it holds one; one tensor is in memory at a time."""
    with safe_open(folder / WEIGHTS, framework="pt") as file:
        return {name: file.get_tensor(name).double().norm().item() for name in file.keys()}  # noqa: SIM118 - no mapping


@cache
def _defaults() -> dict[str, Any]:
    defaults: dict[str, Any] = LoraConfig().to_dict()  # type: ignore[no-untyped-call]
    return defaults


def _neutral(key: str, value: Any) -> bool:
    return not value or value == _defaults()[key]
