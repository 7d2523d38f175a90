"""The job card: what a long piece of work does now, a bar, the time left, Stop, and that the page may be closed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from ipywidgets import Button, FloatProgress, HBox
from traitlets import UseEnum

from poetas.errors import Explanation
from poetas.i18n import _, duration, percent
from poetas.jobs import Event, Failed, Job, JobState, Progress, Saved, Started, Step
from widgets.core.error_card import ErrorCard
from widgets.core.error_reporting import explain_error
from widgets.core.html import html, tag, text
from widgets.core.poller import Poller, PollTask
from widgets.core.theme import Themed

Follower = Callable[[list[Event]], None]


def _words(state: JobState, *, unsaved: bool) -> str:
    lost = _("Se interrumpió. Lo que alcanzó a guardar sigue ahí.")
    return {
        JobState.WAITING: _("Empezando…"),
        JobState.RUNNING: _("Trabajando…"),
        JobState.STOPPING: _("Deteniendo: guardo lo hecho…"),
        JobState.STOPPED: _("Detenido. Lo hecho está guardado."),
        JobState.FINISHED: _("Listo."),
        JobState.FAILED: _("No pudo terminar."),
        JobState.LOST: _("Se interrumpió, y todavía no había guardado nada.") if unsaved else lost,
    }[state]


class JobCard(Themed):
    """Follows one job, from the start or after a reload, and lets the learner stop and resume it.

    value: the job's state (`poetas.jobs.JobState`), None while there is no job.
    """

    value = UseEnum(JobState, default_value=None, allow_none=True)

    def __init__(self, poller: Poller) -> None:
        super().__init__()
        self.add_class("poetas")
        self.add_class("poetas-job")
        self.poller = poller
        self.job: Job | None = None
        self.words = html("", "poetas-job-words")
        self.bar = FloatProgress(value=0.0, min=0.0, max=1.0)
        self.left = html("", "soft")
        self.stop_button = Button(description=_("Detener y guardar"))
        self.resume_button = Button(description=_("Seguir desde donde quedó"), button_style="primary")
        self.alert = ErrorCard()
        self.stop_button.on_click(lambda _button: self.stop())
        self.resume_button.on_click(lambda _button: self.resume())
        row = HBox((self.stop_button, self.resume_button, self.left))
        row.add_class("row")
        self.children = (self.words, self.bar, row, self.alert)
        self.layout.display = "none"
        self._watch: PollTask | None = None
        self._rate, self._steps, self._saved, self._total = _Rate(), False, 0, 0
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

        events: called with the events that are new since the last call. over: called once, with the last state.
        actions: what the button of a failure's card does, by action; resuming is known already.
        blocking_reason: returns why the job cannot be resumed now, None where it can.
        """
        if self._watch is not None:
            self._watch.cancel()
        self.job = job
        self._actions = {"resume": self.resume, "retry": self.resume, **(actions or {})}
        self._events, self._over, self._blocking_reason = events, over, blocking_reason
        self._rate, self._steps, self._saved, self._total = _Rate(), False, 0, 0
        self.bar.value, self.words.value = 0.0, ""
        self.alert.clear()
        self.layout.display = ""
        offset = 0

        def poll() -> bool:
            nonlocal offset
            # The state first: whatever happens after it is read again on the next beat.
            state = job.state
            fresh, offset = job.events(offset)
            if fresh:
                self._draw(fresh, over=state.over)
                if self._events is not None:
                    self._events(fresh)
            self.value = state
            self._draw_state(state)
            if state.over and over is not None:
                over(state)
            return not state.over

        self._watch = self.poller.watch(poll, interrupt=job.stop, failed=self._lost_sight)

    def leave(self) -> None:
        """Stop following and go out of the way; the job goes on."""
        if self._watch is not None:
            self._watch.cancel()
        self.job, self._watch, self.value = None, None, None
        self.bar.value, self.words.value, self.left.value = 0.0, "", ""
        self.alert.clear()
        self.layout.display = "none"

    def stop(self) -> None:
        """Ask the job to stop; it saves first."""
        if self.job is None:
            return
        try:
            self.job.stop()
        except OSError as error:  # the request is a file
            self.alert.show(explain_error(error), {"retry": self.stop})
        self._hurry()
        self._draw_state(self.job.state)

    def resume(self) -> None:
        """Go on from the last checkpoint."""
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
        self._again(self.job)

    def _again(self, job: Job) -> None:
        self.follow(
            job,
            events=self._events,
            over=self._over,
            actions=self._actions,
            blocking_reason=self._blocking_reason,
        )

    def _lost_sight(self, error: BaseException) -> None:
        """What follows the job failed; the job goes on, and can be followed anew."""
        job = self.job
        if job is not None:
            self.layout.display = ""  # whoever follows may have put it away already
            self.alert.show(explain_error(error), {**self._actions, "retry": lambda: self._again(job)})

    def _draw(self, fresh: list[Event], *, over: bool) -> None:
        """Take in new events. over: whether the work has ended; while it goes on, an old failure is none any more."""
        failure: Explanation | None = None
        for event in fresh:
            if isinstance(event, Started):
                failure, self.words.value = None, ""
                self._rate = _Rate()  # of an earlier process, which went on from elsewhere
                self._advance(self._saved, self._total)
                self._say_left(0)
            elif isinstance(event, Saved):
                self._saved = event.step
            elif isinstance(event, Progress):
                if event.note:
                    self.words.value = tag("p", text(event.note), role="status")
                self._advance(event.done, event.total)
                if event.total > 0 and not self._steps:
                    self._say_left(self._rate.left(event.done, event.total, event.time))
            elif isinstance(event, Step):
                self._steps, self._total = True, event.total  # who tells steps tells the time left as well
                self._advance(event.step, event.total)
                self._say_left(event.seconds_left)
                self._be_patient(ends=event.step >= event.total)
            elif isinstance(event, Failed):
                failure = Explanation(event.code, event.what, event.why, event.remedy, event.action, event.detail)
        if failure is not None and over:
            self._fail(failure)

    def _be_patient(self, *, ends: bool) -> None:
        """Look seldom at what learns, whose processors each look takes; not at the wait for its end."""
        if self._watch is not None and self._watch.patient is ends:
            self._watch.patient = not ends
            self._hurry()

    def _hurry(self) -> None:
        if self._watch is not None:
            self.poller.hurry(self._watch)

    def _advance(self, done: float, total: float) -> None:
        if total > 0:
            self.bar.value = min(1.0, done / total)

    def _say_left(self, seconds: float) -> None:
        if self.bar.value >= 1:
            words = _("{share}. Podés cerrar la página: sigue solo.")
        elif seconds > 0:
            words = _("{share} · faltan {time}. Podés cerrar la página: sigue solo.")
        else:
            words = _("{share} · calculo cuánto falta. Podés cerrar la página: sigue solo.")
        told = words.format(share=percent(self.bar.value), time=duration(seconds))
        self.left.value = tag("p", text(told))

    def _draw_state(self, state: JobState) -> None:
        running = state in (JobState.WAITING, JobState.RUNNING)
        self.stop_button.layout.display = "" if running else "none"
        unsaved = state is JobState.LOST and self.job is not None and self.job.unsaved()
        resumable = state in (JobState.STOPPED, JobState.LOST) and not unsaved
        self.resume_button.layout.display = "" if resumable else "none"
        if not running or not self.words.value:
            self.words.value = tag("p", text(_words(state, unsaved=unsaved)), role="status")
        if not running:  # of what is stopping nothing is left to wait for, and it does not go on by itself
            self.left.value = ""
        if state is JobState.FINISHED:
            self.bar.value = 1.0
        if state in (JobState.FAILED, JobState.LOST) and self.job is not None and self.alert.problem is None:
            failure = self.job.failure()
            if failure is not None:
                self._fail(failure)

    def _fail(self, failure: Explanation) -> None:
        self.alert.show(failure, self._actions)
        if failure.action in self._actions:  # one button that helps, not two
            self.resume_button.layout.display = "none"


class _Rate:
    """Time left, from the speed of the last minute rather than from the start: a slow beginning should not lie."""

    def __init__(self) -> None:
        self._seen: list[tuple[float, float]] = []

    def left(self, done: float, total: float, when: float) -> float:
        self._seen.append((when or time.time(), done))
        while len(self._seen) > 2 and self._seen[-1][0] - self._seen[0][0] > 60:  # noqa: PLR2004
            self._seen.pop(0)
        (first, before), (last, now) = self._seen[0], self._seen[-1]
        return (total - done) * (last - first) / (now - before) if now > before and last > first else 0.0
