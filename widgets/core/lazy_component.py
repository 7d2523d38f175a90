"""Lazy proxies of component classes: the module is imported when the class is first used."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any


class LazyComponent:
    """Stands for the class ``name`` of ``module``; calling it, or any attribute of it, imports the module.

    Works where a class is called, subclassed or asked about with isinstance; `load` returns the class itself.

    >>> picker = LazyComponent("widgets.prepare.file_picker.file_picker", "FilePicker")
    >>> picker.load().__name__
    'FilePicker'
    """

    __slots__ = ("_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    def load(self) -> Any:
        """Import the module and return the class."""
        return getattr(import_module(self._module), self._name)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        """Import the module and make an instance."""
        return self.load()(*arguments, **keywords)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.load(), name)

    def __instancecheck__(self, instance: object) -> bool:
        return isinstance(instance, self.load())

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (self.load(),)

    def __repr__(self) -> str:
        return f"<{self._module}.{self._name}, imported when used>"


def exports(stub: Path) -> dict[str, str]:
    """Read a stub file's ``from module import Name as Name`` lines as {name: module}; it is the only list of them."""
    return {
        alias.name: statement.module
        for statement in ast.parse(stub.read_text("utf-8")).body
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
    }
