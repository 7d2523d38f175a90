"""Usage of a page, as the answers file reports it: events of components in, seconds a step and error cards met out.

What is counted waits in memory for the next change that is saved: counting alone writes no file.
"""

from __future__ import annotations

import time

from poetas.course.course_record import Part, course_path
from widgets.core.page_context import PageContext

LONGEST_GAP = 180.0  # seconds: after longer without an event, the learner was somewhere else


class UsageRecord:
    """The page's one record; see `PageContext.shared`."""

    def __init__(self, context: PageContext) -> None:
        self._context = context
        self._last: float | None = None
        self._step = ""

    def event(self, step: str) -> None:
        """Count the time since the last event for the step; "" stands for the one of the last event."""
        now = time.monotonic()
        gap = now - self._last if self._last is not None else None
        self._last, self._step = now, step or self._step
        if gap is not None and gap <= LONGEST_GAP and self._step and self._context.app:
            self._context.count_later(course_path(Part.TIMES, self._context.app, self._step), gap)

    def error(self, code: str) -> None:
        """Count an error card that was shown."""
        self._context.count_later(course_path(Part.ERRORS, code), 1)
