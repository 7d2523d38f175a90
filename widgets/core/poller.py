"""The one writer of widgets: reads what other processes say and sets traits, at most four times a second.

A component never touches a widget from a thread or from a task of its own: it hands the poller something to poll.
On Jupyter and Voilà the poller is a task on the kernel's event loop, alive only while there is something to watch.
In Colab, where updates from tasks do not show, it runs inside the click's handler until the watched thing ends,
and interrupting the cell asks that thing to stop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TypeVar

from poetas.environment import Place, place

PERIOD = 0.25  # seconds; four updates a second is what a browser drawing charts can take
LONGEST, SHARE = 4.0, 0.1  # of a patient watch: the longest time between two looks, and that time as a part of its age
log = logging.getLogger(__name__)
AnswerT = TypeVar("AnswerT")


@dataclass(eq=False)
class PollTask:
    """Something that is polled until it says it is over.

    poll: reads its source, sets traits, and returns True while there is more to come.
    interrupt: asks the source to stop (used when a Colab cell is interrupted).
    failed: is told what ``poll`` raised, after which nothing is polled any more: the component shows a card.
    patient: look less often the longer it lasts. A training has all processors, and each look and each redrawing takes
    a little of them from it; who has waited for a minute does not mind four seconds. Inline it changes nothing.
    """

    poll: Callable[[], bool]
    interrupt: Callable[[], object] | None = None
    failed: Callable[[BaseException], None] | None = None
    patient: bool = False
    due: float = field(default=0.0)
    cancelled: bool = field(default=False)
    began: float = field(default_factory=time.monotonic)

    def cancel(self) -> None:
        """Stop watching; what is watched goes on."""
        self.cancelled = True

    def pause(self, period: float) -> float:
        """Return the seconds until the next look, for a poller of that period.

        >>> watch = PollTask(lambda: True, patient=True)
        >>> watch.began -= 10; round(watch.pause(0.25), 2)
        1.0
        >>> watch.began -= 600; watch.pause(0.25)
        4.0
        """
        age = time.monotonic() - self.began
        return max(period, min(LONGEST, SHARE * age)) if self.patient else period


class Poller:
    """Polls watches and is the only one that writes to widgets outside their own callbacks.

    >>> poller, seen = Poller(inline=True), []
    >>> _ = poller.watch(lambda: seen.append(1) or len(seen) < 3)
    >>> len(seen)
    3
    """

    def __init__(self, *, inline: bool | None = None, period: float = PERIOD) -> None:
        self.inline = place() is Place.COLAB if inline is None else inline
        self.period = period
        self._watches: list[PollTask] = []
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None

    @property
    def tasks(self) -> tuple[PollTask, ...]:
        """What is polled now."""
        return tuple(self._watches)

    def watch(
        self,
        poll: Callable[[], bool],
        *,
        interrupt: Callable[[], object] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        longest: float | None = None,
    ) -> PollTask:
        """Poll until ``poll`` returns False; inline, this returns only then. For the rest see `PollTask`.

        longest: seconds after which an inline poller gives up, so that the kernel can handle the clicks that wait.
        """
        watch = PollTask(poll, interrupt, failed)
        self._watches.append(watch)
        if self.inline:
            self._run_inline(watch, longest)
        else:
            self._ensure_task()
        return watch

    def settle(
        self,
        answer: Future[AnswerT],
        done: Callable[[AnswerT], object],
        failed: Callable[[BaseException], None],
    ) -> PollTask:
        """Apply the result of a future once it is there; the newest question of a component is its own business."""

        def poll() -> bool:
            if not answer.done():
                return True
            if answer.cancelled():
                return False
            error = answer.exception()
            if error is not None:
                failed(error)
            else:
                done(answer.result())
            return False

        answer.add_done_callback(lambda _: self.wake())
        return self.watch(poll, interrupt=answer.cancel, failed=failed)

    def wake(self) -> None:
        """Ask for a sweep soon, from any thread: a short answer should not wait for the next beat."""
        loop, event = self._loop, self._wake
        if loop is not None and event is not None and not loop.is_closed():
            loop.call_soon_threadsafe(event.set)

    def hurry(self, watch: PollTask) -> None:
        """Look at once and then often again: something was asked for, and somebody waits to see it."""
        watch.began, watch.due = time.monotonic(), 0.0
        self.wake()

    def drain(self, timeout: float = 60.0) -> None:
        """Run until nothing is watched any more; for scripts and tests, where no event loop runs.

        Raises TimeoutError after ``timeout`` seconds.
        """
        end = time.monotonic() + timeout
        while self._watches:
            self._sweep(force=True)
            if time.monotonic() > end:
                raise TimeoutError(f"{len(self._watches)} watches are still open after {timeout} s")
            time.sleep(0.02)

    def _sweep(self, *, force: bool = False) -> None:
        now = time.monotonic()
        for watch in list(self._watches):
            if watch.cancelled:
                self._drop(watch)
            elif force or watch.due <= now:
                self._poll(watch)

    def _poll(self, watch: PollTask) -> None:
        try:
            more = watch.poll()
        except Exception as problem:  # a component that cannot draw must not silence all the others
            log.exception("a watch failed and was dropped")
            more = False
            self._tell(watch, problem)
        watch.due = time.monotonic() + watch.pause(self.period)
        if not more or watch.cancelled:
            self._drop(watch)

    def _tell(self, watch: PollTask, problem: BaseException) -> None:
        try:
            if watch.failed is not None and not watch.cancelled:
                watch.failed(problem)
        except Exception:  # whoever cannot even show a card is left alone
            log.exception("a failed watch could not be shown")

    def _drop(self, watch: PollTask) -> None:
        if watch in self._watches:
            self._watches.remove(watch)

    def _ensure_task(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script: it calls drain()
            return
        if self._task is not None and not self._task.done() and self._loop is loop:
            self.wake()
            return
        self._loop, self._wake = loop, asyncio.Event()
        self._task = loop.create_task(self._run(self._wake))  # kept: a task without a reference may be collected

    async def _run(self, wake: asyncio.Event) -> None:
        while self._watches:
            self._sweep()
            if not self._watches:
                return
            wake.clear()
            try:
                await asyncio.wait_for(wake.wait(), timeout=self._until_due())
            except TimeoutError:
                continue
            # Woken early: somebody has an answer. Poll everything once, but not more often than 20 times a second.
            for watch in self._watches:
                watch.due = 0.0
            await asyncio.sleep(0.02)

    def _until_due(self) -> float:
        return max(0.0, min(watch.due for watch in self._watches) - time.monotonic())

    def _run_inline(self, watch: PollTask, longest: float | None) -> None:
        end = None if longest is None else time.monotonic() + longest
        while watch in self._watches:
            if end is not None and time.monotonic() > end:
                self._drop(watch)
                return
            try:
                self._poll(watch)
                if watch in self._watches:
                    time.sleep(self.period)
            except KeyboardInterrupt:
                if watch.interrupt is None:
                    self._drop(watch)
                    return
                watch.interrupt()
