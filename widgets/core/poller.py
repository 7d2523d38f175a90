"""Poller: the only writer of widgets outside callbacks; polls jobs and services and sets traits, every 0.25 s.

A component never touches a widget from a thread or from a task of its own: it hands the poller something to poll.
On Jupyter and Voilà the poller is a task on the kernel's event loop, which ends when nothing is left to poll.
In Colab, where updates from tasks do not show, it runs inside the click's handler until the polled work ends,
and interrupting the cell asks that work to stop.
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
LONGEST, SHARE = 4.0, 0.1  # patient tasks: longest time between two polls in seconds, and that time as a share of age
log = logging.getLogger(__name__)
AnswerT = TypeVar("AnswerT")


@dataclass(eq=False)
class PollTask:
    """A task that is polled until its ``poll`` returns False.

    poll: reads its source, sets traits, and returns True while there is more to come.
    interrupt: asks the source to stop (used when a Colab cell is interrupted).
    failed: called with what ``poll`` raised, which ends the task: the component shows an error card.
    patient: poll less often the longer the task lasts, because each poll and redraw takes processor time from a
    training, and after a minute a delay of four seconds is acceptable. Inline it changes nothing.
    """

    poll: Callable[[], bool]
    interrupt: Callable[[], object] | None = None
    failed: Callable[[BaseException], None] | None = None
    patient: bool = False
    due: float = field(default=0.0)
    cancelled: bool = field(default=False)
    began: float = field(default_factory=time.monotonic)

    def cancel(self) -> None:
        """Stop polling; the polled work goes on."""
        self.cancelled = True

    def pause(self, period: float) -> float:
        """Return the seconds until the next poll, for a poller of that period.

        >>> task = PollTask(lambda: True, patient=True)
        >>> task.began -= 10; round(task.pause(0.25), 2)
        1.0
        >>> task.began -= 600; task.pause(0.25)
        4.0
        """
        age = time.monotonic() - self.began
        return max(period, min(LONGEST, SHARE * age)) if self.patient else period


class Poller:
    """Polls tasks; the only place that writes to widgets outside their own callbacks.

    >>> poller, seen = Poller(inline=True), []
    >>> _ = poller.watch(lambda: seen.append(1) or len(seen) < 3)
    >>> len(seen)
    3
    """

    def __init__(self, *, inline: bool | None = None, period: float = PERIOD) -> None:
        self.inline = place() is Place.COLAB if inline is None else inline
        self.period = period
        self._tasks: list[PollTask] = []
        self._loop_task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake: asyncio.Event | None = None

    @property
    def tasks(self) -> tuple[PollTask, ...]:
        """The tasks that are polled now."""
        return tuple(self._tasks)

    def watch(
        self,
        poll: Callable[[], bool],
        *,
        interrupt: Callable[[], object] | None = None,
        failed: Callable[[BaseException], None] | None = None,
        longest: float | None = None,
    ) -> PollTask:
        """Poll until ``poll`` returns False; inline, this returns only then. For the rest see `PollTask`.

        longest: seconds after which an inline poller gives up, so that the kernel can handle the clicks that wait; it
        polls once at least.
        """
        task = PollTask(poll, interrupt, failed)
        self._tasks.append(task)
        if self.inline:
            self._run_inline(task, longest)
        else:
            self._ensure_task()
        return task

    def settle(
        self,
        answer: Future[AnswerT],
        done: Callable[[AnswerT], object],
        failed: Callable[[BaseException], None],
    ) -> PollTask:
        """Call ``done`` with the future's result or ``failed`` with its error; if outdated, see `LatestRequest`."""

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
        """Ask for a sweep soon, from any thread, so that a short answer does not wait for the next poll."""
        loop, event = self._loop, self._wake
        if loop is not None and event is not None and not loop.is_closed():
            loop.call_soon_threadsafe(event.set)

    def hurry(self, task: PollTask) -> None:
        """Poll at once and then often again: the learner waits for the result of a click."""
        task.began, task.due = time.monotonic(), 0.0
        self.wake()

    def drain(self, timeout: float = 60.0) -> None:
        """Run an event loop until no task is left; for scripts and tests, where none runs.

        Raises TimeoutError after ``timeout`` seconds.
        """

        async def finish() -> None:
            while self._tasks:
                self._ensure_task()
                if self._loop_task is not None:
                    await self._loop_task

        if self._tasks:
            asyncio.run(asyncio.wait_for(finish(), timeout))

    def _sweep(self) -> None:
        now = time.monotonic()
        for task in list(self._tasks):
            if task.cancelled:
                self._drop(task)
            elif task.due <= now:
                self._poll(task)

    def _poll(self, task: PollTask) -> None:
        try:
            more = task.poll()
        except Exception as problem:  # a component that cannot draw must not stop the others
            log.exception("a poll task failed and was dropped")
            more = False
            self._report(task, problem)
        task.due = time.monotonic() + task.pause(self.period)
        if not more or task.cancelled:
            self._drop(task)

    def _report(self, task: PollTask, problem: BaseException) -> None:
        try:
            if task.failed is not None and not task.cancelled:
                task.failed(problem)
        except Exception:  # the error handler failed too: log and go on
            log.exception("the failure of a poll task could not be shown")

    def _drop(self, task: PollTask) -> None:
        if task in self._tasks:
            self._tasks.remove(task)

    def _ensure_task(self) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a plain script: it calls drain()
            return
        if self._loop_task is not None and not self._loop_task.done() and self._loop is loop:
            self.wake()
            return
        self._loop, self._wake = loop, asyncio.Event()
        self._loop_task = loop.create_task(self._run(self._wake))  # kept: a task without a reference may be collected

    async def _run(self, wake: asyncio.Event) -> None:
        while self._tasks:
            self._sweep()
            if not self._tasks:
                return
            wake.clear()
            try:
                await asyncio.wait_for(wake.wait(), timeout=self._until_due())
            except TimeoutError:
                continue
            # Woken early: an answer has arrived. Poll everything once, waiting a moment for answers that come together.
            for task in self._tasks:
                task.due = 0.0
            await asyncio.sleep(0.02)

    def _until_due(self) -> float:
        return max(0.0, min(task.due for task in self._tasks) - time.monotonic())

    def _run_inline(self, task: PollTask, longest: float | None) -> None:
        end = None if longest is None else time.monotonic() + longest
        while task in self._tasks:
            try:
                self._poll(task)
                if end is not None and time.monotonic() >= end:
                    self._drop(task)
                if task in self._tasks:
                    time.sleep(self.period)
            except KeyboardInterrupt:
                if task.interrupt is None:
                    self._drop(task)
                    return
                task.interrupt()
