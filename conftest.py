"""Collection rules of pytest: no test modules in the recipes' programs, doctests where some stand, long files first."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from _pytest.doctest import DoctestModule

import poetas.serving  # noqa: F401  # before nbformat, which would compile grammars for 2.5 s in each test process

pytest_plugins = ["tests.skips", "tests.namespaces", "tests.shared_forks"]
collect_ignore_glob = ["poetas/recipes/snippets/*", "poetas/export/snippets/*", "benchmarks/*"]

_SLOW = ("browser", "embedded", "slow")
_USUAL = 300  # seconds that a test may take if it does not say more
_NEW_OBJECTS = 20_000  # between two searches for garbage: with Python's 700 they take 4 % of the processor time

gc.disable()  # what is imported and collected stays, so that looking through it for garbage finds none


def pytest_collection_finish() -> None:
    """Take what is there by now out of every later search for garbage: it is most of the process.

    Garbage among it stays as well: to look for it first takes each process 1.5 s.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path) -> object:
    """Look for doctests only in files that hold some: the finder reads every function of a module, in each process."""
    collectors = yield
    if ">>>" in file_path.read_text("utf-8", errors="replace"):
        return collectors
    return [collector for collector in collectors if not isinstance(collector, DoctestModule)]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first, those that may take longest before all, so that two workers end together."""
    patience = dict.fromkeys((item.path for item in items), 0)
    for item in items:
        if any(item.get_closest_marker(name) for name in _SLOW):
            timeout = item.get_closest_marker("timeout")
            patience[item.path] = max(patience[item.path], _USUAL, timeout.args[0] if timeout else 0)
    items.sort(key=lambda item: -patience[item.path])


_ONLINE = os.environ.get("HF_HUB_OFFLINE")


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown() -> None:
    """Fail the test that closed the network of this process, and not those after it that need one."""
    if os.environ.get("HF_HUB_OFFLINE") != _ONLINE:
        os.environ.pop("HF_HUB_OFFLINE")
        pytest.fail("the test closed the network of the tests' own process: run it in a process of its own")
