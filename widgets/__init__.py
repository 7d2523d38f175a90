"""The components of the apps: each one a widget that works in any notebook.

    from widgets import App, StepCard, TokenizerView

    tijera = StepCard("tokens", TokenizerView)

The names stand in ``__init__.pyi``. What is in `widgets.core` is imported with its name; a component is imported when
it is first used (see `widgets.core.lazy_component`), so that a page opens as fast with many steps as with one.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from widgets.core.lazy_component import LazyComponent, exports

_MODULES = exports(Path(__file__).with_suffix(".pyi"))
__all__ = sorted(_MODULES)  # noqa: PLE0605  (the stub is the list)


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = _MODULES[name]
    value = getattr(import_module(module), name) if module.startswith("widgets.core.") else LazyComponent(module, name)
    globals()[name] = value
    return value
