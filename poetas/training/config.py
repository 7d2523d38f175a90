"""`TrainingConfig`: every hyperparameter with its range, step, default and where the default comes from.

Light: an app's kernel imports it. The label and the description of each, in words, are in `parameter_docs`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import Field, asdict, dataclass, field, fields, replace
from typing import Any, Self

from poetas.training.errors import bad_config, bad_knob
from poetas.training.parameter_docs import parameter_doc
from poetas.training.parameter_spec import Choice, Count, ParameterSpec, Real, Switch

LORA = "Hu et al. 2021, LoRA, arXiv:2106.09685"
QLORA = "Dettmers et al. 2023, QLoRA, arXiv:2305.14314"
MEASURED = "measured on data/samples/noticias with gemma3-270m"
OURS = "a choice of this program"
# Tokens of text that are seen at once, so that memory does not grow with the batch. Seen with gemma3-270m in float32 on
# two cores, texts of 256 tokens: 3.2 GB four at once, 2.5 GB two at once, at about the same tokens a second.
AT_ONCE = 1024


def _knob(default: Any, limits: ParameterSpec) -> Any:
    return field(default=default, metadata={"limits": limits})


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """How to train, checked when made. Raises BadTraining for a value out of its range.

    epochs: times that all texts are seen. learning_rate: the largest of the schedule. batch_size: texts learnt from
    at once. lora_rank: width of the adapter. longest: tokens of each text that are read. The rest is fixed in the
    apps and can be set in a notebook; `limits` tells about each.

    >>> TrainingConfig(epochs=1).to_dict()["epochs"], TrainingConfig.from_dict({"lora_rank": 4}).lora_rank
    (1, 4)
    """

    epochs: int = _knob(2, Count(1, 20, 1, MEASURED))
    learning_rate: float = _knob(2e-4, Real(1e-6, 5e-3, None, QLORA, scale="log"))
    batch_size: int = _knob(4, Count(1, 64, 1, MEASURED, scale="log"))
    lora_rank: int = _knob(16, Count(1, 128, 1, LORA, scale="log"))
    longest: int = _knob(384, Count(16, 4096, 1, MEASURED))
    alpha_ratio: float = _knob(2.0, Real(0.25, 8.0, 0.25, LORA, shown=False))
    dropout: float = _knob(0.0, Real(0.0, 0.5, 0.05, "the default of peft.LoraConfig", shown=False))
    warmup: float = _knob(0.1, Real(0.0, 0.5, 0.05, OURS, shown=False))
    weight_decay: float = _knob(0.0, Real(0.0, 0.3, 0.01, "the default of transformers.TrainingArguments", shown=False))
    clip: float = _knob(1.0, Real(0.0, 100.0, 0.1, "the default of transformers.TrainingArguments", shown=False))
    seed: int = _knob(7, Count(0, 2**31 - 1, 1, OURS, shown=False))
    evaluate_every: float = _knob(0.5, Real(0.05, 20.0, 0.05, OURS, shown=False))
    sample_every: int = _knob(1, Count(0, 100, 1, OURS, shown=False))
    save_minutes: float = _knob(5.0, Real(0.0, 240.0, 1.0, OURS, shown=False))
    accumulate: int = _knob(0, Count(0, 64, 1, MEASURED, shown=False))
    recompute: bool = _knob(default=False, limits=Switch(OURS, shown=False))
    precision: str = _knob("", Choice(("", "bfloat16", "float32"), OURS, shown=False))
    processes: int = _knob(0, Count(0, 64, 1, OURS, shown=False))

    def __post_init__(self) -> None:
        for name, spec_field in _FIELDS.items():
            limits: ParameterSpec = spec_field.metadata["limits"]
            value = getattr(self, name)
            if not limits.allow(value):
                doc = parameter_doc(name)
                raise bad_knob(doc.label, value, limits.describe(doc.unit), name)

    def within(self, longest: int) -> TrainingConfig:
        """The same, reading as much of a text as a dataset was prepared for: ``longest`` tokens, 0 where none is known.

        >>> [TrainingConfig().within(longest).longest for longest in (89, 900, 0)]
        [89, 900, 384]
        """
        limits = self.limits("longest")
        if not longest or not isinstance(limits, Count):
            return self
        return replace(self, longest=int(min(max(longest, limits.low), limits.high)))

    @property
    def micro_batch(self) -> int:
        """Texts that are in memory at once.

        >>> TrainingConfig(batch_size=8, accumulate=4).micro_batch
        2
        """
        return self.batch_size // self.parts

    @property
    def parts(self) -> int:
        """Parts that a batch is seen in on a processor, see `parts_of`."""
        return parts_of(self.batch_size, self)

    @property
    def lora_alpha(self) -> int:
        """What the adapter's work is multiplied by, times the rank; at least 1."""
        return max(1, round(self.alpha_ratio * self.lora_rank))

    @classmethod
    def limits(cls, name: str) -> ParameterSpec:
        """Range, step and source of a knob. Raises KeyError for a name that is none."""
        spec: ParameterSpec = _FIELDS[name].metadata["limits"]
        return spec

    @classmethod
    def default(cls, name: str) -> Any:
        """The value a knob has unless it is set."""
        return _FIELDS[name].default

    @classmethod
    def names(cls, *, shown: bool = False) -> tuple[str, ...]:
        """Names of all knobs, or of those that the apps show."""
        return tuple(name for name in _FIELDS if not shown or cls.limits(name).shown)

    @classmethod
    def from_dict(cls, value: object) -> Self:
        """Read a configuration from JSON; what is not given keeps its default.

        Raises BadTraining for anything but a mapping of known knobs to values within their ranges: a job's folder
        is untrusted input.
        """
        if not isinstance(value, Mapping):
            raise bad_config(f"a {type(value).__name__} is no configuration")
        unknown = sorted(str(key)[:40] for key in value if key not in _FIELDS)
        if unknown:
            raise bad_config(f"unknown: {', '.join(unknown[:5])}")
        return cls(**{name: cls.limits(name).plain(given) for name, given in value.items()})

    def to_dict(self) -> dict[str, Any]:
        """Return all knobs as JSON values, which `from_dict` reads back to an equal configuration."""
        return asdict(self)


def parts_of(texts: int, config: TrainingConfig, at_once: int = AT_ONCE) -> int:
    """Equal parts that so many texts are seen in: at least ``accumulate``; where that is 0, as few as can be.

    at_once: tokens that are seen at once. Equal, so that a step learns from just as many texts as were asked for.

    >>> [parts_of(8, TrainingConfig(longest=longest)) for longest in (64, 384, 4096)]
    [1, 4, 8]
    >>> parts_of(5, TrainingConfig(longest=384)), parts_of(4, TrainingConfig(accumulate=3))
    (5, 4)
    """
    parts_wanted = config.accumulate or math.ceil(texts / max(1, at_once // config.longest))
    return next(parts for parts in range(min(parts_wanted, texts), texts + 1) if texts % parts == 0)


_FIELDS: Mapping[str, Field[Any]] = {spec_field.name: spec_field for spec_field in fields(TrainingConfig)}
