"""Configurations that fit where the requested one does not: smallest changes first, each with minutes and memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from poetas.i18n import _, duration, number, size
from poetas.training.config import TrainingConfig, parts_of
from poetas.training.estimate import Estimate, Measurement, estimate

_LENGTHS = (512, 384, 256, 192, 128, 96, 64)


@dataclass(frozen=True, slots=True)
class FallbackConfig:
    """A change that fits. text: its description. changes: hyperparameters to set."""

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


def fallback_configs(measurement: Measurement, config: TrainingConfig, *, free: int = 0) -> list[FallbackConfig]:
    """Return the smallest change of each kind that fits, what leaves the result alone first; none where none helps."""
    made: list[FallbackConfig] = []
    for kind in _candidates(config, measurement.at_once):
        for words, changes in kind:
            predicted = estimate(measurement, replace(config, **changes), free=free)
            if predicted.fits:
                made.append(
                    FallbackConfig(
                        f"{words} ({duration(predicted.seconds)}, {size(predicted.memory)})", changes, predicted
                    )
                )
                break
    return made


def halved(config: TrainingConfig) -> TrainingConfig:
    """Return a configuration that takes less memory, without a measurement: half the batch; then half the length.

    >>> smaller = halved(TrainingConfig(batch_size=2, longest=128)); smaller.batch_size, smaller.longest
    (1, 128)
    >>> smaller = halved(smaller); smaller.batch_size, smaller.longest
    (1, 64)
    """
    if config.batch_size > 1:
        return replace(config, batch_size=config.batch_size // 2)
    return replace(config, longest=min(config.longest, max(_LENGTHS[-1], config.longest // 2 // 16 * 16)))


def _candidates(config: TrainingConfig, at_once: int) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
    """Kinds of change, each from the smallest to the largest."""
    frugal: dict[str, Any] = {"accumulate": config.batch_size, "recompute": True}
    yield _in_parts(config, at_once)
    yield iter(
        [] if config.recompute else [(_("Rehacer cuentas en lugar de recordarlas: tarda más, da lo mismo"), frugal)]
    )
    yield (
        (_("Leer hasta {n} pedacitos de cada texto").format(n=number(longest)), {**frugal, "longest": longest})
        for longest in _LENGTHS
        if longest < config.longest
    )


def _in_parts(config: TrainingConfig, at_once: int) -> Iterator[tuple[str, dict[str, Any]]]:
    micro = config.batch_size // parts_of(config.batch_size, config, at_once) // 2
    while micro:
        parts = -(-config.batch_size // micro)
        words = _("Los mismos textos por corrección, mirados en {n} partes: usa menos memoria, da lo mismo")
        yield words.format(n=number(parts)), {"accumulate": parts}
        micro //= 2
