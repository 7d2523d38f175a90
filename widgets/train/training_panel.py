"""«Entrená»: starts the training, follows it live, stops it, resumes it, and finds it again after a reload."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from ipywidgets import Button, HBox, Widget
from traitlets import Unicode

from poetas.errors import Explanation, PoetasError
from poetas.i18n import _
from poetas.jobs import Event, Job, JobState, Notice
from poetas.models.cache import model_folder
from poetas.recipes.values import training_values
from poetas.training.config import TrainingConfig
from widgets.controls.job_card import JobCard
from widgets.controls.model_values import model_values
from widgets.core.component import Component, State
from widgets.core.html import html, tag, text
from widgets.core.page_context import PageContext
from widgets.train.baseline_samples import attempts_before
from widgets.train.dataset_records import adapter_in_use, dataset_config, dataset_in_use
from widgets.train.free_memory import with_free_memory
from widgets.train.hyperparameters import Hyperparameters
from widgets.train.loss_chart.loss_chart import LossChart
from widgets.train.sample_history import FilmStrip
from widgets.train.training_messages import another_in_use, before, learnt
from widgets.train.training_runs import StopOthers, TrainingRuns

SAMPLES = 3  # the texts of «antes», written again as it learns


class TrainingPanel(Component):
    """One training at a time: the running one, else the last one, else the one to come.

    value: folder of the training whose adapter is in use, "" while there is none. job: the one that is shown.
    """

    needs: ClassVar[tuple[str, ...]] = ("dataset", "model")
    recipe: ClassVar[str] = "entrena"
    value = Unicode()

    def __init__(self, knobs: Hyperparameters | None = None, *, context: PageContext | None = None) -> None:
        self.knobs = knobs
        self.job: Job | None = None
        self._notices: list[str] = []
        context = context or (knobs.context if knobs is not None else None) or PageContext.current()
        self.trainings = TrainingRuns(context)
        self._way = StopOthers(self.trainings, context.poller, self.refresh)
        super().__init__(context)
        self.context.observe(lambda _change: self._attach(), ["dataset", "model", "project"])
        if knobs is not None:
            knobs.observe(lambda _change: self.refresh(), "value")
        self._attach()

    def build(self) -> Sequence[Widget]:
        """Make the button, the job card, the chart and the film."""
        self.words = html("")
        self.start = Button(description=_("Entrenar"), button_style="primary")
        self.on_click(self.start, self._start)
        self.card = JobCard(self.context.poller)
        self.card.observe(lambda change: self._moves(change.new), "value")
        self.chart = LossChart(below=self.card)
        self.film = FilmStrip()
        self.notices = html("")
        self.told = html("")
        self.keep = Button(description=_("Usar lo que aprendió hasta acá"))
        self.keep.on_click(lambda _button: self._use())
        row = HBox((self.start, self.keep))
        row.add_class("row")
        return (self.words, self.chart, self.told, self.notices, row, self.film)

    def refresh(self) -> None:
        """Show the button where nothing runs, and what the last training came to."""
        waiting, busy = self.state is State.WAITING, self.state is State.BUSY
        known = self.job is not None
        self.start.layout.display = "none" if waiting or busy else ""
        self.start.description = _("Entrenar otra vez, con estas perillas") if known else _("Entrenar")
        self.start.button_style = "" if known else "primary"
        self.words.value = self._way.words or ("" if waiting or known else before())
        self.told.value = self._after()
        job = self.job
        partly = job is not None and job.state.over and not self.done and (job.dir / "adapter").is_dir()
        self.keep.layout.display = "" if partly and not busy else "none"

    def values(self) -> Mapping[str, object]:
        """Return what the recipe is filled with."""
        config, work = self._config(), dataset_in_use(self.context)
        told = {**training_values(config), **model_values(self.context, work.folder if work else None)}
        return {**told, **({"DATASET": str(work.folder)} if work else {})}

    def _config(self) -> TrainingConfig:
        return self.knobs.value if self.knobs is not None else TrainingConfig()

    # -- which training is shown

    def _attach(self) -> None:
        """Show the training of this dataset and this model that runs, or the last one: it only reads."""
        job = self.trainings.latest()
        if job is not None and self.job is not None and job.dir == self.job.dir:
            return
        self._forget()
        if job is not None:
            self._follow(job)
            return
        if self.context.training and adapter_in_use(self.context) is None:
            self.context.training = ""  # it is of other texts, or of another model
        self.state = State.READY if dataset_in_use(self.context) is not None and self.context.model else State.WAITING
        self.refresh()
        if problem := self.trainings.blocking_reason():  # it would look as if nothing ran
            self._failed(problem)

    def _forget(self) -> None:
        self.job, self._notices = None, []
        self.clear_error()
        self._way.drop()
        self.value, self.done = "", False
        self.chart.clear()
        self.film.clear()
        self.notices.value = ""
        self.card.leave()

    # -- starting

    def _start(self) -> None:
        """Make room where memory is tight, then start the job; one that another tab started is shown instead."""
        self.state = State.BUSY
        self.run_guarded(self._make_room)

    def _make_room(self) -> None:
        running = self.trainings.running()
        if not running and self.trainings.dry_runs():  # their memory is wanted, too
            self._stop_others(self._start)
        elif not self._occupied(running):
            needed = self.knobs.memory() if self.knobs is not None else 0
            with_free_memory(self.context, needed, self._launch, self._failed)

    def _occupied(self, running: list[Job]) -> bool:
        """Deal with what runs already: ours is joined; of another one a card says how to go on."""
        ours = next(filter(self.trainings.ours, running), None)
        if ours is not None:
            self._forget()
            words = _("Este entrenamiento ya estaba en marcha: lo empezaste en otra pestaña, con las perillas de allá.")
            self._note([words])
            self._follow(ours)
            self.card.look()
        elif running:
            self._failed(self.trainings.in_the_way(running))
        return bool(running)

    def _instead(self, then: Callable[[], None]) -> None:
        """Stop what runs, which saves it, and then do something, unless other texts or another model are chosen."""
        self.card.alert.clear()
        self.run_guarded(lambda: self._stop_others(then))

    def _stop_others(self, then: Callable[[], None]) -> None:
        def rest() -> None:
            self.state = State.READY if self.job is None else State.DONE
            self.refresh()

        def go_on() -> None:
            rest()  # what comes now says for itself that it is at work
            then()

        self.state = State.BUSY
        self._way.begin(go_on, lambda error: self._failed(self.context.explain_error(error)), rest)

    def _launch(self) -> None:
        knobs = self._config().to_dict()
        model = str(model_folder(self.context.workspace, self.context.model))
        config = {"model": model, **dataset_config(self.context), "training": knobs, "samples": SAMPLES}
        try:
            job, running = self.trainings.start(config)
        except (PoetasError, OSError) as error:
            self._failed(self.context.explain_error(error))
            return
        if job is None:  # begun elsewhere, while room was made here
            self._occupied(running)
            return
        if self.knobs is not None:
            self.knobs.done = True
        self._forget()
        self._follow(job)
        self.card.look()

    def _failed(self, problem: Explanation) -> None:
        self._way.drop()
        self.fail(problem, {"retry": self._start, "stop-other": lambda: self._instead(self._start), **self._ways_out()})

    def _ways_out(self) -> dict[str, Any]:
        """What the button of a failure's card does."""
        if self.knobs is None:
            return {}
        return {
            "smaller": lambda: self._again_with(self.knobs.smaller),
            "lower-learning-rate": lambda: self._again_with(self.knobs.slower),
            "reset": lambda: self._again_with(self.knobs.reset),
        }

    def _again_with(self, change: Any) -> None:
        change()
        self._start()

    # -- following

    def _follow(self, job: Job) -> None:
        self.job = job
        self.film.begin(attempts_before(self.context))
        self.state = State.DONE if job.state.over else State.BUSY
        actions = {"stop-other": lambda: self._instead(self.card.resume), **self._ways_out()}
        blocked = partial(self.trainings.blocking_reason, job)
        self.card.follow(job, events=self._heard, over=self._over, actions=actions, blocking_reason=blocked)

    def _moves(self, state: JobState | None) -> None:
        if state is not None and not state.over:
            self.state = State.BUSY  # also where it was resumed
            with suppress(OSError):  # on a full disk it cannot be asked: it measures too much, and nothing is lost
                for dry_run in self.trainings.dry_runs():
                    dry_run.stop()

    def _heard(self, events: list[Event]) -> None:
        self.chart.add(events)
        self.film.add(events)
        self._note([event.text for event in events if isinstance(event, Notice)])

    def _note(self, fresh: Sequence[str]) -> None:
        if fresh:
            self._notices += [words for words in fresh if words not in self._notices]
            self.notices.value = "".join(tag("p", text(words), class_="notice") for words in self._notices)

    def _over(self, state: JobState) -> None:
        job = self.job
        self.chart.rest()
        if job is not None and state is JobState.FINISHED and (job.dir / "adapter").is_dir():
            self.card.layout.display = "none"  # all is said below
            self._use()
        elif job is not None and self.context.training == str(job.dir):
            self.value, self.done = self.context.training, True  # stopped, and good enough for the learner
        self.state = State.DONE
        self.refresh()

    def _use(self) -> None:
        """Make this training's adapter the one that the next steps work with."""
        if self.job is not None:
            self.value = str(self.job.dir)
            self.context.training = self.value
            self.done = True
            self.refresh()

    def _after(self) -> str:
        """What to say below the chart once nothing runs."""
        if self.job is None or self.state is State.BUSY:
            return ""
        if self.done:
            return learnt((self.job.result() or {}) if self.job.state is JobState.FINISHED else None)
        elsewhere = adapter_in_use(self.context) is not None and self.context.training != str(self.job.dir)
        return another_in_use() if elsewhere else ""
