"""Training panel («Entrená»): starts a training, follows it live, stops and resumes it, and restores it on reload."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from ipywidgets import Widget
from traitlets import Unicode

from poetas.errors import Explanation, PoetasError
from poetas.i18n import _
from poetas.jobs import Job, JobState
from poetas.recipes.values import training_values
from poetas.training.config import TrainingConfig
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.elements import html, make_button, row_of, show
from widgets.core.page_context import PageContext
from widgets.core.training_notice import TrainingNotice
from widgets.train.baseline_bet import TEXTS
from widgets.train.baseline_rows import baseline_texts
from widgets.train.dataset_records import adapter_in_use, dataset_in_use, job_config, training_result
from widgets.train.free_memory import with_free_memory
from widgets.train.hyperparameters import Hyperparameters
from widgets.train.learnt_spans.learnt_spans import LearntSpans
from widgets.train.runs.run_choice import RunChoice
from widgets.train.runs.run_comparison import RunComparison
from widgets.train.training_messages import before, learnt_seen, result_message
from widgets.train.training_runs import StopOthers, TrainingRuns, frees
from widgets.train.training_view import TrainingView
from widgets.train.training_with_other_model import TrainingWithOtherModel


class TrainingPanel(Component):
    """Shows one training: the running one, else the last one, else none yet.

    value: folder of the training whose adapter is in use, "" while there is none. job: the one that is shown.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "model")
    recipe: ClassVar[str] = "entrena"
    value = Unicode()

    def __init__(self, hyperparameters: Hyperparameters | None = None, *, context: PageContext | None = None) -> None:
        self.hyperparameters = hyperparameters
        self.job: Job | None = None
        context = context or (hyperparameters.context if hyperparameters is not None else None) or PageContext.current()
        self.trainings = TrainingRuns(context)
        self._stop_wait = StopOthers(self.trainings, context.poller, self.refresh)
        super().__init__(context)
        self.context.observe(lambda _change: self._attach(), ["dataset", "model", "project"])
        if hyperparameters is not None:
            hyperparameters.observe(lambda _change: self.refresh(), "value")
            self.on_click(hyperparameters.train, self._start)
        notice = self.context.shared(TrainingNotice, TrainingNotice)
        notice.observe(lambda change: self._attach() if frees(change.new, self.alert.problem) else None, "value")
        self._attach()

    def build(self) -> Sequence[Widget]:
        """Make the buttons, the messages and the view of a training."""
        self.message, self.result, self.other_model = html(""), html(""), TrainingWithOtherModel(self.context)
        self.spans = LearntSpans(self.hyperparameters, lambda: self.job, context=self.context)
        self.start = make_button(_("Entrenar"), kind="primary")
        self.on_click(self.start, self._start)
        self.view = TrainingView(self.context, None if self.hyperparameters is None else self._slower)
        self.card, self.chart = self.view.card, self.view.chart
        self.film, self.notices = self.view.film, self.view.notices
        self.card.observe(lambda change: self._job_moved(change.new), "value")
        self.use_button = make_button(_("Usar lo que aprendió hasta acá"))
        self.on_click(self.use_button, self._use)
        self.runs = RunComparison(self.context, self.trainings, self._run_chosen)
        curve = (self.other_model, self.message, self.view.bet.prompt, self.film, self.chart, self.result, self.notices)
        return (*curve, row_of((self.start, self.use_button)), self.spans, self.runs)

    def refresh(self) -> None:
        """Show the button where nothing runs, and the result of the last training."""
        waiting, busy, known = self.state is State.WAITING, self.state is State.BUSY, self.job is not None
        show(self.start, not (waiting or busy))
        self.start.description = _("Entrenar otra vez, con estas perillas") if known else _("Entrenar")
        self.start.button_style = "" if known else "primary"
        show(self.spans, not waiting)
        self.view.bet.show(asked=not waiting)
        self.other_model.draw(None if waiting or known else self.trainings.with_other_model())
        first = "" if waiting or known else before(live=not self.context.poller.inline)
        self.message.value = self._stop_wait.message or first
        if self.hyperparameters is not None:
            running = busy and known and not self._stop_wait.waiting
            self.hyperparameters.show_training(self.start.description, offered=not (waiting or busy), busy=running)
        other = self.job is not None and self.context.training != str(self.job.dir)
        elsewhere = other and (self.done or adapter_in_use(self.context) is not None)
        self.result.value = "" if busy else result_message(self.job, done=self.done, elsewhere=elsewhere)
        job = self.job
        partly = job is not None and job.state.over and not self.done and (job.dir / "adapter").is_dir()
        show(self.use_button, partly and not busy)

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        config, work = self._config(), dataset_in_use(self.context)
        dataset = {"DATASET": str(work.folder)} if work else {}
        knobs = training_values(config, parted=work is not None and work.parted)
        return {**knobs, **model_values(self.context, work.folder if work else None), **dataset}

    def seen(self) -> str:
        """Return what the training in use came to."""
        return learnt_seen(training_result(self.context))

    def _config(self) -> TrainingConfig:
        return self.hyperparameters.value if self.hyperparameters is not None else TrainingConfig()

    # -- which training is shown

    def _attach(self) -> None:
        """Show the running or else the last training of this dataset and model, without changing anything."""
        job = self.trainings.latest()
        if job is not None and self.job is not None and job.dir == self.job.dir:
            return
        self._detach()
        self.runs.draw()
        if job is not None:
            self._follow(job)
            return
        if self.context.training and adapter_in_use(self.context) is None:
            self.context.training = ""  # of a dataset or a model that is no longer in use
        self.state = State.READY if dataset_in_use(self.context) is not None and self.context.model else State.WAITING
        self.refresh()
        if problem := self.trainings.blocking_reason():  # otherwise nothing would seem to run
            self._failed(problem)

    def _detach(self) -> None:
        self.job = None
        self.clear_error()
        self._stop_wait.drop()
        self.value, self.done, self.result.value = "", False, ""
        self.view.clear()

    # -- starting

    def _start(self) -> None:
        """Free memory where it is short, then start the job; one that another tab started is shown instead."""
        self.state = State.BUSY
        self.run_guarded(self._free_memory)

    def _free_memory(self) -> None:
        running = self.trainings.running()
        if not running and self.trainings.dry_runs():  # they take memory, too
            self._stop_others(self._start)
        elif not self._occupied(running):
            needed = self.hyperparameters.memory() if self.hyperparameters is not None else 0
            with_free_memory(self.context, needed, self._launch, self._failed)

    def _occupied(self, running: list[Job]) -> bool:
        """Handle trainings that run already: follow one of this dataset and model; for another, show an error card."""
        ours = next(filter(self.trainings.ours, running), None)
        if ours is not None:
            self._detach()
            words = _("Este entrenamiento ya estaba en marcha: lo empezaste en otra pestaña, con las perillas de allá.")
            self.view.note([words])
            self._follow(ours)
            self.card.look()
        elif running:
            self._failed(self.trainings.already_running(running))
        return bool(running)

    def _stop_others_guarded(self, then: Callable[[], None]) -> None:
        """Stop other trainings, which save, then call ``then``, unless the dataset or model changes meanwhile."""
        self.card.alert.clear()
        self.run_guarded(lambda: self._stop_others(then))

    def _stop_others(self, then: Callable[[], None]) -> None:
        def idle() -> None:
            self.state = State.READY if self.job is None else State.DONE
            self.refresh()

        def stopped() -> None:
            idle()  # ``then`` sets its own state
            then()

        self.state = State.BUSY
        self._stop_wait.begin(stopped, lambda error: self._failed(self.context.explain_error(error)), idle)

    def _launch(self) -> None:
        config = {**job_config(self.context), "training": self._config().to_dict(), "samples": TEXTS}
        try:
            job, running = self.trainings.start(config)
        except (PoetasError, OSError) as error:
            self._failed(self.context.explain_error(error))
            return
        if job is None:  # another tab started one while memory was freed
            self._occupied(running)
            return
        if self.hyperparameters is not None:
            self.hyperparameters.commit()
        self._detach()
        self._follow(job)
        self.card.look()

    def _failed(self, problem: Explanation) -> None:
        self._stop_wait.drop()
        stop_other = {"stop-other": lambda: self._stop_others_guarded(self._start)}
        self.fail(problem, {"retry": self._start, **stop_other, **self._error_actions()})

    def _error_actions(self) -> dict[str, Any]:
        """Return what the buttons of error cards do, by action."""
        knobs = self.hyperparameters
        changes = {"smaller": knobs.smaller, "lower-learning-rate": knobs.slower, "reset": knobs.reset} if knobs else {}
        return {action: partial(self._restart_with, change) for action, change in changes.items()}

    def _slower(self) -> None:
        """Start again with a smaller learning rate; what runs is stopped first, and saves."""
        if self.hyperparameters is not None:
            self._stop_others_guarded(partial(self._restart_with, self.hyperparameters.slower))

    def _restart_with(self, change: Any) -> None:
        change()
        self._start()

    # -- following

    def _follow(self, job: Job) -> None:
        self.job = job
        self.state = State.DONE if job.state.over else State.BUSY
        self.refresh()  # busy since the click, before there was a job
        actions = {"stop-other": lambda: self._stop_others_guarded(self.card.resume), **self._error_actions()}
        blocked, baseline = partial(self.trainings.blocking_reason, job), baseline_texts(self.context)
        self.view.follow(job, baseline=baseline, over=self._over, actions=actions, blocking_reason=blocked)

    def _job_moved(self, state: JobState | None) -> None:
        if state is not None and not state.over:
            self.state = State.BUSY  # also where it was resumed
            self.context.shared(TrainingNotice, TrainingNotice).look()
            self.trainings.stop_dry_runs()

    def _over(self, state: JobState) -> None:
        job = self.job
        if job is not None and state is JobState.FINISHED and (job.dir / "adapter").is_dir():
            show(self.card, False)  # the result is shown below
            if RunChoice(self.context).holds(job.dir):
                self._run_chosen()
            else:
                self._use()
        elif job is not None and self.context.training == str(job.dir):
            self.value, self.done = self.context.training, True  # stopped, and the learner uses its adapter
        self.state = State.DONE
        self.refresh()
        self.runs.draw()

    def _run_chosen(self) -> None:
        """Another run than the one that is shown is the one in use."""
        self.value, self.done = self.context.training, True
        self.refresh()

    def _use(self) -> None:
        """Make this training's adapter the one in use."""
        if self.job is not None:
            self.value = str(self.job.dir)
            self.context.training = self.value
            self.done = True
            self.refresh()
