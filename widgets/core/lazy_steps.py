"""What waits until the page's first step is on the screen: its first control must not wait for the last step's."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import anywidget

from widgets.core.poller import Poller
from widgets.core.theme import in_voila

PATIENCE = 10.0  # seconds: a cell that makes the first control may never show it, and then no page says that it does


class FirstControlSignal(anywidget.AnyWidget):
    """Tells the kernel, once, that a page shows it. Nothing is to be seen."""

    _esm = Path(__file__).with_name("lazy_steps.js")

    def __init__(self, tell: Callable[[], None]) -> None:
        super().__init__()
        self.add_class("poetas-seen")
        self.on_msg(lambda _widget, _content, _buffers: tell())


class LazySteps:
    """The queue of a page: built at once up to the first control, the rest one a beat after the page shows that.

    Outside Voilà everything is built at once: there each cell shows what it made when it is run.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], Any]] = deque()
        self._poller: Poller | None = None
        self._begun = False
        self._end = 0.0

    def holds(self, build: Callable[[], Any]) -> bool:
        """Keep ``build``, which must not raise, for later and return True; False where it is time to build.

        It is until the signal was given, and again once the others have begun to come.
        """
        if not in_voila() or self._poller is None or self._begun:
            return False
        self._waiting.append(build)
        return True

    def signal(self, poller: Poller) -> FirstControlSignal | None:
        """Return what the first entry with a control shows so that the others follow; None for any other."""
        if not in_voila() or self._poller is not None:
            return None
        self._poller, self._end = poller, time.monotonic() + PATIENCE
        poller.watch(self._overdue)
        return FirstControlSignal(self.begin)

    def begin(self) -> None:
        """Build what waits, one at each beat of the poller, so that clicks are answered in between."""
        if self._poller is None or self._begun:
            return
        self._begun = True
        if self._waiting:
            self._poller.watch(self._next)

    def _overdue(self) -> bool:
        if not self._begun and time.monotonic() >= self._end:
            self.begin()
        return not self._begun

    def _next(self) -> bool:
        if self._waiting:
            self._waiting.popleft()()
        if self._waiting and self._poller is not None:
            self._poller.wake()
        return bool(self._waiting)


coming = LazySteps()
