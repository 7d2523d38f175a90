"""Collection rules of pytest: no test modules in the recipes' programs, doctests where some stand, long files first."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule

import poetas.serving  # noqa: F401  # before nbformat, which would compile grammars for 2.5 s in each test process

pytest_plugins = ["tests.skips", "tests.namespaces"]
collect_ignore_glob = ["poetas/recipes/snippets/*", "poetas/export/snippets/*", "benchmarks/*"]

_SLOW = ("browser", "embedded", "slow")

gc.disable()  # what is imported and collected stays, so that looking through it for garbage finds none


def pytest_collection_finish() -> None:
    """Take what is there by now out of every later search for garbage: it is most of the process."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> object:
    """Look for doctests only in files that hold some: the finder reads every function of a module, in each process."""
    collectors = yield
    if ">>>" in file_path.read_text("utf-8", errors="replace"):
        return collectors
    return [collector for collector in collectors if not isinstance(collector, DoctestModule)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first, so that two workers end at about the same time."""
    slow = {item.path for item in items if any(item.get_closest_marker(name) for name in _SLOW)}
    items.sort(key=lambda item: item.path not in slow)
