"""Tell pytest what is no module (the recipes are programs to show and to run), and what to begin with."""

from __future__ import annotations

import pytest

collect_ignore_glob = ["poetas/recipes/snippets/*", "benchmarks/*"]

_SLOW = ("browser", "embedded", "slow")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take long first, so that two workers which share the files end at about the same time."""
    slow = {item.path for item in items if any(item.get_closest_marker(name) for name in _SLOW)}
    items.sort(key=lambda item: item.path not in slow)
