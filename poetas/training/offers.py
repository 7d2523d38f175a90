"""What would fit, where a run does not: the smallest changes first, each with its minutes and memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from poetas.i18n import _, duration, number, size
from poetas.training.config import TrainingConfig
from poetas.training.estimate import Estimate, Measurement, estimate

MOST = 3
_LENGTHS = (512, 384, 256, 192, 128, 96, 64)


@dataclass(frozen=True, slots=True)
class Offer:
    """A change that fits. text: it in words. changes: knobs to set."""

    text: str
    changes: dict[str, Any]
    estimate: Estimate

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values, with ``seconds`` and ``memory``."""
        return {
            "text": self.text,
            "changes": self.changes,
            "seconds": self.estimate.seconds,
            "memory": self.estimate.memory,
        }


def offers(found: Measurement, config: TrainingConfig, *, free: int = 0) -> list[Offer]:
    """Return up to three changes that fit, what changes the result least first; none where nothing helps."""
    made: list[Offer] = []
    for words, changes in _candidates(config):
        told = estimate(found, replace(config, **changes), free=free)
        if told.fits:
            made.append(Offer(f"{words} ({duration(told.seconds)}, {size(told.memory)})", changes, told))
        if len(made) == MOST:
            break
    return made


def _candidates(config: TrainingConfig) -> Iterator[tuple[str, dict[str, Any]]]:
    if config.micro_batch > 1:
        half = -(-config.batch_size // (config.micro_batch // 2))
        for parts in dict.fromkeys((half, config.batch_size)):
            yield (
                _("La misma tanda, mirada en {n} partes: da lo mismo y usa menos memoria").format(n=number(parts)),
                {"accumulate": parts},
            )
    frugal: dict[str, Any] = {"accumulate": config.batch_size, "recompute": True}
    if not config.recompute:
        yield _("Rehacer cuentas en lugar de recordarlas: da lo mismo y tarda más"), frugal
    for longest in _LENGTHS:
        if longest < config.longest:
            words = _("Leer hasta {n} tokens de cada texto").format(n=number(longest))
            yield words, {**frugal, "longest": longest}
    if config.lora_rank > 4:  # noqa: PLR2004 - less saves nothing that counts
        yield _("Un adaptador con menos lugar, y textos de 64 tokens"), {**frugal, "longest": 64, "lora_rank": 4}
