"""Collection rules of pytest: the recipes' programs are no test modules, and long files run first."""

from __future__ import annotations

import pytest

import poetas.serving  # noqa: F401  # before nbformat, which would compile grammars for 2.5 s in each test process

pytest_plugins = ["tests.skips", "tests.namespaces"]
collect_ignore_glob = ["poetas/recipes/snippets/*", "poetas/export/snippets/*", "benchmarks/*"]

_SLOW = ("browser", "embedded", "slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first, so that two workers end at about the same time."""
    slow = {item.path for item in items if any(item.get_closest_marker(name) for name in _SLOW)}
    items.sort(key=lambda item: item.path not in slow)
