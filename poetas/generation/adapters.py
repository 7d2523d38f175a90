"""LoRA adapters (through PEFT) of one base model in memory, one of them active at a time.

The base's weights are in memory once, and no adapter changes them. An adapter is a folder with ``adapter_config.json``
and ``adapter_model.safetensors``; no other format is opened, because a pickle can run code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from peft import PeftModel
from safetensors import SafetensorError

from poetas.generation.adapter_files import plan_adapter
from poetas.generation.errors import bad_adapter


class Adapters:
    """The adapters of one model. ``model`` is changed in place: LoRA layers are put around its linear layers."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._peft: Any = None
        self._names: dict[str, Path] = {}
        self._active: str | None = None
        self._count = 0

    @property
    def active(self) -> str | None:
        """Name of the active adapter, None for the base alone."""
        return self._active

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the adapters in memory."""
        return tuple(self._names)

    def add(self, folder: Path) -> str:
        """Load an adapter and return the name it has here; it is not active until `use`. Raises BadAdapter."""
        plan = plan_adapter(folder, self._model)
        self._count += 1
        name = f"adapter{self._count}"
        before = self._active
        try:
            if self._peft is None:
                self._peft = PeftModel(self._model, plan, adapter_name=name, autocast_adapter_dtype=False)
            else:
                self._peft.add_adapter(name, plan, autocast_adapter_dtype=False)
            result = self._peft.load_adapter(
                str(folder), name, is_trainable=False, autocast_adapter_dtype=False, local_files_only=True
            )
            astray = [key for key in result.missing_keys if f".{name}." in key] + list(result.unexpected_keys)
            if astray:
                raise ValueError(f"made for another model: {astray[:3]}")  # noqa: TRY301 - cleaned up as the others are
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
            self._forget_half_loaded(name)
            raise bad_adapter(f"{type(error).__name__}: {error}") from error
        for key, weight in self._model.named_parameters():
            if f".{name}." in key:  # in the base's own precision: mixed ones convert every activation twice
                weight.data = weight.data.to(self._model.dtype)
        self._names[name] = folder
        self._switch(before)
        return name

    def use(self, name: str | None) -> None:
        """Activate an adapter, or none."""
        if name != self._active:
            if name is not None and name not in self._names:
                raise KeyError(name)
            self._switch(name)

    def remove(self, name: str) -> None:
        """Take an adapter out of memory."""
        del self._names[name]
        if self._active == name:
            self._active = None
        if self._names:
            after = self._active
            self._switch(next(iter(self._names)))  # PEFT cannot delete the active adapter
            self._peft.delete_adapter(name)
            self._switch(after)
        else:  # the last one: the base gets its plain layers back
            self._peft.unload()
            self._peft = None

    def _switch(self, name: str | None) -> None:
        if self._peft is not None:
            if name is None:
                self._peft.base_model.disable_adapter_layers()
            else:
                self._peft.base_model.enable_adapter_layers()
                self._peft.set_adapter(name, inference_mode=True)
        self._active = name

    def _forget_half_loaded(self, name: str) -> None:
        if self._peft is None:
            return
        if not self._names:
            self._peft.unload()
            self._peft = None
        elif name in self._peft.peft_config:
            self._peft.delete_adapter(name)
            self._switch(self._active)
