"""Time left of a job: from its speed or as the job reports it, counted down in between, never up in silence."""

from __future__ import annotations

import time

WINDOW = 60.0  # seconds of work whose speed counts
WITHIN, SLACK = 1.1, 1.0  # a report at most this many times, and seconds, above the count goes on with the count


class TimeLeft:
    """Seconds left of a job. slower: whether the last report had more of them than were counted down to."""

    def __init__(self) -> None:
        self.slower = False
        self._seen: list[tuple[float, float]] = []
        self._left, self._when = 0.0, 0.0  # seconds, and when that was reported

    def left(self, done: float, total: float, when: float) -> float:
        """Return the seconds left once ``done`` of ``total`` was reached at ``when`` (0: now); 0 while unknown.

        From the speed of the last minute, so that a slow start is forgotten.
        """
        if self._seen and done < self._seen[-1][1]:  # another part of the work, with a bar of its own
            self._seen.clear()
            self._left = 0.0
        self._seen.append((when or time.time(), done))
        while len(self._seen) > 2 and self._seen[-1][0] - self._seen[0][0] > WINDOW:  # noqa: PLR2004
            self._seen.pop(0)
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        known = now > before and last > first
        return self.reported((total - done) * (last - first) / (now - before) if known else 0.0, last)

    def reported(self, seconds: float, when: float) -> float:
        """Take what the job reports at ``when`` (0: now), and return what is left: the count, where that is near it.

        >>> rate = TimeLeft(); rate.reported(60, 100.0), rate.reported(53, 110.0), rate.slower
        (60, 50.0, False)
        >>> rate.reported(90, 120.0), rate.slower
        (90, True)
        """
        when = when or time.time()
        count = self.waited(when)
        if 0 < count < seconds <= count * WITHIN + SLACK:
            seconds = count
        self.slower = bool(self._left) and seconds > max(count, 0.0)
        self._left, self._when = seconds, when
        return seconds

    def waited(self, now: float) -> float:
        """Return the seconds left when nothing more was reached until ``now``; below 0 where it should be over.

        >>> rate = TimeLeft(); rate.left(1, 4, 100.0), rate.left(2, 4, 110.0), rate.waited(125.0), rate.waited(131.0)
        (0.0, 20.0, 5.0, -1.0)
        """
        if not self._left:
            return 0.0
        left = self._left - (now - self._when)
        return left if left >= 1 else -1.0
