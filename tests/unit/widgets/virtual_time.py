"""An event loop whose time passes only while it waits: a coroutine in, its result out, alike at any load."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, TypeVar

from widgets.core import poller

T = TypeVar("T")
_TURN = 1e-6  # seconds that a turn of the loop takes: were it none, what is due in 1e-16 s would never be


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """Where a real loop waits for the next timer, this one sets its clock forward."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_SelectorWithoutWaiting(self))

    def time(self) -> float:
        return self.now


class _SelectorWithoutWaiting(selectors.DefaultSelector):
    def __init__(self, loop: VirtualTimeLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        if timeout is None:
            raise RuntimeError("nothing is left that could end this wait")
        self._loop.now += max(_TURN, timeout)
        return super().select(0)


def run_in_virtual_time(page: Coroutine[Any, Any, T], monkeypatch: Any) -> T:
    """Run a coroutine whose pollers read the loop's clock as well."""
    clock = SimpleNamespace(monotonic=lambda: asyncio.get_running_loop().time())
    monkeypatch.setattr(poller, "time", clock)
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(page)
