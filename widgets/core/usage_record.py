"""Usage of a page, as the answers file reports it: events of components in, seconds a step and error cards met out.

What is counted waits in memory for the next change that is saved: counting alone writes no file.
"""

from __future__ import annotations

import time

from poetas.course.course_record import Part, course_entries, course_path
from poetas.util.files import is_figure
from widgets.core.page_context import PageContext

LONGEST_GAP = 180.0  # seconds: after longer without an event, the learner was somewhere else
APART = 5.0  # seconds between two readings of the project's state: keys and sliders give many events


class UsageRecord:
    """The page's one record; see `PageContext.shared`."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._last: float | None = None
        self._step = ""
        self._counted: dict[tuple[str, str], float] = {}  # by app and step, since the last reading
        self._read = -APART

    def event(self, step: str) -> None:
        """Count the time since the last event for the step; "" stands for the one of the last event."""
        now = time.monotonic()
        gap = now - self._last if self._last is not None else None
        self._last, self._step = now, step or self._step
        if gap is not None and gap <= LONGEST_GAP and self._step and self._context.app:
            key = (self._context.app, self._step)
            self._counted[key] = self._counted.get(key, 0.0) + gap
        if self._counted and now - self._read >= APART:
            self._read = now
            self._add()

    def _add(self) -> None:
        state, counted = self._context.state(), self._counted
        self._counted = {}
        for (app, step), seconds in counted.items():
            kept = course_entries(state, Part.TIMES, app).get(step)
            before = kept if is_figure(kept) and kept > 0 else 0.0
            self._context.save_later({course_path(Part.TIMES, app, step): round(before + seconds, 1)})

    def error(self, code: str) -> None:
        """Count an error card that was shown."""
        count = course_entries(self._context.state(), Part.ERRORS).get(code)
        count = count if isinstance(count, int) and not isinstance(count, bool) and count > 0 else 0
        self._context.save_later({course_path(Part.ERRORS, code): count + 1})
