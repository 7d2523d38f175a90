"""Job card: a job's events in, drawn as status, progress bar and time left, with buttons to stop and resume."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from traitlets import UseEnum

from poetas.errors import Explanation
from poetas.i18n import _
from poetas.jobs import Event, Failed, Job, JobState, Keeps, Progress, Saved, Started, Step
from poetas.jobs.time_left import TimeLeft
from widgets.controls.job_controls import JobControls
from widgets.controls.job_progress import progress_message, state_message
from widgets.core.elements import look, show
from widgets.core.error_card import ErrorCard
from widgets.core.error_reporting import explain_error
from widgets.core.html import tag, text
from widgets.core.poller import Poller, PollTask

Follower = Callable[[list[Event]], None]
_TIMED = (Started, Progress, Step)  # events that set the time left; with others it goes on counting down
LOOK = 20.0  # seconds of one look where the kernel has no event loop; a click on Stop waits that long at most


class JobCard(JobControls):
    """Follows one job, from the start or after a reload, and lets the learner stop and resume it.

    value: the job's state (`poetas.jobs.JobState`), None while there is no job.
    """

    value = UseEnum(JobState, default_value=None, allow_none=True)

    def __init__(self, poller: Poller) -> None:
        super().__init__(**look("poetas", "poetas-job", shown=False))
        self.poller = poller
        self.job: Job | None = None
        self.alert = ErrorCard()
        self._poll_task: PollTask | None = None
        self._offset, self._over_drawn = 0, False
        self._events: Follower | None = None
        self._over: Callable[[JobState], None] | None = None
        self._rate, self._steps, self._saved, self._total = TimeLeft(), False, 0, 0
        self._actions: Mapping[str, Callable[[], None]] = {}

    def follow(
        self,
        job: Job,
        *,
        events: Follower | None = None,
        over: Callable[[JobState], None] | None = None,
        actions: Mapping[str, Callable[[], None]] | None = None,
        blocking_reason: Callable[[], Explanation | None] = lambda: None,
    ) -> None:
        """Draw a job from its first event on.

        Where the kernel has no event loop (Colab) it is drawn once, and `look` goes on for a while: building a
        component never blocks a cell.

        events: called with the events that are new since the last call. over: called once, with the last state.
        actions: what the button of a failure's card does, by action; resuming is known already.
        blocking_reason: returns why the job cannot be resumed now, None where it can.
        """
        if self._poll_task is not None:
            self._poll_task.cancel()
        self.job = job
        self._actions = {"resume": self.resume, "retry": self.resume, **(actions or {})}
        self._events, self._over, self._blocking_reason = events, over, blocking_reason
        self._over_drawn = False
        self._rate, self._steps, self._saved, self._total = TimeLeft(), False, 0, 0
        self.build()
        self.stop_button.description = _("Detener") if job.keeps is Keeps.NOTHING else _("Detener y guardar")
        self.bar.value, self.message.value = 0.0, ""
        self.alert.clear()
        show(self, True)
        self._offset = 0
        if self.poller.inline:
            self._look_once()
        else:
            self._poll_task = self.poller.watch(self._poll, failed=self._show_poll_error)

    def look(self) -> None:
        """Without an event loop: draw what happens for `LOOK` seconds, or until the cell is interrupted.

        Neither stops the job. A click on Stop waits until then: the kernel handles one event at a time.
        """
        if self.poller.inline and self.job is not None and not self._over_drawn:
            self._poll_task = self.poller.watch(self._poll, failed=self._show_poll_error, longest=LOOK)
            self._offer_look()

    def _look_once(self) -> None:
        try:
            self._poll()
        except Exception as error:  # noqa: BLE001  (shown as a card)
            self._show_poll_error(error)
        self._offer_look()

    def _offer_look(self) -> None:
        offered = self.poller.inline and self.job is not None and not self._over_drawn
        show(self.look_button, offered)

    def _poll(self) -> bool:
        """Draw what is new; return whether there is more to come."""
        job = self.job
        if job is None or self._over_drawn:
            return False
        state = job.state  # before the events: what happens after it is read with the next poll
        fresh, self._offset = job.events(self._offset)
        self._over_drawn = state.over
        if fresh:
            self._draw(fresh, over=state.over)
            if self._events is not None:
                self._events(fresh)
        if state is JobState.RUNNING and not any(isinstance(event, _TIMED) for event in fresh):
            self._say_left(self._rate.waited(time.time()))
        if self._over_drawn and not state.over:  # drawn to its end by a look that the callback began
            return False
        self.value = state
        self._draw_state(state)
        if state.over and self._over is not None:
            self._over(state)
        return not state.over

    def leave(self) -> None:
        """Stop following and hide; the job goes on."""
        if self._poll_task is not None:
            self._poll_task.cancel()
        self.job, self._poll_task, self.value = None, None, None
        if self.children:
            self._offer_look()
            self.bar.value, self.message.value, self.left.value = 0.0, "", ""
        self.alert.clear()
        show(self, False)

    def stop(self) -> None:
        """Ask the job to stop; it saves first what its kind keeps."""
        if self.job is None:
            return
        try:
            self.job.stop()
        except OSError as error:  # the request is a file
            self.alert.show(explain_error(error), {"retry": self.stop})
        self._hurry()
        self._draw_state(self.job.state)
        self.look()

    def resume(self) -> None:
        """Resume the job from what it kept."""
        if self.job is None:
            return
        try:
            problem = self._blocking_reason()
            if problem is None:
                self.job.resume()
        except Exception as error:  # noqa: BLE001  (shown as a card)
            problem = explain_error(error)
        if problem is not None:
            self.alert.show(problem, self._actions)
            return
        self._follow_again(self.job)
        self.look()

    def _follow_again(self, job: Job) -> None:
        actions, reason = self._actions, self._blocking_reason
        self.follow(job, events=self._events, over=self._over, actions=actions, blocking_reason=reason)

    def _show_poll_error(self, error: BaseException) -> None:
        """Show why the job could not be followed; it goes on, and the card's button follows it again."""
        job = self.job
        if job is not None:
            show(self, True)  # an ``over`` callback may have hidden it already
            self.alert.show(explain_error(error), {**self._actions, "retry": lambda: self._follow_again(job)})

    def _draw(self, fresh: list[Event], *, over: bool) -> None:
        """Draw new events. over: whether the job has ended; while it runs, an earlier failure no longer counts."""
        failure: Explanation | None = None
        for event in fresh:
            if isinstance(event, Started):
                failure, self.message.value = None, ""
                self._rate = TimeLeft()  # the old one measured an earlier process
                self._advance(self._saved, self._total)
                self._say_left(0)
            elif isinstance(event, Saved):
                self._saved = event.step
            elif isinstance(event, Progress):
                if event.note:
                    self.message.value = tag("p", text(event.note), role="status")
                self._advance(event.done, event.total)
                if event.total > 0 and not self._steps:
                    self._say_left(self._rate.left(event.done, event.total, event.time))
            elif isinstance(event, Step):
                self._steps, self._total = True, event.total  # steps carry the time left
                self._advance(event.step, event.total)
                self._say_left(self._rate.reported(event.seconds_left, event.time))
                self._be_patient(ends=event.step >= event.total)
            elif isinstance(event, Failed):
                failure = Explanation(event.code, event.what, event.why, event.remedy, event.action, event.detail)
        if failure is not None and over:
            self._fail(failure)

    def _be_patient(self, *, ends: bool) -> None:
        """Poll a training seldom, because each poll takes processor time from it; after its last step poll often."""
        if self._poll_task is not None and self._poll_task.patient is ends:
            self._poll_task.patient = not ends
            self._hurry()

    def _hurry(self) -> None:
        if self._poll_task is not None:
            self.poller.hurry(self._poll_task)

    def _advance(self, done: float, total: float) -> None:
        if total > 0:
            self.bar.value = min(1.0, done / total)

    def _say_left(self, seconds: float) -> None:
        self.left.value = tag("p", text(progress_message(self.bar.value, seconds, slower=self._rate.slower)))

    def _draw_state(self, state: JobState) -> None:
        keeps = Keeps.PARTS if self.job is None else self.job.keeps
        running = state in (JobState.WAITING, JobState.RUNNING)
        show(self.stop_button, running)
        ending = state in (JobState.STOPPING, JobState.STOPPED, JobState.LOST)
        unsaved = ending and self.job is not None and self.job.unsaved()
        resumable = state is JobState.STOPPED or (state is JobState.LOST and not unsaved)
        show(self.resume_button, resumable)
        self.resume_button.description = _("Empezar de nuevo") if unsaved else _("Seguir desde donde quedó")
        if not running or not self.message.value:
            words = state_message(state, keeps, unsaved=unsaved, begun=self._steps)
            self.message.value = tag("p", text(words), role="status")
        if not running:  # a job that stops has no time left, and does not go on by itself
            self.left.value = ""
        if state is JobState.FINISHED:
            self.bar.value = 1.0
        if state in (JobState.FAILED, JobState.LOST) and self.job is not None and self.alert.problem is None:
            failure = self.job.failure()
            if failure is not None:
                self._fail(failure)

    def _fail(self, failure: Explanation) -> None:
        self.alert.show(failure, self._actions)
        if failure.action in self._actions:  # the card's own button resumes
            show(self.resume_button, False)
