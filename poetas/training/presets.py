"""The three presets of `TrainingConfig`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from poetas.i18n import _
from poetas.training.config import TrainingConfig


@dataclass(frozen=True, slots=True)
class Preset:
    """One ready setting."""

    name: str
    config: TrainingConfig

    @property
    def label(self) -> str:
        """What its button says."""
        return {"rapido": _("Rápido"), "equilibrado": _("Equilibrado"), "a-fondo": _("A fondo")}[self.name]

    @property
    def what(self) -> str:
        """What it is for, in one sentence."""
        return {
            "rapido": _("Una sola vuelta: para ver si va, en el menor tiempo."),
            "equilibrado": _("Lo que mejor nos dio con conjuntos chicos, sin demorar de más."),
            "a-fondo": _(
                "Más vueltas, correcciones más chicas y más lugar para notas: para cuando hay tiempo y textos."
            ),
        }[self.name]

    def made(self, config: TrainingConfig) -> bool:
        """Tell whether a configuration is this preset's. The longest text does not count: the dataset decides it.

        >>> PRESETS["rapido"].made(PRESETS["rapido"].config.within(90)), PRESETS["rapido"].made(TrainingConfig())
        (True, False)
        """
        names = [name for name in TrainingConfig.names(shown=True) if name != "longest"]
        return all(getattr(self.config, name) == getattr(config, name) for name in names)


PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("rapido", TrainingConfig(epochs=1, learning_rate=3e-4, batch_size=2, lora_rank=8, longest=256)),
        Preset("equilibrado", TrainingConfig()),
        Preset("a-fondo", TrainingConfig(epochs=5, learning_rate=1e-4, batch_size=4, lora_rank=32, longest=768)),
    )
}
