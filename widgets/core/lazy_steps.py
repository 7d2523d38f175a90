"""Queue of step cards that are built only after the page has shown its first control, so that it shows sooner."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget

from poetas.environment import in_voila
from widgets.core.elements import look
from widgets.core.poller import Poller

TIMEOUT = 10.0  # seconds: a cell may build the first control without displaying it, and then no page reports it


class FirstControlSignal(anywidget.AnyWidget):
    """An invisible widget that sends one message when a page displays it."""

    _esm = Path(__file__).with_name("lazy_steps.js")

    def __init__(self, displayed: Callable[[], None]) -> None:
        super().__init__(**look("poetas-seen"))
        self.on_msg(lambda _widget, _content, _buffers: displayed())


class LazySteps:
    """Builds a page's steps at once up to the first with a control, the others one a poll after the page shows it.

    Outside Voilà every step is built at once: there each cell displays what it built when it is run.
    """

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._waiting: deque[Callable[[], Any]] = deque()
        self._signalled = False
        self._begun = False
        self._deadline = 0.0

    def defer(self, build: Callable[[], Any]) -> bool:
        """Queue ``build``, which must not raise, and return True; False if it should be called now.

        It is called now until `signal` was called, and again once the queue is being built.
        """
        if not in_voila() or not self._signalled or self._begun:
            return False
        self._waiting.append(build)
        return True

    def signal(self) -> FirstControlSignal | None:
        """Return the widget that the first step with a control displays beside it; None for all others."""
        if not in_voila() or self._signalled:
            return None
        self._signalled, self._deadline = True, time.monotonic() + TIMEOUT
        self._poller.watch(self._overdue)
        return FirstControlSignal(self.begin)

    def begin(self) -> None:
        """Build what waits, one at each poll, so that clicks are handled in between."""
        if not self._signalled or self._begun:
            return
        self._begun = True
        if self._waiting:
            self._poller.watch(self._next)

    def _overdue(self) -> bool:
        if not self._begun and time.monotonic() >= self._deadline:
            self.begin()
        return not self._begun

    def _next(self) -> bool:
        if self._waiting:
            self._waiting.popleft()()
        if self._waiting:
            self._poller.wake()
        return bool(self._waiting)
