"""Estimate of a run's minutes and memory, from a dry run of a few real steps on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from ipywidgets import Button, VBox

from poetas import environment
from poetas.errors import Explanation, PoetasError
from poetas.i18n import _, duration, number, size
from poetas.jobs import Job, JobState
from poetas.models.model_store import ready_models
from poetas.training.config import TrainingConfig
from poetas.training.estimate import Estimate, Measurement, estimate
from poetas.training.fallback_configs import FallbackConfig, fallback_configs, halved
from widgets.controls.job_card import JobCard
from widgets.controls.previews import figures
from widgets.core.elements import column_of, html, look, make_button, row_of, show
from widgets.core.error_card import ErrorCard
from widgets.core.event_guards import on_click
from widgets.core.html import gloss, tag, text
from widgets.core.latest_request import LatestRequest
from widgets.core.page_context import PageContext
from widgets.train.baseline_bet import TEXTS
from widgets.train.dataset_records import dataset_in_use, job_config
from widgets.train.free_memory import with_free_memory
from widgets.train.training_runs import DRY_RUN, TrainingRuns


class RunEstimate(VBox):
    """A button for a dry run, then figures that follow the knobs; what does not fit comes with what would.

    take: called with the configuration of the clicked offer. measured: called where the measurement changed.
    """

    def __init__(
        self,
        context: PageContext,
        take: Callable[[TrainingConfig], None],
        measured: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(**look("stack", "poetas-run-estimate"))
        self.context, self._take, self._measured = context, take, measured
        self._config = TrainingConfig()
        self._measurement: Measurement | None = None
        self._job: Job | None = None
        self._freeing = LatestRequest()  # pending while memory is being freed
        self._offers: list[FallbackConfig] = []
        self.message = html("")
        self.button = make_button("")
        on_click(self.button, self._start, busy=lambda: self._freeing.pending)
        self.card = JobCard(context.poller)
        self.card.observe(lambda _change: self.draw(self._config), "value")
        self.alert = ErrorCard()
        self.summary = html("")
        self.offer_buttons = column_of(())
        row = row_of((self.button,))
        self.children = (self.message, self.summary, self.offer_buttons, row, self.card, self.alert)
        self.draw(self._config)

    def attach(self) -> None:
        """Find the dry run of the dataset and the model in use, running or done: it only reads."""
        job = next(self._ours(), None)
        if job is not None and self._job is not None and job.dir == self._job.dir:
            return
        self._measurement, self._job = None, None
        self._measured()
        self.card.leave()
        self.alert.clear()
        if job is not None:
            self._follow(job)

    def draw(self, config: TrainingConfig) -> None:
        """Show what these hyperparameters cost, as far as known."""
        self._config = config
        cost = self._estimate()
        state = self._job.state if self._job is not None and self._measurement is None else JobState.FINISHED
        running = not state.over
        show(self.button, not (running or self._freeing.pending))
        self.button.description = _("Medirlo otra vez") if cost else _("Medir cuánto tarda acá")
        if cost:
            self.button.add_class("link")
        else:
            self.button.remove_class("link")
        self.message.value = tag("h3", text(_("¿Cuánto va a tardar?"))) + (
            "" if cost else _ask(stopped=state is JobState.STOPPED)
        )
        self.summary.value = self._figures(cost) if cost else ""
        self._offers = [] if cost is None or cost.fits or self._measurement is None else self._fitting()
        self.offer_buttons.children = tuple(self._offer_button(offer) for offer in self._offers)
        show(self.offer_buttons, self._offers)

    def cost(self, config: TrainingConfig) -> Estimate | None:
        """Return what a training with a configuration costs here, None where no dry run measured it."""
        return None if self._measurement is None else estimate(self._measurement, config, free=self._free())

    def memory(self) -> int:
        """Bytes that a training will take: as the dry run measured, else as the catalogue has it."""
        cost = self._estimate()
        if cost is not None:
            return cost.memory
        models = ready_models(self.context.workspace)
        return next((entry.memory_train for entry in models if entry.id == self.context.model), 0)

    def offer(self) -> TrainingConfig | None:
        """Return the configuration nearest to the present one that fits, None where it fits already or is not known."""
        return replace(self._config, **self._offers[0].changes) if self._offers else None

    # -- the dry run

    def _ours(self) -> Iterator[Job]:
        """The dry runs of the dataset and the model in use, newest first."""
        ours = TrainingRuns(self.context).ours
        return (job for job in Job.all(self.context.project.jobs) if job.kind == DRY_RUN and ours(job))

    def _start(self) -> None:
        """Make room and start a dry run; one that runs already is shown: two at once measure each other."""
        self.alert.clear()
        running = next((job for job in self._ours() if not job.state.over), None)
        if running is not None:
            if self._job is None or self._job.dir != running.dir:
                self._show(running)
            return
        if problem := self._blocking_reason():
            self._failed(problem)
            return
        request = self._freeing.begin()
        show(self.button, False)
        with_free_memory(self.context, self.memory(), request.only(self._launch), request.only(self._failed))

    def _failed(self, problem: Explanation) -> None:
        self._freeing.cancel()
        self.alert.show(problem, {"retry": self._start})
        self.draw(self._config)

    def _launch(self) -> None:
        if problem := self._blocking_reason():  # a training started while memory was freed
            self._failed(problem)
            return
        config = {**job_config(self.context), "training": self._config.to_dict(), "samples": TEXTS}
        try:
            job = Job.start(DRY_RUN, config, parent=self.context.project.jobs)
        except (PoetasError, OSError) as error:
            self._failed(self.context.explain_error(error))
            return
        self._show(job)

    def _show(self, job: Job) -> None:
        self._freeing.cancel()
        self._measurement = None
        self._follow(job)
        self.draw(self._config)
        self.card.look()

    def _follow(self, job: Job) -> None:
        self._job = job

        def over(state: JobState) -> None:
            if state is JobState.FINISHED:
                self._measurement = _read_measurement(job.result() or {}, self._config)
                show(self.card, False)
                self._measured()
            elif state is JobState.STOPPED:  # nothing of it is kept; the button starts another
                self.card.leave()
            self.draw(self._config)

        self.card.follow(job, over=over, actions={"smaller": self._smaller}, blocking_reason=self._blocking_reason)

    def _blocking_reason(self) -> Explanation | None:
        return _training_running() if TrainingRuns(self.context).running() else None

    def _smaller(self) -> None:
        """Take less memory and start again, after a dry run that did not fit."""
        self._take(halved(self._config))
        self._start()

    # -- figures

    def _free(self) -> int:
        """Bytes free for a training, at least those of the dry run: the generation service gives its memory back."""
        now = environment.machine(self.context.workspace.root).memory_free
        return max(now, self._measurement.free) if self._measurement is not None else now

    def _estimate(self) -> Estimate | None:
        return self.cost(self._config)

    def _fitting(self) -> list[FallbackConfig]:
        return [] if self._measurement is None else fallback_configs(self._measurement, self._config, free=self._free())

    def _figures(self, cost: Estimate) -> str:
        values = {
            _("va a tardar, más o menos"): about(cost.seconds),
            _("de memoria"): size(cost.memory),
            _("libres ahora"): size(cost.free),
            _("correcciones"): number(cost.steps),
        }
        work = dataset_in_use(self.context)
        drawn = figures(values)
        if not cost.fits:
            words = _("Con estas perillas no entra: pide {need} y hay {free} libres.")
            sentence = text(words.format(need=size(cost.memory), free=size(cost.free)))
            return drawn + tag("p", sentence, class_="notice care", role="status")
        if work is None:
            return drawn
        words = _("Medido en esta máquina, con estos textos. Mové una perilla y la cuenta cambia.")
        return drawn + tag("p", text(words), class_="soft")

    def _offer_button(self, offer: FallbackConfig) -> Button:
        button = make_button(offer.text)
        on_click(button, lambda: self._take(replace(self._config, **offer.changes)))
        return button


def _read_measurement(result: Mapping[str, Any], config: TrainingConfig) -> Measurement | None:
    """What a dry run found; None where no estimate comes of it (it is of another version), and it is done again."""
    try:
        measurement = Measurement.from_dict(result["measurement"])
        cost = estimate(measurement, config)
        return measurement if isfinite(cost.seconds + cost.free) else None
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return None


def _training_running() -> Explanation:
    return Explanation(
        "busy",
        _("Hay un entrenamiento en marcha."),
        _("La prueba mide cuánto tarda esta máquina, y ahora la compartirían los dos: mediría de más."),
        _("Esperá a que el entrenamiento termine, o detenelo en su paso, y medí después."),
    )


def _ask(*, stopped: bool) -> str:
    words = _("Depende de la máquina. Se mide con un ratito de estudio de prueba, que no queda guardado: un {ensayo}.")
    if stopped:
        words += " " + _("La última prueba se detuvo antes de terminar: podés hacer otra.")
    return tag("p", text(words).format(ensayo=gloss("ensayo")), class_="soft")


def about(seconds: float) -> str:
    """Format an estimated time, rounded to its precision.

    >>> about(7), about(48), about(412)
    ('10 s', '50 s', '7 min')
    """
    if seconds < 90:  # noqa: PLR2004 - up to a minute and a half, tens of seconds
        return duration(max(10, round(seconds / 10) * 10))
    return duration(round(seconds / 60) * 60)
