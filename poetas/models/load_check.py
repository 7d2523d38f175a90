"""Check that a folder's configuration and weights belong together, by loading it without memory for weights.

The model is built without memory for its weights (torch's device "meta") and filled by transformers' own loader, which
knows every kind's names, old and new, and which weights are tied. What it would invent is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from poetas.models.safetensors_stream import Slot

# Keys of config.json by which a library makes that many parts, or parts of that size, before it sees a weight.
_PARTS = re.compile(r"(?:layer|block|expert|depth|stage)s?$")
_SIDES = re.compile(r"(?:size|dim|width|rank|head|embd|inner|d_model|d_ff|d_kv)s?$")
_FEW = 1024  # parts that cost nothing: experts may all lie in one tensor


def check_config(config: dict[str, Any], slots: list[Slot]) -> None:
    """Raise ValueError where a configuration asks for more parts, or larger ones, than the weights can fill.

    >>> check_config({"num_hidden_layers": 10**9}, [Slot("a", (2, 2))])
    Traceback (most recent call last):
    ...
    ValueError: config.json: num_hidden_layers is 1000000000, and the file has 1 tensors
    """
    weights = sum(slot.size for slot in slots)
    if not weights:
        raise ValueError("no tensor holds anything")
    for key, value in _numbers(config):
        if _PARTS.search(key) and value > max(_FEW, len(slots)):
            raise ValueError(f"config.json: {key} is {value}, and the file has {len(slots)} tensors")
        if _SIDES.search(key) and value > max(_FEW, weights):
            raise ValueError(f"config.json: {key} is {value}, and the file has {weights} bytes of weights")


def _numbers(value: Any, key: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield key, value
    elif isinstance(value, dict | list):
        inside: Iterable[tuple[str, Any]] = (
            value.items() if isinstance(value, dict) else ((key, item) for item in value)
        )
        for name, item in inside:
            yield from _numbers(item, name)


def try_loading(folder: Path) -> None:
    """Load a converted folder as generation and training do, without memory for its weights.

    Raises ValueError where a weight would be missing or has another shape, or where transformers cannot read the
    folder; NotImplementedError where the model needs a package that is not here.
    """
    from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer  # noqa: PLC0415
    from transformers.utils.logging import disable_progress_bar  # noqa: PLC0415 - heavy: the fetching process alone

    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        make = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
        loaded: Any = make.from_pretrained(
            folder,
            device_map="meta",
            attn_implementation="sdpa",
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=False,
            ignore_mismatched_sizes=True,  # they are in the report, by name
            output_loading_info=True,
        )
    except ImportError as error:
        raise NotImplementedError(str(error)) from error
    except MemoryError:
        raise
    except Exception as error:  # of any kind: libraries check a configuration in many ways, or not at all
        raise ValueError(f"{type(error).__name__}: {error}") from error
    report = loaded[1]
    wrong = [*report["missing_keys"], *(name for name, *_shapes in report["mismatched_keys"])]
    if wrong or report["error_msgs"]:
        names = ", ".join(sorted(wrong)[:5]) or str(report["error_msgs"])[:200]
        raise ValueError(f"{len(wrong)} weights are missing or of another shape: {names}")
