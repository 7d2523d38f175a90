"""Notice of the project's training for the page's header: under way, over, or over since the page was closed."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from traitlets import Dict, HasTraits

from poetas.data.storage.dataset_summary import started_with
from poetas.i18n import _, duration, duration_count, ngettext, number
from poetas.jobs import Job, JobState, Step
from poetas.jobs.time_left import TimeLeft
from widgets.core.page_context import PageContext

KIND = "train"
UNSEEN = "unseen_training"  # key of the project's state: the job whose end app 3 has not shown yet
_APP, _STEP = "entrenar", "3_entrenar.ipynb#entrena"


class TrainingNotice(HasTraits):
    """Follows the training that runs, at the poller's pace; `look` finds it. A page has one: `PageContext.shared`.

    value: {} where there is nothing to show, else "text", "href" of the step, and "over".
    """

    value = Dict()

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._job: Job | None = None
        self._offset = 0
        self._step: Step | None = None
        self._left = TimeLeft()

    def look(self) -> None:
        """Follow the project's training if one runs; else show the end of the last one, unless it was shown."""
        if self._job is not None:
            return
        jobs = self._context.project.jobs
        running = next((job for job in Job.all(jobs) if job.kind == KIND and not job.state.over), None)
        unseen = self._context.state().get(UNSEEN)
        if running is not None:
            self._job, self._offset, self._step, self._left = running, 0, None, TimeLeft()
            if unseen != running.id:
                self._context.save(**{UNSEEN: running.id})
            if self._context.poller.inline:  # nothing is drawn there between clicks
                self._poll()
                self._job = None
            else:
                self._context.poller.watch(self._poll).patient = True
        elif isinstance(unseen, str) and unseen:
            self._tell_end(next((job for job in Job.all(jobs) if job.id == unseen), None))

    def _poll(self) -> bool:
        job = self._job
        if job is None or job.dir.parent != self._context.project.jobs.resolve():
            self._job, self.value = None, {}  # another project was opened
            return False
        state = job.state
        events, self._offset = job.events(self._offset)
        left = self._left.waited(time.time())
        if fresh := [event for event in events if isinstance(event, Step)]:
            self._step = fresh[-1]
            left = self._left.reported(self._step.seconds_left, self._step.time)
        self._show(_sentence(job, state, self._step, left), over=state.over)
        if state.over:
            self._job = None
            self._seen()
        return not state.over

    def _tell_end(self, job: Job | None) -> None:
        if job is not None:
            self._show(f"{_('Mientras no estabas:')} {_sentence(job, job.state, None)}", over=True)
        self._seen()

    def _seen(self) -> None:
        """Show an end once: in app 3, whose step shows the result; the other apps point there until then."""
        if self._context.app == _APP and self._context.state().get(UNSEEN):
            self._context.save(**{UNSEEN: ""})

    def _show(self, text: str, *, over: bool) -> None:
        href = f"#{_STEP.split('#')[1]}" if self._context.app == _APP else _STEP
        self.value = {"text": text, "href": href, "over": over}


def _sentence(job: Job, state: JobState, step: Step | None, left: float = 0.0) -> str:
    dataset = started_with(job.config)
    values: dict[str, Any] = {
        "name": dataset.name if dataset is not None else Path(str(job.config.get("dataset", ""))).name
    }
    if state is JobState.FINISHED:
        words = _("«{name}» terminó de entrenarse.")
    elif state is JobState.STOPPED and job.unsaved():
        words = _("El entrenamiento de «{name}» se detuvo antes de guardar algo.")
    elif state is JobState.STOPPED:
        words = _("El entrenamiento de «{name}» está detenido: lo que aprendió quedó guardado.")
    elif state.over:
        words = _("El entrenamiento de «{name}» se interrumpió.")
    elif state is JobState.STOPPING:
        words = _("Está deteniendo el entrenamiento de «{name}».")
    elif step is None:
        words = _("Está entrenando «{name}».")
    else:
        values |= {"step": number(step.step), "total": number(step.total), "time": duration(left)}
        words = _("Está entrenando «{name}»: corrección {step} de {total}.")
        if left > 0:
            words = ngettext(
                "Está entrenando «{name}»: corrección {step} de {total}, queda {time}.",
                "Está entrenando «{name}»: corrección {step} de {total}, quedan {time}.",
                duration_count(left),
            )
    return words.format(**values)
